"""Rankings of singers, tracks and matches."""
