"""Both maps."""
