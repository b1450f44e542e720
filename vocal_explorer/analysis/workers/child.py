"""The worker's side. Nothing heavy is imported before it is known how many threads it may use."""

import ctypes
import logging
import os
import pickle
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from logging.handlers import QueueHandler
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

import psutil

if TYPE_CHECKING:
    from vocal_explorer.analysis.jobs import Tools
    from vocal_explorer.analysis.workers.messages import FromWorker

NICENESS = 10  # more than the parent's
STEP_SECONDS = 0.1  # between two steps that are told
_THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def serve(connection: Connection, parent: int, n_threads: int, tools: bytes) -> None:
    """Do jobs until told to stop, or until the parent is gone.

    Parameters
    ----------
    connection
        To the parent.
    parent
        Its process id.
    n_threads
        How many threads a computation may use.
    tools
        What files are analysed with, pickled.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's affair
    _die_with(parent)
    _step_back()
    with suppress(OSError):  # a program without a terminal has none
        os.dup2(2, 1)  # the standard output belongs to the parent
    for variable in _THREADS:
        os.environ[variable] = str(n_threads)
    _Worker(connection, pickle.loads(tools), n_threads).run()


def _die_with(parent: int) -> None:
    """End at once when the parent does, even in the middle of a computation."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, int(signal.SIGKILL))
        if os.getppid() != parent:  # it was faster
            os._exit(1)


def _step_back() -> None:
    """Let the window and the sound card go first."""
    if sys.platform == "win32":
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        os.nice(NICENESS)


class _Worker:
    """Does one job after the other; a thread of its own listens to the parent."""

    def __init__(self, connection: Connection, tools: "Tools", n_threads: int) -> None:
        from threadpoolctl import threadpool_limits

        from vocal_explorer.base.progress import Control

        self._connection = connection
        self._tools = tools
        self._control = Control()
        self._jobs: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._sending = threading.Lock()
        self._told = 0.0
        threadpool_limits(n_threads)

    def run(self) -> None:
        from vocal_explorer.analysis.workers.messages import Ready

        root, package = logging.getLogger(), logging.getLogger("vocal_explorer")
        root.addHandler(_ToParent(self))
        package.setLevel(logging.INFO)
        threading.Thread(target=self._listen, daemon=True).start()
        self.send(Ready())
        while (job := self._jobs.get()) is not None:
            if not self._do(job):
                break

    def send(self, message: "FromWorker") -> None:
        """Tell the parent something; without a parent there is nothing left to do."""
        data = pickle.dumps(message)
        try:
            with self._sending:
                self._connection.send_bytes(data)
        except OSError:
            os._exit(1)

    def _listen(self) -> None:
        from vocal_explorer.analysis.workers.messages import Order

        orders: dict[Order, Callable[[], None]] = {
            Order.PAUSE: self._control.pause,
            Order.RESUME: self._control.resume,
            Order.CANCEL: self._control.cancel,
            Order.STOP: lambda: self._jobs.put(None),
        }
        while True:
            try:
                message = pickle.loads(self._connection.recv_bytes())
            except (EOFError, OSError):
                os._exit(1)
            if isinstance(message, Order):
                orders[message]()
            else:
                self._jobs.put(message)

    def _do(self, job: Any) -> bool:
        """Do a job, and return whether there may be another one."""
        from vocal_explorer.analysis.jobs import do
        from vocal_explorer.analysis.workers.messages import Broken, Done
        from vocal_explorer.base.errors import Cancelled, VocalExplorerError
        from vocal_explorer.base.progress import Progress

        try:
            self.send(Done(do(job, self._tools, Progress(self._step, self._control))))
        except Cancelled:
            return False
        except VocalExplorerError as error:
            self.send(Broken(error))
        return True

    def _step(self, fraction: float, _message: str) -> None:
        from vocal_explorer.analysis.workers.messages import Step

        now = time.monotonic()
        if now - self._told >= STEP_SECONDS:
            self._told = now
            self.send(Step(fraction))


class _ToParent(QueueHandler):
    """Sends what is logged to the parent, whose log it belongs into."""

    def __init__(self, worker: _Worker) -> None:
        super().__init__(queue.SimpleQueue())
        self._worker = worker

    def enqueue(self, record: logging.LogRecord) -> None:
        """Send a record."""
        from vocal_explorer.analysis.workers.messages import Logged

        self._worker.send(Logged(record))
