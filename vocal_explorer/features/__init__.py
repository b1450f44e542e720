"""What the encoders see: log-mel spectrograms and vocal activity."""
