"""The 2-D maps of a library."""
