"""One process at a time, for as long as it takes, with a way out."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from vocal_explorer.base.progress import Progress

_SECONDS_BETWEEN_LOOKS = 0.2


@contextmanager
def exclusive_lock(path: Path, progress: Progress) -> Iterator[None]:
    """Hold the lock file `path`, which is made with its folder; wait for whoever holds it.

    Waiting reports progress, so it can be cancelled. The lock of a process that was killed
    is free.

    Raises
    ------
    OSError
        If the file cannot be made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    while True:
        try:
            lock.acquire(timeout=_SECONDS_BETWEEN_LOOKS)
            break
        except Timeout:
            progress.report(0.0, "another Vocal Explorer is at it; waiting")
    try:
        yield
    finally:
        lock.release()
