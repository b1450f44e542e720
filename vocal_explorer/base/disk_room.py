"""Room on the disk, and what to say when there is none."""

import errno
import shutil
from pathlib import Path

from vocal_explorer.base.errors import VocalExplorerError

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your share of the disk is full",
    errno.EACCES: "it cannot be written",
    errno.EPERM: "it cannot be written",
    errno.EROFS: "it cannot be written",
}


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
