"""Libraries of invented tracks, written straight into the tables: nothing is analysed."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from vocal_explorer.base.records.signals import Domain
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.library.store.database import Database
from vocal_explorer.library.store.records import EmbeddingKey, FileStamp
from vocal_explorer.library.store.store import Store

KEY = EmbeddingKey("model-1", "fake-1")  # of library_fakes
STAMP = FileStamp(1, 1)
N_DIMENSIONS = 8


def open_store(folder: Path) -> Store:
    return Store(Database(folder))


def invented_track(number: int, singers: Sequence[str] = (), path: Path | None = None) -> Track:
    singers = tuple(singers) or (f"Singer {number % 5}",)
    return Track(
        f"{number:04x}",
        path or Path(f"/music/{number:05}.flac"),
        f"Song {number % 7}",
        " & ".join(singers),
        vocal_presence=0.01 if number % 6 == 5 else 0.9,
        singers=singers if len(singers) > 1 else (),
    )


def save_invented(store: Store, track: Track, seed: int = 0, key: EmbeddingKey = KEY) -> None:
    """Save a track with embeddings that its id and the seed decide."""
    rng = np.random.default_rng([seed, int(track.track_id, 16)])
    vectors = rng.standard_normal((2, N_DIMENSIONS)).astype(np.float32)
    store.save_track(track, STAMP, key, dict(zip(Domain, vectors, strict=True)))
