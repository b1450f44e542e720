"""Write golden.npz: what the shipped weights make of one synthetic song.

Run it after new weights were committed on purpose: python tests/golden/make_golden.py
"""

from pathlib import Path

import numpy as np

from vocal_explorer.datasets.synthetic import SyntheticSong, synthetic_song
from vocal_explorer.encoders.embedder import load_embedder
from vocal_explorer.progress import Progress
from vocal_explorer.records import Domain
from vocal_explorer.separation.separator import load_separator, separate

GOLDEN = Path(__file__).with_name("golden.npz")
EVERY = 997  # samples between two that are kept of the separated vocals


def song() -> SyntheticSong:
    return synthetic_song(singer=2, song=1, seconds=12.0, seed=5)


def measure() -> dict[str, np.ndarray]:
    """Return both embeddings, and a few samples of the separated vocals."""
    made = song()
    embedded = load_embedder().embed(made.mix, made.vocals, made.sample_rate, Progress())
    stems = separate(load_separator("embedded"), made.mix, made.sample_rate, Progress())
    return {
        "vocals": embedded[Domain.VOCALS],
        "mix": embedded[Domain.MIX],
        "separated": stems.vocals[:, ::EVERY],
    }


if __name__ == "__main__":
    np.savez_compressed(GOLDEN, **measure())
