"""What the library knows: tracks by content, the files that hold them, their embeddings."""

import os
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vocal_explorer.base.records.music import ANALYSIS_VERSION, Music
from vocal_explorer.base.records.signals import Domain, Embedding
from vocal_explorer.base.records.tracks import PitchRange, StaleReason, Tags, Track, TrackState
from vocal_explorer.features.fingerprint import Fingerprint
from vocal_explorer.library.database import Database
from vocal_explorer.library.music_rows import SUMMARY, music_summary, write_music
from vocal_explorer.library.scanning.missing import Measurement, missing
from vocal_explorer.library.singer_labels import (
    printable,
    read_spellings,
    singers_label,
    singers_of_label,
)


@dataclass(frozen=True)
class EmbeddingKey:
    """What embeddings must share to be comparable: the weights, and what made the stems."""

    model_id: str
    separator: str


@dataclass(frozen=True)
class FileStamp:
    """The cheap evidence that a file is unchanged: size in bytes, mtime in nanoseconds."""

    size: int
    mtime_ns: int


NO_PITCH = PitchRange(-1.0, -1.0, -1.0)  # stored for a track that was listened to and has none
UNSTAMPED = FileStamp(-1, -1)  # equals no file's stamp: the file is tried at every scan


@dataclass(frozen=True)
class FileRecord:
    """One row of the files table; `track_id` is empty when `error` says why there is none."""

    path: Path
    track_id: str
    stamp: FileStamp
    missing: bool
    error: str


# Of a track without embeddings under the key, the last column tells whether another
# separator is why, and the presence and separator are those of an older analysis.
_TRACKS = f"""
    SELECT f.path, t.track_id, t.title, coalesce(t.user_singer, t.singer), t.album, t.year,
        t.seconds, f.missing, e.separator, p.presence,
        (SELECT count(*) FROM embeddings c WHERE c.track_id = t.track_id
            AND c.model_id = :model AND c.separator = :separator),
        e.model_id = :model, r.low, r.median, r.high,
        {", ".join(f"m.{name}" for name in SUMMARY)}
    FROM files f JOIN tracks t ON t.track_id = f.track_id
    LEFT JOIN embeddings e ON e.rowid = (
        SELECT b.rowid FROM embeddings b WHERE b.track_id = t.track_id
        ORDER BY b.separator = :separator AND b.model_id = :model DESC,
            b.model_id = :model DESC, b.rowid DESC LIMIT 1)
    LEFT JOIN vocal_presences p ON p.track_id = t.track_id AND p.separator = e.separator
    LEFT JOIN pitch_ranges r ON r.track_id = t.track_id AND r.separator = e.separator
    LEFT JOIN music m ON m.track_id = t.track_id AND m.separator = e.separator
        AND m.version = {ANALYSIS_VERSION}
"""
_Row = tuple[
    bytes, str, str, str, str, int | None, float, int, str | None, float | None, int, int | None,
    float | None, float | None, float | None,
    float | None, float | None, int | None, int | None, float | None, float | None,
]  # fmt: skip


def _track(row: _Row, spellings: Mapping[str, str]) -> Track:
    path, track_id, title, label, album, year, seconds = row[:7]
    singers = singers_of_label(label, spellings)
    missing, separator, presence, n_current, same_weights = row[7:12]
    stale, state = None, TrackState.ANALYSED
    if n_current != len(Domain):
        state = TrackState.STALE
        stale = StaleReason.SEPARATOR if same_weights else StaleReason.WEIGHTS
    return Track(
        track_id,
        Path(os.fsdecode(path)),
        title,
        " & ".join(singers),
        album,
        year,
        seconds,
        state=TrackState.MISSING if missing else state,
        vocal_presence=presence,
        separator=separator or "",
        stale=stale,
        singers=singers if len(singers) > 1 else (),
        pitch_range=_pitch_range(*row[12:15]),
        music=music_summary(row[15:]),
    )


def _pitch_range(low: float | None, median: float | None, high: float | None) -> PitchRange | None:
    if low is None or median is None or high is None or low < 0:
        return None
    return PitchRange(low, median, high)


