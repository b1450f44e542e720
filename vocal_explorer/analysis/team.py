"""Who does the jobs of a scan: this process, or workers beside it."""

from collections.abc import Callable
from typing import Any, Protocol

from vocal_explorer.analysis.jobs import Job, Tools, do
from vocal_explorer.base.progress import Progress

AnyJob = Job[Any]


class Overseer(Protocol):
    """Hands out jobs and takes what came of them; always called in one thread."""

    def next_job(self) -> AnyJob | None:
        """Return what is to be done next; None if nothing is, until a job is done."""

    def on_step(self, job: AnyJob | None, fraction: float) -> None:
        """Hear how far a job is; with None, that time passed. It may wait, or raise Cancelled."""

    def on_done(self, job: AnyJob, result: Any) -> None:
        """Take a result, or a Failure."""


class Team(Protocol):
    """Does jobs until there are none."""

    def work(self, overseer: Overseer, progress: Progress) -> None:
        """Do all jobs that the overseer has.

        Raises
        ------
        Cancelled
            If the user cancelled; jobs in hand are given up.
        StorageError, WeightsError
            If no job can be done.
        """


class Alone:
    """Does one job after the other in this process and thread."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def work(self, overseer: Overseer, _progress: Progress) -> None:
        """See Team."""
        while (job := overseer.next_job()) is not None:
            overseer.on_done(job, do(job, self._tools, Progress(_steps(overseer.on_step, job))))


def _steps(on_step: Callable[[AnyJob, float], None], job: AnyJob) -> Callable[[float, str], None]:
    return lambda fraction, _message: on_step(job, fraction)
