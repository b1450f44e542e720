"""Hearing and fitting a mashup."""
