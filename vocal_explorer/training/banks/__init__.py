"""What is prepared once, before batches are drawn."""
