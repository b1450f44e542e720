"""Chained Ogg files: recordings one behind the other in one file, as web radios give them.

FFmpeg goes on with the first one's codec, which fails where the rate or the number of
channels changes, and knows only one of the lengths.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_CAPTURE = b"OggS"
_HEADER_BYTES = 27  # of a page, before its table of segments
_FLAGS, _FIRST_PAGE = 5, 0x02


def ogg_links(path: Path) -> list[tuple[int, int]]:
    """Return where the recordings of an Ogg file begin and end, in bytes; one for most files.

    A file that is no Ogg, or is damaged before the second recording, is one.
    """
    size = path.stat().st_size
    starts = [0]
    in_headers = True
    with path.open("rb") as file:
        for position, is_first in _pages(file):
            if is_first and not in_headers:
                starts.append(position)
            in_headers = is_first
    return list(zip(starts, [*starts[1:], size], strict=True))


def _pages(file: BinaryIO) -> Iterator[tuple[int, bool]]:
    """Yield where each page begins, and whether it is the first of a stream."""
    position = 0
    while True:
        file.seek(position)
        header = file.read(_HEADER_BYTES)
        if len(header) < _HEADER_BYTES or not header.startswith(_CAPTURE):
            return
        table = file.read(header[-1])
        yield position, bool(header[_FLAGS] & _FIRST_PAGE)
        position += _HEADER_BYTES + len(table) + sum(table)


class FileSlice(io.RawIOBase):
    """A stretch of a file as a file of its own, for reading.

    Parameters
    ----------
    path
        The file.
    start, stop
        Bytes, without the last.
    """

    def __init__(self, path: Path, start: int, stop: int) -> None:
        super().__init__()
        self._file = path.open("rb")
        self._start, self._size, self._position = start, stop - start, 0

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """Any place can be read."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place, as files do."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def tell(self) -> int:
        """Return the place."""
        return self._position

    def read(self, size: int = -1) -> bytes:
        """Read up to `size` bytes; all that is left if it is negative."""
        left = max(0, self._size - self._position)
        self._file.seek(self._start + self._position)
        data = self._file.read(left if size < 0 else min(size, left))
        self._position += len(data)
        return data

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()
