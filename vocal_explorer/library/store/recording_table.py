"""Fingerprints of tracks, and which tracks they showed to be one recording."""

import sqlite3
from collections.abc import Iterable

import numpy as np

from vocal_explorer.features.fingerprint import N_BANDS, Fingerprint
from vocal_explorer.library.store.database import Database


class RecordingTable:
    """Reads and writes fingerprints and what was found by them, from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def not_compared(self) -> set[str]:
        """Return the ids of the tracks whose fingerprints were compared with none yet."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT track_id FROM fingerprints WHERE NOT compared")
            return {row["track_id"] for row in rows}

    def fingerprint(self, track_id: str) -> Fingerprint | None:
        """Return the fingerprint of a track, (n_frames, n_bands), or None."""
        query = "SELECT levels FROM fingerprints WHERE track_id = ?"
        with self._database.reading() as connection:
            row = connection.execute(query, (track_id,)).fetchone()
        return np.frombuffer(row["levels"], np.int8).reshape(-1, N_BANDS) if row else None

    def save_compared(self, track_id: str, same: Iterable[str]) -> None:
        """Store that a track was compared, and with which ones it is one recording."""
        pairs = [(min(track_id, other), max(track_id, other)) for other in same]
        with self._database.writing() as connection:
            connection.executemany("INSERT OR REPLACE INTO same_recordings VALUES (?, ?)", pairs)
            connection.execute(
                "UPDATE fingerprints SET compared = 1 WHERE track_id = ?", (track_id,)
            )


def read_links(connection: sqlite3.Connection) -> dict[str, frozenset[str]]:
    """Return which others each track is one recording with, where there are any."""
    return links(connection.execute("SELECT track_id, other_id FROM same_recordings"))


def links(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """Return the others that each track is in a pair with."""
    found: dict[str, set[str]] = {}
    for first, second in pairs:
        found.setdefault(first, set()).add(second)
        found.setdefault(second, set()).add(first)
    return {track_id: frozenset(others) for track_id, others in found.items()}


def read_links_of(connection: sqlite3.Connection, track_id: str) -> frozenset[str]:
    """Return which others a track is one recording with."""
    query = """SELECT other_id FROM same_recordings WHERE track_id = :id
        UNION SELECT track_id FROM same_recordings WHERE other_id = :id"""
    return frozenset(row[0] for row in connection.execute(query, {"id": track_id}))


def write_fingerprint(
    connection: sqlite3.Connection, track_id: str, fingerprint: Fingerprint
) -> None:
    """Store the fingerprint of a track, unless there is one."""
    connection.execute(
        "INSERT OR IGNORE INTO fingerprints (track_id, levels) VALUES (?, ?)",
        (track_id, fingerprint.tobytes()),
    )
