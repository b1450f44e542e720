"""The files of a library: which track each holds, or why it holds none."""

import os
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from vocal_explorer.base.records.tracks import Track
from vocal_explorer.library.store.database import Database
from vocal_explorer.library.store.records import UNSTAMPED, FileRecord, FileStamp
from vocal_explorer.library.store.singer_labels import printable, singers_label

_ALL = """SELECT path, coalesce(track_id, '') AS track_id, size, mtime_ns, ctime_ns, missing,
    error FROM files"""
# OR REPLACE would remove the old row without telling the journal which track it was of
_UPSERT = """INSERT INTO files
    (path, track_id, size, mtime_ns, ctime_ns, error, title, singer, album, year)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (path) DO UPDATE SET track_id = excluded.track_id, size = excluded.size,
    mtime_ns = excluded.mtime_ns, ctime_ns = excluded.ctime_ns, missing = 0,
    error = excluded.error, title = excluded.title, singer = excluded.singer,
    album = excluded.album, year = excluded.year"""


class FileTable:
    """Reads and writes the files of a library, from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[Path, FileRecord]:
        """Return all known files, the missing and the failed ones too."""
        with self._database.reading() as connection:
            return {record.path: record for record in map(_record, connection.execute(_ALL))}

    def of(self, track_id: str) -> list[Path]:
        """Return all files that hold a track, those that are there first."""
        query = "SELECT path FROM files WHERE track_id = ? ORDER BY missing, path"
        with self._database.reading() as connection:
            rows = connection.execute(query, (track_id,)).fetchall()
        return [Path(os.fsdecode(row["path"])) for row in rows]

    def save_failure(self, path: Path, stamp: FileStamp, reason: str) -> None:
        """Store why a file could not be analysed, as a clause."""
        values = (None, *_stamped(stamp), printable(reason), None, None, None, None)
        with self._database.writing() as connection:
            connection.execute(_UPSERT, (os.fsencode(path), *values))

    def forget_failures(self, paths: Sequence[Path]) -> None:
        """Let failed files count as changed, so that they are tried again."""
        rows = [(UNSTAMPED.size, UNSTAMPED.mtime_ns, os.fsencode(path)) for path in paths]
        with self._database.writing() as connection:
            connection.executemany(
                "UPDATE files SET size = ?, mtime_ns = ? WHERE path = ? AND error != ''", rows
            )

    def set_missing(self, paths: Sequence[Path], missing: bool) -> None:
        """Mark files as gone, or as there again."""
        rows = [(missing, os.fsencode(path)) for path in paths]
        if rows:
            with self._database.writing() as connection:
                connection.executemany("UPDATE files SET missing = ? WHERE path = ?", rows)


def read_failed(
    connection: sqlite3.Connection, paths: Iterable[Path] | None = None
) -> list[FileRecord]:
    """Return the files that are there and could not be analysed, all or some of them."""
    query = f"{_ALL} WHERE error != '' AND NOT missing"
    if paths is None:
        return [_record(row) for row in connection.execute(query)]
    rows = [
        connection.execute(f"{query} AND path = ?", (os.fsencode(path),)).fetchone()
        for path in paths
    ]
    return [_record(row) for row in rows if row]


def write_file(connection: sqlite3.Connection, track: Track, stamp: FileStamp) -> None:
    """Store which track a file that is there holds, and what its tags say of it."""
    label = singers_label(track.singers or (track.singer,))
    tags = (track.title, label, track.album, track.year)
    values = (track.track_id, *_stamped(stamp), "", *tags)
    connection.execute(_UPSERT, (os.fsencode(track.path), *values))


def _stamped(stamp: FileStamp) -> tuple[int, int, int]:
    return stamp.size, stamp.mtime_ns, stamp.ctime_ns


def _record(row: sqlite3.Row) -> FileRecord:
    return FileRecord(
        Path(os.fsdecode(row["path"])),
        row["track_id"],
        FileStamp(row["size"], row["mtime_ns"], row["ctime_ns"]),
        bool(row["missing"]),
        row["error"],
    )
