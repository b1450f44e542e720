"""Takes Spleeter's two files out of an archive that may be anything, hostile included.

Members are read one after another and never written under their own names.
"""

import gzip
import io
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO

from vocal_explorer.base.errors import WeightsError
from vocal_explorer.base.progress import Progress
from vocal_explorer.separation.spleeter.official_weights import (
    DATA_NAME,
    INDEX_LIMIT,
    INDEX_NAME,
    Checkpoint,
)

_GZIP_MAGIC = b"\x1f\x8b"
_OTHER_BYTES = 64_000_000  # what else the archive may hold; the official one has a graph
_CHUNK = 1 << 20
_DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile, tarfile.TarError, ValueError)

_TOO_LARGE = "is refused: it unpacks to far more than Spleeter's weights"


class _Refused(Exception):  # noqa: N818 - its text is only the end of a sentence
    """Why an archive is not used."""


def unpack(archive: Path, target: Path, checkpoint: Checkpoint, progress: Progress) -> None:
    """Write the index and the data file in a .tar.gz (or .tar) into the folder `target`.

    No more is unpacked than the files can need. Their presence and the size of the data
    are checked, their content is not.

    Raises
    ------
    WeightsError
        If it is no archive, is truncated, does not hold the files, unpacks to far more than
        they need, or holds anything that lies outside it or is no plain file or folder.
    OSError
        If `target` cannot be written.
    """
    try:
        with _opened(archive) as file, gzip.GzipFile(fileobj=file) as unzipped:
            zipped = file.peek(2).startswith(_GZIP_MAGIC)
            limit = checkpoint.n_bytes + _OTHER_BYTES
            members = _members(_Limited(unzipped if zipped else file, limit), limit)
            _take_files(members, target, checkpoint, progress)
    except _Refused as refused:
        raise WeightsError(f"{archive} {refused}.") from refused
    except _DAMAGED as error:
        raise WeightsError(f"{archive} is truncated or damaged.") from error


def _take_files(
    members: Iterator[tuple[tarfile.TarInfo, IO[bytes]]],
    target: Path,
    checkpoint: Checkpoint,
    progress: Progress,
) -> None:
    indexes: dict[PurePosixPath, bytes] = {}
    data_folder: PurePosixPath | None = None
    for info, content in members:
        path = PurePosixPath(info.name)
        if path.name == INDEX_NAME and info.size <= INDEX_LIMIT:
            indexes[path.parent] = content.read()
        elif path.name == DATA_NAME and info.size == checkpoint.n_bytes and data_folder is None:
            data_folder = path.parent
            copy(content, target / DATA_NAME, checkpoint, progress)
    if data_folder is None or data_folder not in indexes:
        raise _Refused(
            f"does not hold the weights of Spleeter's 2 stems: "
            f"{INDEX_NAME}, and {DATA_NAME} of {checkpoint.n_bytes:,} bytes"
        )
    (target / INDEX_NAME).write_bytes(indexes[data_folder])


def copy(content: IO[bytes], target: Path, checkpoint: Checkpoint, progress: Progress) -> None:
    """Write `content` to the file `target`; the progress is that of the checkpoint's data."""
    with target.open("wb") as file:
        while chunk := content.read(_CHUNK):
            file.write(chunk)
            progress.report(min(1.0, file.tell() / checkpoint.n_bytes), "copying the weights")


def _members(stream: "_Limited", limit: int) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    """Yield each plain file and its content, which can be read until the next one is asked for."""
    with _opened_tar(stream) as tar:
        for info in tar:
            _refuse_unsafe(info)
            if info.size > limit:  # tarfile would be busy for long with what is not there
                raise _Refused(_TOO_LARGE)
            content = tar.extractfile(info)
            if content is not None:
                yield info, content


def _opened_tar(stream: "_Limited") -> tarfile.TarFile:
    try:
        return tarfile.open(fileobj=stream, mode="r|")
    except tarfile.TarError as error:
        raise _Refused("is no .tar.gz archive") from error


def _refuse_unsafe(info: tarfile.TarInfo) -> None:
    path = PureWindowsPath(info.name)  # knows both kinds of slashes
    if path.drive or path.root or ".." in path.parts:
        raise _Refused(f"is refused: {info.name!r} would lie outside the folder of the weights")
    if not (info.isfile() or info.isdir()):
        raise _Refused(f"is refused: {info.name!r} is neither a file nor a folder")


class _Limited(io.RawIOBase):
    """A stream that refuses to give more than `limit` bytes."""

    def __init__(self, stream: IO[bytes] | gzip.GzipFile, limit: int) -> None:
        super().__init__()
        self._stream = stream
        self._left = limit

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise _Refused(_TOO_LARGE)
        return data


def _opened(archive: Path) -> io.BufferedReader:
    try:
        return archive.open("rb")
    except OSError as error:
        raise _Refused(f"cannot be read ({error.strerror or error})") from error
