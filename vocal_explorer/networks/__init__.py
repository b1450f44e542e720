"""What every network needs, whatever it computes."""
