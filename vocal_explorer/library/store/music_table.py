"""What is known of the music of tracks, as rows of the library's database."""

import sqlite3

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.records.music import ANALYSIS_VERSION, Key, Music, MusicSummary, Phrase
from vocal_explorer.library.store.database import Database

_FOUND = f"separator = ? AND version = {ANALYSIS_VERSION}"
_COLUMNS = """tempo, stability, tonic, minor, key_confidence, vocals_loudness,
    accompaniment_loudness, energy, seconds, beats, downbeats, sections, phrases"""
SUMMARY = ("tempo", "stability", "tonic", "minor", "key_confidence", "energy")


def write_music(
    connection: sqlite3.Connection, track_id: str, separator: str, music: Music
) -> None:
    """Store what was found in the stems that a separator made of a track.

    What the same analysis found before stays: kept stems are rounded, and another pair of
    encoders is no reason for another tempo.
    """
    connection.execute(
        "DELETE FROM music WHERE track_id = ? AND separator = ? AND version != ?",
        (track_id, separator, ANALYSIS_VERSION),
    )
    key = music.key
    phrases = np.array([(phrase.start, phrase.stop) for phrase in music.phrases])
    row = (
        music.tempo,
        music.stability,
        key.tonic if key else None,
        key.minor if key else None,
        key.confidence if key else None,
        _finite(music.vocals_loudness),
        _finite(music.accompaniment_loudness),
        music.energy,
        music.seconds,
        music.beats.astype("<f8").tobytes(),
        music.downbeats.astype("<i4").tobytes(),
        music.sections.astype("<i4").tobytes(),
        phrases.astype("<f8").tobytes(),
    )
    connection.execute(
        f"INSERT OR IGNORE INTO music (track_id, separator, version, {_COLUMNS}) "
        f"VALUES ({', '.join('?' * (3 + len(row)))})",
        (track_id, separator, ANALYSIS_VERSION, *row),
    )


class MusicTable:
    """Reads and writes what is known of the music of tracks, from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, track_id: str, separator: str) -> Music | None:
        """Return all that is known of one track, or None."""
        query = f"SELECT {_COLUMNS} FROM music WHERE track_id = ? AND {_FOUND}"
        with self._database.reading() as connection:
            row = connection.execute(query, (track_id, separator)).fetchone()
        return _music(row) if row else None

    def save(self, track_id: str, separator: str, music: Music) -> None:
        """Store what was found in the stems of one track."""
        with self._database.writing() as connection:
            write_music(connection, track_id, separator, music)


def music_summary(row: sqlite3.Row) -> MusicSummary | None:
    """Read the columns SUMMARY of a row; all are NULL where nothing is known."""
    tempo, stability, energy = row["tempo"], row["stability"], row["energy"]
    if tempo is None or stability is None or energy is None:
        return None
    return MusicSummary(tempo, stability, _key(row), energy)


def _music(row: sqlite3.Row) -> Music:
    phrases = np.frombuffer(row["phrases"], "<f8").reshape(-1, 2)
    return Music(
        beats=np.frombuffer(row["beats"], "<f8"),
        downbeats=_indices(row["downbeats"]),
        sections=_indices(row["sections"]),
        tempo=row["tempo"],
        stability=row["stability"],
        key=_key(row),
        phrases=tuple(Phrase(*ends) for ends in phrases),
        vocals_loudness=_loudness(row["vocals_loudness"]),
        accompaniment_loudness=_loudness(row["accompaniment_loudness"]),
        energy=row["energy"],
        seconds=row["seconds"],
    )


def _key(row: sqlite3.Row) -> Key | None:
    if row["tonic"] is None:
        return None
    return Key(row["tonic"], bool(row["minor"]), row["key_confidence"] or 0.0)


def _indices(values: bytes) -> NDArray[np.int64]:
    return np.frombuffer(values, "<i4").astype(np.int64)


def _finite(loudness: float) -> float | None:
    """Return what the database can hold: it has no infinities."""
    return loudness if np.isfinite(loudness) else None


def _loudness(value: float | None) -> float:
    return float("-inf") if value is None else value
