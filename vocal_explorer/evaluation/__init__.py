"""Measure what was trained."""
