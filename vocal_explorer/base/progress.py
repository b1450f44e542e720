"""How a long job reports how far it is, and how it is paused and cancelled."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

from vocal_explorer.base.errors import Cancelled

Listener = Callable[[float, str], None]


class Control:
    """The brake of a running job, shared by whoever runs it and whoever may stop it."""

    def __init__(self) -> None:
        self._cancelled = threading.Event()
        self._running = threading.Event()
        self._running.set()
        self._waited = 0.0
        self._listeners: list[Callable[[], None]] = []

    def listen(self, on_change: Callable[[], None]) -> Callable[[], None]:
        """Call `on_change` at once when the job is paused, resumed or cancelled.

        It is called in the thread of whoever does that. Returns what ends it.
        """
        self._listeners.append(on_change)
        return lambda: self._listeners.remove(on_change)

    def _tell(self) -> None:
        for on_change in list(self._listeners):
            on_change()

    @property
    def waited(self) -> float:
        """How many seconds the job has spent paused."""
        return self._waited

    @property
    def cancelled(self) -> bool:
        """Whether the job was asked to stop."""
        return self._cancelled.is_set()

    @property
    def paused(self) -> bool:
        """Whether the job waits at its next report."""
        return not self._running.is_set()

    def cancel(self) -> None:
        """Make the job raise Cancelled at its next report; a paused job wakes up for it."""
        self._cancelled.set()
        self._running.set()
        self._tell()

    def pause(self) -> None:
        """Make the job wait at its next report."""
        self._running.clear()
        self._tell()

    def resume(self) -> None:
        """Let a paused job go on."""
        self._running.set()
        self._tell()

    def check(self) -> None:
        """Wait while paused; raise Cancelled if the job was cancelled."""
        if self.paused:
            began = time.monotonic()
            self._running.wait()
            self._waited += time.monotonic() - began
        if self.cancelled:
            raise Cancelled


class Steering:
    """Where a running scan meets whoever watches it; every method is safe in any thread.

    `seconds_left` is what the scan expects to take still, None while it cannot tell.
    """

    def __init__(self) -> None:
        self.seconds_left: float | None = None
        self._wanted: deque[Path] = deque()

    def want(self, paths: Iterable[Path]) -> None:
        """Ask for files and folders to come next, known to the scan or not."""
        self._wanted.extend(paths)

    def take(self) -> list[Path]:
        """Return what was asked for since the last call, in the order asked."""
        return [self._wanted.popleft() for _ in range(len(self._wanted))]


def _ignore(_fraction: float, _message: str) -> None:
    pass


class Progress:
    """Handed to every job: it calls `report` often, and each call may raise Cancelled.

    Parameters
    ----------
    listener
        Called with the fraction done in [0, 1] and a short message.
    control
        The brake; a job without one cannot be stopped.
    """

    def __init__(
        self,
        listener: Listener = _ignore,
        control: Control | None = None,
        *,
        start: float = 0.0,
        stop: float = 1.0,
    ) -> None:
        self._listener = listener
        self._control = control or Control()
        self._start = start
        self._stop = stop

    @property
    def control(self) -> Control:
        """The brake."""
        return self._control

    @property
    def waited(self) -> float:
        """How many seconds the job has spent paused."""
        return self._control.waited

    def report(self, fraction: float, message: str = "") -> None:
        """Say how far the job is (0 to 1); waits while paused, raises Cancelled when cancelled."""
        self._control.check()
        self._listener(self._start + fraction * (self._stop - self._start), message)

    def part(self, start: float, stop: float) -> "Progress":
        """Return a Progress whose 0 to 1 is `start` to `stop` of this one."""
        width = self._stop - self._start
        return Progress(
            self._listener,
            self._control,
            start=self._start + start * width,
            stop=self._start + stop * width,
        )
