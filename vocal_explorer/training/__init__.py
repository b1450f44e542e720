"""Train separators and encoder pairs."""
