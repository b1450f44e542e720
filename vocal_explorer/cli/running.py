"""How a long command shows how far it is and how it is stopped."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from tqdm import tqdm

from vocal_explorer.base.errors import Cancelled
from vocal_explorer.base.names import visible
from vocal_explorer.base.progress import Control, Listener, Progress

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_SECONDS_BETWEEN_LINES = 5.0  # where the standard error is a file, not a terminal


class Stopped(Exception):  # noqa: N818 - not a failure: the user asked for it
    """A command was stopped by a signal, after it had put its work in order."""

    def __init__(self, signal_number: int) -> None:
        self.exit_code = 128 + signal_number
        super().__init__("Stopped; what was finished is kept.")


class _Brake:
    """Turns the first signal into a cancelled job and the second into an immediate end."""

    def __init__(self) -> None:
        self.control = Control()
        self.received: int = signal.SIGINT

    def __call__(self, signal_number: int, _frame: FrameType | None) -> None:
        if self.control.cancelled:
            raise KeyboardInterrupt
        self.received = signal_number
        self.control.cancel()


@contextmanager
def stoppable(title: str) -> Iterator[Progress]:
    """Run a job with a progress bar on the standard error; Ctrl+C makes it raise Stopped."""
    brake = _Brake()
    previous = {number: signal.signal(number, brake) for number in _SIGNALS}
    try:
        with _bar(title) as listener:
            yield Progress(listener, brake.control)
    except Cancelled:
        raise Stopped(brake.received) from None
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


@contextmanager
def _bar(title: str) -> Iterator[Listener]:
    interval = 0.1 if sys.stderr.isatty() else _SECONDS_BETWEEN_LINES
    layout = "{desc}: {percentage:3.0f}%|{bar:24}| {elapsed}<{remaining} {postfix}"
    with tqdm(
        total=1.0,
        desc=title,
        bar_format=layout,
        mininterval=interval,
        miniters=0,  # else small steps stay unsaid after large ones
        file=sys.stderr,
    ) as bar:

        def listen(fraction: float, message: str) -> None:
            bar.set_postfix_str(visible(message), refresh=False)
            bar.update(fraction - bar.n)

        yield listen
