"""Stand-ins that a worker process can be sent: they misbehave at files of certain lengths."""

import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from library_fakes import RATE, FakeEmbedder, FakeSeparator

from vocal_explorer.analysis.team import AnyJob
from vocal_explorer.base.errors import StorageError
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Stems, Waveform
from vocal_explorer.base.records.tracks import Failure
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


@dataclass(frozen=True)
class Say:
    """A job that returns its own name and the process that did it."""

    path: Path

    def run(self, _tools: object, _progress: Progress) -> tuple[str, int]:
        return self.path.name, os.getpid()


@dataclass(frozen=True)
class Misbehave:
    """A job that does what no decoder should."""

    path: Path

    def run(self, _tools: object, progress: Progress) -> None:
        misbehave(self.path.stem, progress)


def misbehave(how: str, progress: Progress) -> None:
    """Crash, hang or raise."""
    if how == "aborts":
        os.abort()
    if how == "killed":
        os.kill(os.getpid(), 9)
    if how == "hangs":
        time.sleep(3600)
    if how == "raises":
        raise KeyError("odd")
    if how == "fills the disk":
        raise StorageError("The disk is full.")
    while how == "goes on":
        progress.report(0.5)
        time.sleep(0.01)


class Todo:
    """An overseer with a list of jobs, that keeps what came of them."""

    def __init__(self, jobs: Iterable[AnyJob]) -> None:
        self.jobs = list(jobs)
        self.results: dict[Path, object] = {}
        self.steps: list[float] = []

    def next_job(self) -> AnyJob | None:
        return self.jobs.pop(0) if self.jobs else None

    def on_step(self, job: AnyJob | None, fraction: float) -> None:
        if job is not None:
            self.steps.append(fraction)

    def on_done(self, job: AnyJob, result: object) -> None:
        assert job.path not in self.results
        self.results[job.path] = result

    def reason(self, path: Path) -> str:
        failure = self.results[path]
        assert isinstance(failure, Failure)
        return failure.reason


def odd_song(path: Path, seconds: float, seed: int = 0) -> Path:
    """A WAV of exactly this length, unlike any of another seed."""
    import soundfile

    noise = np.random.default_rng(seed).standard_normal((round(seconds * RATE), 2))
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, 0.1 * noise, RATE)
    return path
