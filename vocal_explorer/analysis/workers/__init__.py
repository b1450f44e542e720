"""Worker processes that do the jobs of a scan, so that nothing that happens to a file stops it."""
