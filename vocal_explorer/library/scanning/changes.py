"""What is new or different on the disk, compared with what the library knows."""

import os
import stat
from enum import Enum, auto
from pathlib import Path

from vocal_explorer.library.scanning.finder import FoundFiles
from vocal_explorer.library.store.file_table import FileTable
from vocal_explorer.library.store.records import FileRecord, FileStamp


class Change(Enum):
    """What the disk says of a file, compared with the library."""

    NEW = auto()  # or with another sound maybe
    FAILED = auto()  # not changed since it failed
    RETAGGED = auto()  # the same sound, maybe with other tags
    NONE = auto()


def change(record: FileRecord | None, stamp: FileStamp | None) -> Change:
    """Compare what is known of a file with what is there now."""
    if record is None or stamp is None or not record.stamp.same_sound(stamp):
        return Change.NEW
    if record.error:
        return Change.FAILED if record.stamp == stamp else Change.NEW
    return Change.NONE if record.stamp == stamp else Change.RETAGGED


def mark_missing(table: FileTable, found: FoundFiles, records: dict[Path, FileRecord]) -> None:
    """Note which known files are gone, and which are there again."""
    there = set(found.files)
    gone = [
        path
        for path, record in records.items()
        if not record.missing and path not in there and found.covers(path)
    ]
    back = [path for path in there if path in records and records[path].missing]
    table.set_missing(gone, True)
    table.set_missing(back, False)


def file_stamp(path: Path) -> FileStamp | None:
    """Return what tells a changed file, or None when there is no regular file."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return FileStamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns)
