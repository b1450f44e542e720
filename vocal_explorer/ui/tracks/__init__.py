"""The table of tracks, their covers and their singers."""
