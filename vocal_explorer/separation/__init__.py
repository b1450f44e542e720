"""Isolate the vocals of a mix."""
