"""Losses, and the loop that minimises them."""
