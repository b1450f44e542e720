"""Vocal Explorer: explore your own music by voice."""

__version__ = "0.1.0"
