"""Spleeter's 2-stem separation: native, its weights, and the package as reference."""
