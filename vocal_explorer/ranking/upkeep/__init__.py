"""What rankings know of each row of a library, kept up while it changes."""
