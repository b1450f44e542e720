"""Write golden.npz: what the shipped weights make of one synthetic song.

Run it after new weights were committed on purpose: python tests/golden/make_golden.py
"""

from pathlib import Path

import numpy as np

from vocal_explorer.analysis.embedder import load_embedder
from vocal_explorer.base.paths import models_folder
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.separation.separator import load_separator, separate
from vocal_explorer.synthesis.songs import SyntheticSong, synthetic_song

GOLDEN = Path(__file__).with_name("golden.npz")
EVERY = 997  # samples between two that are kept of the separated vocals


def song() -> SyntheticSong:
    return synthetic_song(singer=2, song=1, seconds=12.0, seed=5)


def measure() -> dict[str, np.ndarray]:
    """Return both embeddings of each pair, and a few samples of the separated vocals."""
    made = song()
    stems = separate(load_separator("embedded"), made.mix, made.sample_rate, Progress())
    measured = {"separated": stems.vocals[:, ::EVERY]}
    for config in sorted(models_folder().glob("*/config.json")):
        pair = config.parent
        if pair.name == "separator":
            continue
        embedded = load_embedder(pair).embed(made.mix, made.vocals, made.sample_rate, Progress())
        measured |= {f"{pair.name} {domain}": embedded[domain] for domain in Domain}
    return measured


if __name__ == "__main__":
    np.savez_compressed(GOLDEN, **measure())
