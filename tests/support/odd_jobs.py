"""Jobs for workers that need nothing heavy, so that a process for them starts soon."""

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vocal_explorer.base.errors import StorageError
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.tracks import Failure

AnyJob = Any


@dataclass(frozen=True)
class NoTools:
    """What these jobs work with."""


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
