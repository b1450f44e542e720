"""A library that can be learnt without a network: a pair hears as its weights file says."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from library_fakes import FakeEmbedder, FakeSeparator, music_folder

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Embedding, Waveform
from vocal_explorer.encoders.model_id import model_id
from vocal_explorer.session import Session
from vocal_explorer.training.runs.pairs import PairRun

N_SINGERS, N_SONGS = 3, 4
N_QUERIES = N_SINGERS  # one of four songs is held out


class DeafEmbedder(FakeEmbedder):
    """Hears no difference between voices, but some between songs."""

    def embed_vocals(self, vocals: Waveform, sample_rate: int, progress: Progress) -> Embedding:
        progress.report(0.5)
        return np.array([1.0, 1e-3 * float(np.abs(vocals).max())], np.float32)


def write_pair(folder: Path, weights: str, scheme: str = "cross-sp") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps({"scheme": scheme}))
    (folder / "weights.safetensors").write_text(weights)
    return folder


class Trained:
    """Stands in for the training; what it makes hears as well as `weights` says."""

    def __init__(self, weights: str) -> None:
        self.weights = weights
        self.runs: list[PairRun] = []
        self.parts: list[tuple[set[str], ...]] = []

    def __call__(self, run, _banked, split, _signals, progress: Progress) -> None:
        self.runs.append(run)
        parts = (split.training, split.validation, split.test)
        self.parts.append(tuple({track.name for track in part} for part in parts))
        progress.report(0.5, "training")
        write_pair(run.out, self.weights, run.scheme)


class Home:
    """A machine with a shipped pair and a library of three singers."""

    def __init__(self, folder: Path) -> None:
        self.library = folder / "library"
        self.music = music_folder(folder / "music", N_SINGERS, N_SONGS)
        self.shipped = folder / "shipped"
        self.separator = FakeSeparator()
        self.made: list[FakeEmbedder] = []
        write_pair(self.shipped / "cross-sp", "deaf")

    def embedder(self, folder: Path) -> FakeEmbedder:
        weights = (folder / "weights.safetensors").read_text()
        kind: Callable[[str], FakeEmbedder] = DeafEmbedder if "deaf" in weights else FakeEmbedder
        self.made.append(kind(model_id(folder)))
        return self.made[-1]

    @property
    def n_heard(self) -> int:
        return sum(embedder.calls for embedder in self.made)

    def session(self, library: Path | None = None) -> Session:
        return Session(
            library or self.library,
            make_separator=lambda _name: self.separator,
            make_embedder=self.embedder,
            is_installed=lambda _name: True,
        )
