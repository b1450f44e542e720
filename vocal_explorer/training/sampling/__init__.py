"""Random batches."""
