"""Learn my library: fit the encoders to the user's own songs."""
