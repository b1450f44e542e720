"""The window's side of the library: dropping, scans, folders, exports."""
