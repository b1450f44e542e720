"""Long work of the window's own thread, in pieces between which it hears the user."""

from collections.abc import Iterator

from PySide6.QtCore import QObject
from shiboken6 import isValid

from vocal_explorer.ui.base.timers import ticker


class TimeSlices:
    """Runs generators, one step in each turn of the event loop, and one after the other.

    Each belongs to a QObject, and ends with it.
    """

    def __init__(self) -> None:
        self._waiting: dict[tuple[QObject, str], Iterator[None]] = {}
        self._closed = False
        self._timer = ticker(None, 0)
        self._timer.timeout.connect(self._step)

    @property
    def idle(self) -> bool:
        """Whether nothing is left to do."""
        return not self._waiting

    def run(self, owner: QObject, steps: Iterator[None], kind: str = "") -> None:
        """Do this when it is its turn; what is left of the same kind is replaced."""
        self.stop(owner, kind)
        if not self._closed:
            self._waiting[owner, kind] = steps
            self._timer.start()

    def stop(self, owner: QObject, kind: str = "") -> None:
        """Leave undone what is left of a kind."""
        self._waiting.pop((owner, kind), None)

    def close(self) -> None:
        """Leave everything undone, also what comes later."""
        self._closed = True
        self._waiting.clear()
        self._timer.stop()

    def _step(self) -> None:
        if self._waiting:
            key, steps = next(iter(self._waiting.items()))
            if not (isValid(key[0]) and _goes_on(steps)) and self._waiting.get(key) is steps:
                del self._waiting[key]
        if not self._waiting:
            self._timer.stop()


def _goes_on(steps: Iterator[None]) -> bool:
    try:
        next(steps)
    except StopIteration:
        return False
    return True
