"""Read, resample, write and play sound."""
