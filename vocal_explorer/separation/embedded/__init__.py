"""Our own separator, which is always there."""
