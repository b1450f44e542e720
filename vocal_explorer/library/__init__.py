"""The library on disk: its tracks, folders, labels and choices."""
