"""Synthetic singers and songs whose stems, tempo, key and beats are known."""
