"""Settings: separators, encoders, room for stems."""
