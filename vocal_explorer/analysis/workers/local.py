"""A team of processes on this machine."""

import os
import time
from collections import Counter, deque
from multiprocessing.connection import wait
from pathlib import Path

from vocal_explorer.analysis.jobs import Tools
from vocal_explorer.analysis.team import AnyJob, Overseer
from vocal_explorer.analysis.workers.hand import Worker, connections, stop_all
from vocal_explorer.analysis.workers.messages import Broken, Done, FromWorker, Order, Step
from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.progress import Control, Progress
from vocal_explorer.base.records.tracks import Failure

TICK = 0.1  # s between two looks at whether the user wants something
PATIENCE = 180.0  # s without a sign after which a worker counts as hanging
PATIENCE_PER_MEGABYTE = 1.0  # s; longer files have longer steps
TRIES = 2  # of a file at which a worker died


class LocalWorkers:
    """Does the jobs of a scan in worker processes, one a worker.

    A worker that dies with a job in hand is replaced, and the job is tried once more, alone
    and at the end; then, or if it hangs, the job is a Failure. Workers start when there is
    something to do, and end with the work, however it ends, and with this process.

    Parameters
    ----------
    tools
        What files are analysed with; sent to each worker.
    n_workers
        How many at most.
    n_threads
        Of each, in computations; an equal share of the processors if None.
    patience
        Seconds without a sign after which a worker hangs, for a small file.
    """

    def __init__(
        self,
        tools: Tools,
        n_workers: int,
        n_threads: int | None = None,
        *,
        patience: float = PATIENCE,
    ) -> None:
        self._tools = tools
        self._n_workers = n_workers
        self._n_threads = n_threads or max(1, n_processors() // n_workers)
        self._patience = patience

    def work(self, overseer: Overseer, progress: Progress) -> None:
        """See analysis.team.Team."""
        shift = _Shift(self, overseer, progress.control)
        stop_listening = progress.control.listen(shift.on_control)
        try:
            shift.run()
        finally:
            stop_listening()
            stop_all(shift.workers)

    def hire(self) -> Worker:
        """Start another worker."""
        return Worker(self._tools, self._n_threads)

    @property
    def n_workers(self) -> int:
        """How many may work at once."""
        return self._n_workers

    def patience(self, path: Path) -> float:
        """Return after how many seconds without a sign of a file its worker hangs."""
        try:
            megabytes = os.stat(path).st_size / 1e6
        except (OSError, ValueError):
            megabytes = 0.0
        return self._patience + PATIENCE_PER_MEGABYTE * megabytes


class _Shift:
    """One run of `LocalWorkers.work`."""

    def __init__(self, team: LocalWorkers, overseer: Overseer, control: Control) -> None:
        self._team = team
        self._overseer = overseer
        self._control = control
        self.workers: list[Worker] = []
        self._again: deque[AnyJob] = deque()
        self._deaths: Counter[AnyJob] = Counter()

    def on_control(self) -> None:
        """Tell the workers what the user wants; called in any thread."""
        if self._control.cancelled:
            order = Order.CANCEL
        else:
            order = Order.PAUSE if self._control.paused else Order.RESUME
        for worker in list(self.workers):
            worker.tell(order)

    def run(self) -> None:
        while True:
            self._hand_out()
            if not any(worker.job for worker in self.workers):
                return
            ready = wait(connections(self.workers), TICK)
            for worker in [w for w in self.workers if w.connection in ready]:
                self._hear(worker)
            self._overseer.on_step(None, 0.0)
            for worker in list(self.workers):
                self._check(worker)

    def _now(self) -> float:
        """Return the time in s; it stands still while the user pauses."""
        return time.monotonic() - self._control.waited

    def _hand_out(self) -> None:
        while not any(worker.alone for worker in self.workers):
            idle = next((worker for worker in self.workers if worker.job is None), None)
            if idle is None and len(self.workers) >= self._team.n_workers:
                return
            job = self._overseer.next_job()
            alone = job is None and all(worker.job is None for worker in self.workers)
            if alone and self._again:
                job = self._again.popleft()
            if job is None:
                return
            (idle or self._hire()).give(job, self._now(), alone=alone)

    def _hire(self) -> Worker:
        worker = self._team.hire()
        self.workers.append(worker)
        if self._control.paused:  # since the last look
            worker.tell(Order.PAUSE)
        return worker

    def _hear(self, worker: Worker) -> None:
        for message in worker.messages():
            worker.heard_of = self._now()
            if message is None:
                self._bury(worker)
                return
            self._take(worker, message)

    def _take(self, worker: Worker, message: FromWorker) -> None:
        job = worker.job
        if isinstance(message, Broken):
            raise message.error
        if job is None:
            return
        if isinstance(message, Step):
            self._overseer.on_step(job, message.fraction)
        elif isinstance(message, Done):
            worker.job, worker.alone = None, False
            self._overseer.on_done(job, message.result)

    def _check(self, worker: Worker) -> None:
        """Give a job up of which nothing was heard for too long."""
        job, seconds = worker.job, self._now() - worker.heard_of
        limit = self._team.patience(job.path) if job and worker.ready else PATIENCE
        if job is not None and seconds > limit:
            self._dismiss(worker)
            reason = f"its analysis stood still for {_length(seconds)}"
            self._overseer.on_done(job, Failure(job.path, reason))

    def _bury(self, worker: Worker) -> None:
        """Replace a worker that died; what it had in hand is tried again, or given up."""
        reason, was_ready = worker.death(), worker.ready
        job = self._dismiss(worker)
        if not was_ready:
            raise VocalExplorerError(f"No process can be started to analyse files: {reason}.")
        if job is None:
            return
        self._deaths[job] += 1
        if self._deaths[job] < TRIES:
            self._again.append(job)
        else:
            self._overseer.on_done(job, Failure(job.path, reason))

    def _dismiss(self, worker: Worker) -> AnyJob | None:
        """End a worker; return what it had in hand."""
        job = worker.job
        self.workers.remove(worker)
        worker.kill()
        return job


def n_processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _length(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds >= 120 else f"{seconds:.0f} seconds"
