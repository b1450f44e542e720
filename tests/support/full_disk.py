"""A disk that becomes full while one file is being written."""

import errno
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO

import pytest

FullDisk = Callable[[str, int], AbstractContextManager[None]]


class _Filling:
    """A file for which `room` bytes are left on the disk."""

    def __init__(self, file: IO[bytes], room: int) -> None:
        self._file = file
        self._room = room
        self.tell = file.tell

    def __enter__(self) -> "_Filling":
        return self

    def __exit__(self, *_failure: object) -> None:
        self._file.close()

    def write(self, content: bytes) -> None:
        self._file.write(content[: self._room])
        self._room -= len(content)
        if self._room < 0:
            raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> FullDisk:
    """Inside `full_disk(name, room)` files called `name` take `room` bytes and no more."""
    open_path = Path.open

    @contextmanager
    def filling(name: str, room: int) -> Iterator[None]:
        def open_limited(path: Path, mode: str = "r", *rest: object, **options: object) -> IO:
            file = open_path(path, mode, *rest, **options)
            return _Filling(file, room) if path.name == name and mode in ("wb", "ab") else file

        with monkeypatch.context() as patched:
            patched.setattr(Path, "open", open_limited)
            yield

    return filling
