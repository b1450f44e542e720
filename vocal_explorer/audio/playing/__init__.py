"""Play the layers of one recording over any sound card."""
