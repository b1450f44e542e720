"""What the window is about: plain objects that every widget looks at, and no widget."""
