"""What a mashup needs to know of a song: beats, key, phrases, loudness."""
