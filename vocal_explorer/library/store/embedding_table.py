"""The embeddings of tracks, for each pair of encoders and each separator."""

import json
import sqlite3
from collections.abc import Iterable, Mapping

import numpy as np

from vocal_explorer.base.records.signals import Domain, Embedding
from vocal_explorer.library.store.database import Database
from vocal_explorer.library.store.records import EmbeddingKey

_OF_KEY = "FROM embeddings WHERE model_id = ? AND separator = ?"


class EmbeddingTable:
    """Reads embeddings, from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, key: EmbeddingKey, domain: Domain) -> dict[str, Embedding]:
        """Return the embedding (n_dimensions,) of each track that has one under `key`."""
        with self._database.reading() as connection:
            return read_embeddings(connection, key, domain)

    def has(self, track_id: str, key: EmbeddingKey) -> bool:
        """Return whether the track has both embeddings under `key`, with a file or without."""
        query = f"SELECT count(*) {_OF_KEY} AND track_id = ?"
        with self._database.reading() as connection:
            row = connection.execute(query, (key.model_id, key.separator, track_id)).fetchone()
        return int(row[0]) == len(Domain)

    def track_ids(self, key: EmbeddingKey) -> set[str]:
        """Return the ids of all tracks that have both embeddings under `key`."""
        with self._database.reading() as connection:
            return read_track_ids(connection, key)


def read_embeddings(
    connection: sqlite3.Connection,
    key: EmbeddingKey,
    domain: Domain,
    track_ids: Iterable[str] | None = None,
) -> dict[str, Embedding]:
    """Return the embedding (n_dimensions,) under `key` of each track, or of some of them."""
    query, values = f"SELECT track_id, vector {_OF_KEY} AND domain = ?", [*_values(key), domain]
    if track_ids is not None:
        query += " AND track_id IN (SELECT value FROM json_each(?))"
        values.append(json.dumps(list(track_ids)))
    return {
        row["track_id"]: np.frombuffer(row["vector"], dtype="<f4")
        for row in connection.execute(query, values)
    }


def read_track_ids(connection: sqlite3.Connection, key: EmbeddingKey) -> set[str]:
    """Return the ids of all tracks that have both embeddings under `key`."""
    query = f"SELECT track_id {_OF_KEY} GROUP BY track_id HAVING count(*) = ?"
    rows = connection.execute(query, (*_values(key), len(Domain)))
    return {row["track_id"] for row in rows}


def read_matrix(
    connection: sqlite3.Connection, key: EmbeddingKey, domain: Domain, row_of: Mapping[str, int]
) -> Embedding:
    """Return the embeddings under `key` of some tracks in their rows, (n, d).

    Each of the n tracks has one; without tracks d is 1, for nobody knows better.
    """
    matrix = np.empty((0, 1), np.float32)
    query = f"SELECT track_id, vector {_OF_KEY} AND domain = ?"
    for track_id, vector in connection.execute(query, [*_values(key), domain]):
        row, values = row_of.get(track_id), np.frombuffer(vector, dtype="<f4")
        if row is not None:
            if not len(matrix):
                matrix = np.empty((len(row_of), len(values)), np.float32)
            matrix[row] = values
    return matrix


def write_embeddings(
    connection: sqlite3.Connection,
    track_id: str,
    key: EmbeddingKey,
    embeddings: Mapping[Domain, Embedding],
) -> None:
    """Store the embeddings of a track."""
    rows = [
        (track_id, domain, *_values(key), vector.astype("<f4").tobytes())
        for domain, vector in embeddings.items()
    ]
    connection.executemany("INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?, ?, ?)", rows)


def _values(key: EmbeddingKey) -> tuple[str, str]:
    return key.model_id, key.separator
