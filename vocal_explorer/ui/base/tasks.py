"""Jobs: the only place where a thread meets a widget."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from enum import Enum
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from vocal_explorer.base.errors import Cancelled, VocalExplorerError
from vocal_explorer.base.progress import Control, Progress
from vocal_explorer.ui.base.time_slices import TimeSlices

JobFunction = Callable[[Progress], Any]
ResultSlot = Callable[[Any], None]
ProgressSlot = Callable[[float, str], None]
MessageSlot = Callable[[str], None]
EndSlot = Callable[[], None]

MAX_WORKERS = 6
REPORT_SECONDS = 0.05  # a job may report as often as it likes: more than this is not shown
# A thread that lets go of Python's lock for a moment, as at each file it looks at, often has it
# again before the window's thread wakes up; so a job that reports often takes a break now and then.
WORK_SECONDS, BREAK_SECONDS = 0.01, 0.001

_log = logging.getLogger(__name__)


class Begin(Enum):
    """When a job begins. Threads that compute beside the first painting of much slow it down."""

    AT_ONCE = "at once"
    IN_TURN = "in turn"  # when what was found before is shown; each after the other
    AT_REST = "at rest"  # when none in turn is left, and no other at rest runs


class Job(QObject):
    """One run of a function in a worker thread; its signals arrive in the window's thread.

    A cancelled job is silent: nobody hears of its progress, result or error any more.
    `ended` comes in any case, last.
    """

    progressed = Signal(float, str)
    finished = Signal(object)
    failed = Signal(str)
    broken = Signal(str)
    ended = Signal()

    _reported = Signal(float, str)
    _returned = Signal(object)
    _refused = Signal(str)
    _crashed = Signal(str)
    _over = Signal()

    def __init__(self, kind: str, function: JobFunction, begin: Begin = Begin.AT_ONCE) -> None:
        super().__init__()
        self.kind = kind
        self.begin = begin
        self.control = Control()
        self._function = function
        self._last_report = self._last_break = 0.0
        queued = Qt.ConnectionType.QueuedConnection
        self._reported.connect(self._on_reported, queued)
        self._returned.connect(self._on_returned, queued)
        self._refused.connect(self._on_refused, queued)
        self._crashed.connect(self._on_crashed, queued)
        self._over.connect(self.ended, queued)

    def run(self) -> None:
        """Call the function; in the worker thread."""
        try:
            if not self.control.cancelled:
                self._returned.emit(self._function(Progress(self._listen, self.control)))
        except Cancelled:
            _log.debug("%s cancelled", self.kind)
        except VocalExplorerError as error:
            _log.info("%s: %s", self.kind, error)
            self._refused.emit(str(error))
        except Exception as error:
            _log.exception("%s broke", self.kind)
            self._crashed.emit(f"{type(error).__name__}: {error}")
        finally:
            self._over.emit()

    def _listen(self, fraction: float, message: str) -> None:
        now = time.monotonic()
        if now - self._last_report >= REPORT_SECONDS or fraction >= 1.0:
            self._last_report = now
            self._reported.emit(fraction, message)
        if now - self._last_break >= WORK_SECONDS:
            time.sleep(BREAK_SECONDS)
            self._last_break = time.monotonic()

    def _on_reported(self, fraction: float, message: str) -> None:
        if not self.control.cancelled:
            self.progressed.emit(fraction, message)

    def _on_returned(self, result: object) -> None:
        if not self.control.cancelled:
            self.finished.emit(result)

    def _on_refused(self, message: str) -> None:
        if not self.control.cancelled:
            self.failed.emit(message)

    def _on_crashed(self, message: str) -> None:
        if not self.control.cancelled:
            self.broken.emit(message)


class Tasks(QObject):
    """Starts jobs, one of a kind at a time, and ends them all when the window closes.

    Attributes
    ----------
    turns
        Where what jobs found is shown, if that takes a while.
    rested
        Says that no job is left.
    """

    failed = Signal(str)
    broken = Signal(str)
    rested = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.turns = TimeSlices()
        self._pool = ThreadPoolExecutor(MAX_WORKERS, thread_name_prefix="job")
        self._current: dict[str, Job] = {}
        self._alive: dict[Job, Future[None]] = {}
        self._waiting: list[Job] = []
        self._next = QTimer(self, interval=0)  # fires when everything is painted
        self._next.timeout.connect(self._begin_next)
        self._closed = False

    def start(
        self,
        kind: str,
        function: JobFunction,
        on_result: ResultSlot | None = None,
        *,
        on_progress: ProgressSlot | None = None,
        on_failure: MessageSlot | None = None,
        on_end: EndSlot | None = None,
        begin: Begin = Begin.AT_ONCE,
    ) -> None:
        """Run a function in a worker thread; a running job of the same kind is replaced.

        Parameters
        ----------
        kind
            Which job this replaces.
        function
            Takes a Progress, returns the result, knows no widget.
        on_result, on_progress, on_end
            Called in the window's thread. `on_end` is called however the job ends, unless
            it was replaced.
        on_failure
            Takes the sentence of a VocalExplorerError; without it, `failed` is emitted.
        begin
            When the job begins.
        """
        if self._closed:
            return
        self.cancel(kind)
        job = Job(kind, function, begin)
        if on_result:
            job.finished.connect(on_result)
        if on_progress:
            job.progressed.connect(on_progress)
        job.failed.connect(on_failure or self.failed)
        job.broken.connect(self.broken)
        job.ended.connect(lambda: self._forget(job, on_end))
        self._current[kind] = job
        if begin is Begin.AT_ONCE:
            self._submit(job)
        else:
            self._waiting.append(job)
            self._next.start()

    def _submit(self, job: Job) -> None:
        self._alive[job] = self._pool.submit(job.run)

    def _begin_next(self) -> None:
        if not self.turns.idle:
            return
        self._next.stop()
        job = min(self._waiting, key=lambda job: job.begin is Begin.AT_REST, default=None)
        running = {other.begin for other in self._alive if not other.control.cancelled}
        if job is not None and not {Begin.IN_TURN, job.begin} & running:
            self._waiting.remove(job)
            self._submit(job)

    def _forget(self, job: Job, on_end: EndSlot | None) -> None:
        if job not in self._alive:  # ended while everything was closed
            return
        self._alive.pop(job).result()  # the thread has left the job: it may be deleted
        job.deleteLater()
        if self._current.get(job.kind) is job:
            del self._current[job.kind]
            if on_end:
                on_end()
        self._next.start()
        if not self._alive and not self._waiting:
            self.rested.emit()

    @property
    def idle(self) -> bool:
        """Whether no job is left, and all that they found is shown."""
        return not self._alive and not self._waiting and self.turns.idle

    def running(self, kind: str) -> bool:
        """Whether a job of this kind has not ended yet."""
        return kind in self._current

    def pause(self, kind: str) -> None:
        """Make the job of this kind wait at its next report."""
        if job := self._current.get(kind):
            job.control.pause()

    def resume(self, kind: str) -> None:
        """Let the job of this kind go on."""
        if job := self._current.get(kind):
            job.control.resume()

    def cancel(self, kind: str) -> None:
        """End the job of this kind at its next report; nothing is heard of it but its end."""
        if job := self._current.get(kind):
            job.control.cancel()
            self._next.start()

    def close(self) -> None:
        """Cancel every job and wait until all threads have ended."""
        self._closed = True
        self._next.stop()
        self.turns.close()
        for job in self._alive:
            job.control.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)
        for job in (*self._alive, *self._waiting):
            job.deleteLater()
        self._alive.clear()
        self._waiting.clear()
        self._current.clear()
