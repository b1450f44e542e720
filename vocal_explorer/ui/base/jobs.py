"""One run of a function in a worker thread; its signals arrive in the window's thread."""

import logging
import time
from collections.abc import Callable
from enum import Enum
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from vocal_explorer.base.errors import Cancelled, VocalExplorerError
from vocal_explorer.base.progress import Control, Progress

JobFunction = Callable[[Progress], Any]

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
