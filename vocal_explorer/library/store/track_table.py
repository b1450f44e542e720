"""The tracks of a library as its tables describe them together."""

import json
import os
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path

from vocal_explorer.base.records.music import ANALYSIS_VERSION
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.base.records.tracks import PitchRange, StaleReason, Track, TrackState
from vocal_explorer.library.store.database import Database
from vocal_explorer.library.store.music_table import SUMMARY, music_summary
from vocal_explorer.library.store.records import EmbeddingKey
from vocal_explorer.library.store.singer_labels import (
    read_spellings,
    singers_label,
    singers_of_label,
)

NO_PITCH = PitchRange(-1.0, -1.0, -1.0)  # stored for a track that was listened to and has none

# The tags are those of the file, or of the track where an older version kept them there.
# Of a track without embeddings under the key, the separator is that of an older analysis, as
# are the presence and all else that depends on it.
_TRACKS = f"""
    SELECT f.path, t.track_id, coalesce(f.title, t.title) AS title,
        coalesce(t.user_singer, f.singer, t.singer) AS label,
        coalesce(f.album, t.album) AS album,
        CASE WHEN f.title IS NULL THEN t.year ELSE f.year END AS year,
        t.seconds, f.missing, e.separator, p.presence,
        (SELECT count(*) FROM embeddings c WHERE c.track_id = t.track_id
            AND c.model_id = :model AND c.separator = :separator) AS n_current,
        e.model_id = :model AS same_weights, r.low, r.median, r.high,
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
_SOME = " WHERE t.track_id IN (SELECT value FROM json_each(:ids))"
_FIRST_FILE_FIRST = " ORDER BY f.missing, f.path"


class TrackTable:
    """Reads tracks, from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, key: EmbeddingKey) -> list[Track]:
        """Return each track once, at its first file that is not missing, in path order."""
        with self._database.reading() as connection:
            tracks = read_tracks(connection, key)
        return sorted(tracks.values(), key=lambda track: track.path)

    def get(self, track_id: str, key: EmbeddingKey) -> Track | None:
        """Return one track, or None when no file holds it."""
        with self._database.reading() as connection:
            return read_tracks(connection, key, [track_id]).get(track_id)


def read_tracks(
    connection: sqlite3.Connection, key: EmbeddingKey, track_ids: Iterable[str] | None = None
) -> dict[str, Track]:
    """Return all tracks that a file holds, or some of them, by id."""
    values = {"model": key.model_id, "separator": key.separator}
    query = _TRACKS
    if track_ids is not None:
        query, values["ids"] = query + _SOME, json.dumps(list(track_ids))
    spellings = read_spellings(connection)
    tracks: dict[str, Track] = {}
    for row in connection.execute(query + _FIRST_FILE_FIRST, values):
        if row["track_id"] not in tracks:
            tracks[row["track_id"]] = _track(row, spellings)
    return tracks


def write_track(connection: sqlite3.Connection, track: Track) -> None:
    """Store what a file says of its track; what the user calls the singer stays."""
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


def write_voice(connection: sqlite3.Connection, track: Track, separator: str) -> None:
    """Store how much voice there is in a track, and its pitches, by what isolated it."""
    if track.vocal_presence is not None:
        connection.execute(
            "INSERT OR REPLACE INTO vocal_presences VALUES (?, ?, ?)",
            (track.track_id, separator, track.vocal_presence),
        )
    pitch = track.pitch_range or NO_PITCH
    connection.execute(
        "INSERT OR REPLACE INTO pitch_ranges VALUES (?, ?, ?, ?, ?)",
        (track.track_id, separator, pitch.low, pitch.median, pitch.high),
    )


def _track(row: sqlite3.Row, spellings: Mapping[str, str]) -> Track:
    singers = singers_of_label(row["label"], spellings)
    stale, state = None, TrackState.ANALYSED
    if row["n_current"] != len(Domain):
        state = TrackState.STALE
        stale = StaleReason.SEPARATOR if row["same_weights"] else StaleReason.WEIGHTS
    return Track(
        row["track_id"],
        Path(os.fsdecode(row["path"])),
        row["title"],
        " & ".join(singers),
        row["album"],
        row["year"],
        row["seconds"],
        state=TrackState.MISSING if row["missing"] else state,
        vocal_presence=row["presence"],
        separator=row["separator"] or "",
        stale=stale,
        singers=singers if len(singers) > 1 else (),
        pitch_range=_pitch_range(row["low"], row["median"], row["high"]),
        music=music_summary(row),
    )


def _pitch_range(low: float | None, median: float | None, high: float | None) -> PitchRange | None:
    if low is None or median is None or high is None or low < 0:
        return None
    return PitchRange(low, median, high)
