"""Files that appear whole or not at all, and room for them on the disk."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from vocal_explorer.base.errors import VocalExplorerError

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your share of the disk is full",
    errno.EACCES: "it cannot be written",
    errno.EPERM: "it cannot be written",
    errno.EROFS: "it cannot be written",
}


@contextmanager
def temporary_beside(path: Path, suffix: str = "") -> Iterator[Path]:
    """Lend a new hidden name in the folder of `path`; what is left there at the end is removed.

    `suffix` is for libraries that choose a format by it.
    """
    temporary = path.with_name(f".{uuid4().hex}.part{suffix}")
    try:
        yield temporary
    finally:
        with suppress(OSError):
            temporary.unlink()


@contextmanager
def replacing(path: Path, suffix: str = "") -> Iterator[Path]:
    """Lend a place beside `path`, and move there what was written.

    The folder is made. After a failure or an interruption `path` is as it was.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with temporary_beside(path, suffix) as temporary:
        yield temporary
        os.replace(temporary, path)


@contextmanager
def writing(path: Path, suffix: str = "") -> Iterator[Path]:
    """Do as `replacing` does, and say in a sentence why a file cannot be written.

    Raises
    ------
    VocalExplorerError
        If the file cannot be written.
    """
    try:
        with replacing(path, suffix) as temporary:
            yield temporary
    except OSError as error:
        reason = error.strerror or str(error)
        raise VocalExplorerError(f"{path} cannot be written: {reason}.") from error


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 as it is, without changing line ends; see `writing`.

    Names of files that are not valid text come back as they were (surrogateescape).
    """
    with writing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", errors="surrogateescape", newline="")


def require_room(folder: Path, needed: int) -> None:
    """Raise VocalExplorerError when fewer than `needed` bytes are free where `folder` is."""
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise VocalExplorerError(
            f"There is not enough room in {folder}: {needed / 1e6:,.0f} MB are needed and "
            f"{free / 1e6:,.0f} MB are free."
        )


def write_failure(error: OSError) -> str:
    """Return why something could not be written, as a clause."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)
