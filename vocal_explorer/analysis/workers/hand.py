"""The parent's side of one worker process."""

import logging
import multiprocessing
import os
import pickle
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection

from vocal_explorer.analysis.jobs import Tools
from vocal_explorer.analysis.team import AnyJob
from vocal_explorer.analysis.workers.child import serve
from vocal_explorer.analysis.workers.messages import FromWorker, Logged, Order, ToWorker

GRACE = 0.5  # s; what a worker gets to end by itself
_EXIT = 2.0  # s; how long a process that broke off takes to be gone
_WORDS = {
    signal.SIGKILL if os.name == "posix" else 9: (
        "the system ended its analysis, most likely because there was not enough memory"
    )
}


class Worker:
    """A process that does one job at a time.

    Parameters
    ----------
    tools
        What it analyses with; sent to it.
    n_threads
        How many threads a computation may use.

    Attributes
    ----------
    job
        What it has in hand.
    alone
        Whether nobody else is to work meanwhile.
    ready
        Whether it has said anything yet.
    """

    def __init__(self, tools: Tools, n_threads: int) -> None:
        self.job: AnyJob | None = None
        self.alone = False
        self.ready = False
        self.heard_of = 0.0  # s, when it said something last
        self._sending = threading.Lock()
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        arguments = (theirs, os.getpid(), n_threads, pickle.dumps(tools))
        self._process = context.Process(target=serve, args=arguments, daemon=True)
        self._process.start()
        theirs.close()

    def give(self, job: AnyJob, now: float, *, alone: bool = False) -> None:
        """Let it do a job."""
        self.job, self.alone, self.heard_of = job, alone, now
        self.tell(job)

    def tell(self, message: ToWorker) -> None:
        """Send something; that it has died is noticed elsewhere. Safe in any thread."""
        with suppress(OSError), self._sending:
            self.connection.send_bytes(pickle.dumps(message))

    def messages(self) -> Iterator[FromWorker | None]:
        """Yield what it has said since the last time; at last None if it is gone."""
        try:
            while self.connection.poll():
                message: FromWorker = pickle.loads(self.connection.recv_bytes())
                self.ready = True
                if isinstance(message, Logged):
                    _log(message.record)
                yield message
        except (EOFError, OSError):
            yield None

    def death(self) -> str:
        """Return why it died, as a clause."""
        self._process.join(_EXIT)
        code = self._process.exitcode or 0
        if code >= 0:
            return f"the process that analysed it ended (code {code})"
        with suppress(ValueError):
            name = signal.Signals(-code).name
            return _WORDS.get(-code, f"the process that analysed it crashed ({name})")
        return f"the process that analysed it crashed (signal {-code})"

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.join()
        self.connection.close()
        self._process.close()

    def end(self, deadline: float) -> None:
        """Let it end by itself until a time of the monotonic clock, and then at once."""
        self._process.join(max(0.0, deadline - time.monotonic()))
        self.kill()


def connections(workers: list[Worker]) -> list[Connection]:
    """Return what to wait for."""
    return [worker.connection for worker in workers]


def stop_all(workers: list[Worker]) -> None:
    """End all, together within GRACE."""
    for worker in workers:
        worker.tell(Order.STOP)
    deadline = time.monotonic() + GRACE
    for worker in workers:
        worker.end(deadline)


def _log(record: logging.LogRecord) -> None:
    logger = logging.getLogger(record.name)
    if logger.isEnabledFor(record.levelno):
        logger.handle(record)
