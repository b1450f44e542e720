"""Who sounds like whom: singers, tracks, versions and copies."""
