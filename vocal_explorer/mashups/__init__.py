"""Accompaniments that fit vocals: ranked, aligned, rendered."""
