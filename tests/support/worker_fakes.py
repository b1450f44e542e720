"""Stand-ins that a worker process can be sent: they misbehave at files of certain lengths."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from library_fakes import RATE, FakeEmbedder, FakeSeparator
from odd_jobs import misbehave

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Stems, Waveform
from vocal_explorer.separation.stem_cache import StemCache

ODD_LENGTHS = {0.30: "aborts", 0.31: "hangs", 0.32: "raises", 0.33: "killed"}
"""Seconds of sound at which OddSeparator does this."""


class OddSeparator(FakeSeparator):
    """Isolates vocals, except where a file has an odd length."""

    def stream(
        self, mix: Iterable[Waveform], n_samples: int, progress: Progress
    ) -> Iterator[Stems]:
        misbehave(ODD_LENGTHS.get(round(n_samples / RATE, 2), ""), progress)
        yield from super().stream(mix, n_samples, progress)


@dataclass(frozen=True)
class OddTools:
    """What OddSeparator works with; `stems` is the folder of the cache."""

    stems: Path

    @cached_property
    def separator(self) -> FakeSeparator:
        return OddSeparator()

    @cached_property
    def embedder(self) -> FakeEmbedder:
        return FakeEmbedder()

    @cached_property
    def cache(self) -> StemCache:
        return StemCache(self.stems)


def odd_song(path: Path, seconds: float, seed: int = 0) -> Path:
    """A WAV of exactly this length, unlike any of another seed."""
    import soundfile

    noise = np.random.default_rng(seed).standard_normal((round(seconds * RATE), 2))
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, 0.1 * noise, RATE)
    return path
