"""Labelled recordings for training and evaluation."""