class Store:
    """Reads and writes the library, one transaction a change, from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def revision(self) -> int:
        """See Database.revision."""
        return self._database.revision()

    def tracks(self, key: EmbeddingKey) -> list[Track]:
        """Return each track once, at its first file that is not missing, in path order."""
        query = _TRACKS + " ORDER BY f.missing, f.path"
        with self._database.reading() as connection:
            rows = connection.execute(query, _parameters(key)).fetchall()
            spellings = read_spellings(connection)
        tracks: dict[str, Track] = {}
        for row in rows:
            if row[1] not in tracks:
                tracks[row[1]] = _track(row, spellings)
        return sorted(tracks.values(), key=lambda track: track.path)

    def track(self, track_id: str, key: EmbeddingKey) -> Track | None:
        """Return one track, or None when no file holds it."""
        query = _TRACKS + " WHERE t.track_id = :track ORDER BY f.missing, f.path LIMIT 1"
        with self._database.reading() as connection:
            row = connection.execute(query, _parameters(key) | {"track": track_id}).fetchone()
            spellings = read_spellings(connection)
        return _track(row, spellings) if row else None

    def files(self) -> dict[Path, FileRecord]:
        """Return all known files, the missing and the failed ones too."""
        query = "SELECT path, coalesce(track_id, ''), size, mtime_ns, missing, error FROM files"
        with self._database.reading() as connection:
            rows = connection.execute(query).fetchall()
        return {record.path: record for record in map(_file_record, rows)}

    def paths(self, track_id: str) -> list[Path]:
        """Return all files that hold a track, those that are there first."""
        query = "SELECT path FROM files WHERE track_id = ? ORDER BY missing, path"
        with self._database.reading() as connection:
            rows = connection.execute(query, (track_id,)).fetchall()
        return [Path(os.fsdecode(row[0])) for row in rows]

    def is_current(self, track_id: str, key: EmbeddingKey) -> bool:
        """Return whether the track has both embeddings under `key`, with a file or without."""
        query = """SELECT count(*) FROM embeddings
            WHERE track_id = ? AND model_id = ? AND separator = ?"""
        with self._database.reading() as connection:
            row = connection.execute(query, (track_id, key.model_id, key.separator)).fetchone()
        return int(row[0]) == len(Domain)

    def current_ids(self, key: EmbeddingKey) -> set[str]:
        """Return the ids of all tracks that have both embeddings under `key`."""
        query = """SELECT track_id FROM embeddings WHERE model_id = ? AND separator = ?
            GROUP BY track_id HAVING count(*) = ?"""
        with self._database.reading() as connection:
            rows = connection.execute(query, (key.model_id, key.separator, len(Domain)))
            return {row[0] for row in rows}

    def missing(self, key: EmbeddingKey) -> dict[str, frozenset[Measurement]]:
        """Return what is not known of tracks for the separator of `key`; see scanning.missing."""
        return missing(self._database, key.separator)

    def embeddings(self, key: EmbeddingKey, domain: Domain) -> dict[str, Embedding]:
        """Return the embedding (n_dimensions,) of each track that has one under `key`."""
        query = """SELECT track_id, vector FROM embeddings
            WHERE model_id = ? AND separator = ? AND domain = ?"""
        with self._database.reading() as connection:
            rows = connection.execute(query, (key.model_id, key.separator, domain)).fetchall()
        return {track_id: np.frombuffer(vector, dtype="<f4") for track_id, vector in rows}

    def save_track(
        self,
        track: Track,
        stamp: FileStamp,
        key: EmbeddingKey,
        embeddings: dict[Domain, Embedding],
        fingerprint: Fingerprint | None = None,
        music: Music | None = None,
    ) -> None:
        """Store a track, its file, its embeddings, fingerprint and music; all of it or nothing.

        Presence, pitch range and music belong to the separator of `key`, as the embeddings do.
        """
        with self._database.writing() as connection:
            _upsert_track(connection, track)
            _upsert_file(connection, track.path, track.track_id, stamp, "")
            connection.executemany(
                "INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?, ?, ?)",
                [
                    (track.track_id, domain, key.model_id, key.separator,
                     vector.astype("<f4").tobytes())
                    for domain, vector in embeddings.items()
                ],
            )  # fmt: skip
            if track.vocal_presence is not None:
                connection.execute(
                    "INSERT OR REPLACE INTO vocal_presences VALUES (?, ?, ?)",
                    (track.track_id, key.separator, track.vocal_presence),
                )
            if fingerprint is not None:
                connection.execute(
                    "INSERT OR IGNORE INTO fingerprints (track_id, levels) VALUES (?, ?)",
                    (track.track_id, fingerprint.tobytes()),
                )
            voice = track.pitch_range or NO_PITCH
            connection.execute(
                "INSERT OR REPLACE INTO pitch_ranges VALUES (?, ?, ?, ?, ?)",
                (track.track_id, key.separator, voice.low, voice.median, voice.high),
            )
            if music is not None:
                write_music(connection, track.track_id, key.separator, music)

    def link_file(self, track: Track, stamp: FileStamp, gone: list[Path]) -> None:
        """Say that `track.path` holds a known track, and forget the paths it moved from."""
        with self._database.writing() as connection:
            _upsert_track(connection, track)
            _upsert_file(connection, track.path, track.track_id, stamp, "")
            connection.executemany(
                "DELETE FROM files WHERE path = ?", [(os.fsencode(path),) for path in gone]
            )

    def save_failure(self, path: Path, stamp: FileStamp, error: str) -> None:
        """Store why a file could not be analysed, one sentence."""
        with self._database.writing() as connection:
            _upsert_file(connection, path, None, stamp, printable(error))

    def forget_failures(self, paths: Sequence[Path]) -> None:
        """Let failed files count as changed, so that they are tried again."""
        rows = [(UNSTAMPED.size, UNSTAMPED.mtime_ns, os.fsencode(path)) for path in paths]
        with self._database.writing() as connection:
            connection.executemany(
                "UPDATE files SET size = ?, mtime_ns = ? WHERE path = ? AND error != ''", rows
            )

    def set_missing(self, paths: list[Path], missing: bool) -> None:
        """Mark files as gone, or as there again."""
        rows = [(missing, os.fsencode(path)) for path in paths]
        if rows:
            with self._database.writing() as connection:
                connection.executemany("UPDATE files SET missing = ? WHERE path = ?", rows)

    def load_map(self, domain: Domain, key: EmbeddingKey, fingerprint: str) -> str | None:
        """Return the saved map of exactly these embeddings, or None."""
        query = """SELECT points FROM maps
            WHERE domain = ? AND model_id = ? AND separator = ? AND fingerprint = ?"""
        values = (domain, key.model_id, key.separator, fingerprint)
        with self._database.reading() as connection:
            row = connection.execute(query, values).fetchone()
        return str(row[0]) if row else None

    def last_map(self, domain: Domain, key: EmbeddingKey) -> str | None:
        """Return the saved map of a domain, whatever embeddings it was made of, or None."""
        query = "SELECT points FROM maps WHERE domain = ? AND model_id = ? AND separator = ?"
        with self._database.reading() as connection:
            row = connection.execute(query, (domain, key.model_id, key.separator)).fetchone()
        return str(row[0]) if row else None

    def save_map(self, domain: Domain, key: EmbeddingKey, fingerprint: str, points: str) -> None:
        """Keep a map; it replaces the one of the same domain and key."""
        values = (domain, key.model_id, key.separator, fingerprint, points)
        with self._database.reading() as connection:  # one statement; no track changes
            connection.execute("INSERT OR REPLACE INTO maps VALUES (?, ?, ?, ?, ?)", values)

    def setting(self, key: str) -> str:
        """Return a setting of the library; empty when it was never made."""
        query = "SELECT value FROM settings WHERE key = ?"
        with self._database.reading() as connection:
            row = connection.execute(query, (key,)).fetchone()
        return str(row[0]) if row else ""

    def change_settings(self, settings: dict[str, str]) -> None:
        """Keep settings, all of them or none; every process that has the library sees them."""
        with self._database.writing() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO settings VALUES (?, ?)", list(settings.items())
            )

    def close(self) -> None:
        """See Database.close."""
        self._database.close()


def tags_to_track(path: Path, track_id: str, tags: Tags, seconds: float = 0.0) -> Track:
    """Make a Track of a file's tags, with nothing in it that the database cannot hold."""
    return Track(
        track_id=track_id,
        path=path,
        title=printable(tags.title or path.stem),
        singer=printable(" & ".join(tags.artists) or tags.artist or ""),
        album=printable(tags.album or ""),
        year=tags.year,
        seconds=seconds,
        singers=tuple(map(printable, tags.artists)),
    )


def _parameters(key: EmbeddingKey) -> dict[str, str]:
    return {"model": key.model_id, "separator": key.separator}


def _file_record(row: tuple[bytes, str, int, int, int, str]) -> FileRecord:
    path, track_id, size, mtime_ns, missing, error = row
    return FileRecord(
        Path(os.fsdecode(path)), track_id, FileStamp(size, mtime_ns), bool(missing), error
    )


def _upsert_track(connection: sqlite3.Connection, track: Track) -> None:
    connection.execute(
        """INSERT INTO tracks (track_id, title, singer, album, year, seconds)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (track_id) DO UPDATE SET title = excluded.title,
            singer = excluded.singer, album = excluded.album, year = excluded.year""",
        (
            track.track_id,
            track.title,
            singers_label(track.singers or (track.singer,)),
            track.album,
            track.year,
            track.seconds,
        ),
    )


def _upsert_file(
    connection: sqlite3.Connection,
    path: Path,
    track_id: str | None,
    stamp: FileStamp,
    error: str,
) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, 0, ?)",
        (os.fsencode(path), track_id, stamp.size, stamp.mtime_ns, error),
    )
