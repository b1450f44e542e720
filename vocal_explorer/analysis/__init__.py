"""From a file to its stems, embeddings and music: used with and without a library."""
