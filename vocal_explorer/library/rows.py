"""The comparable tracks of a library, one a row, and their embeddings in matrices that grow.

A row keeps its number for as long as the library is open: what is new comes at the end, what
is gone leaves an empty row. So whoever computed something for each row has to look only at the
rows that changed since, and an older snapshot sees the beginning of the same matrices.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.records.signals import Embedding
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.base.vectors import unit_rows

SPARE_ROWS = 1024  # beyond twice the rows; room takes memory only when it is used
BLOCK = 4096  # rows that are made units at once
MOST_EMPTY = 0.5  # of the rows; with more of them the library is better read again


class GrowingMatrix:
    """Unit rows that are added at the end, in place while there is room.

    Parameters
    ----------
    n
        How many rows there will be soon, at least.
    n_columns
        Numbers in a row.
    """

    def __init__(self, n: int, n_columns: int) -> None:
        self._room = np.empty((2 * n + SPARE_ROWS, n_columns), np.float32)

    def extended(self, n: int, rows: Embedding) -> Embedding:
        """Return the first n rows and behind them these at unit length, (n + k, d).

        They are to be read only. What was returned for at most n rows stays as it is.
        """
        end = n + len(rows)
        if end > len(self._room):
            room = np.empty((2 * end + SPARE_ROWS, rows.shape[1]), np.float32)
            room[:n] = self._room[:n]
            self._room = room
        for first in range(0, len(rows), BLOCK):
            block = rows[first : first + BLOCK]
            self._room[n + first : n + first + len(block)] = unit_rows(block)
        view = self._room[:end]
        view.flags.writeable = False
        return view


@dataclass(frozen=True, eq=False)
class TrackRows:
    """The tracks that have both embeddings under one key, at one revision; n rows.

    Attributes
    ----------
    tracks
        The track of each row; None where there is none any more.
    row_of
        The row of each track id.
    vocals, mix
        Unit embeddings by f_v and f_m, each (n, d).
    changed
        At which revision the track, its embeddings or its links changed last, (n,).
    matrices
        Where the rows come from: rows with the same matrices have the same numbers.
    """

    tracks: tuple[Track | None, ...]
    row_of: Mapping[str, int]
    vocals: Embedding
    mix: Embedding
    changed: NDArray[np.int64]
    matrices: tuple[GrowingMatrix, GrowingMatrix]

    @classmethod
    def of(
        cls, tracks: Sequence[Track], vocals: Embedding, mix: Embedding, revision: int = 0
    ) -> "TrackRows":
        """Make rows of tracks and their embeddings, each (n, d), in the order given."""
        matrices = (GrowingMatrix(*vocals.shape), GrowingMatrix(*mix.shape))
        return cls(
            tuple(tracks),
            {track.track_id: row for row, track in enumerate(tracks)},
            matrices[0].extended(0, vocals),
            matrices[1].extended(0, mix),
            np.full(len(tracks), revision, np.int64),
            matrices,
        )

    @property
    def worn(self) -> bool:
        """Whether so many rows are empty that reading all again is worth it."""
        n_empty = len(self.tracks) - len(self.row_of)
        return n_empty > SPARE_ROWS and n_empty > MOST_EMPTY * len(self.tracks)

    def changed_since(self, before: "TrackRows") -> NDArray[np.int64]:
        """Return the rows that changed after other rows of the same matrices, the new ones too."""
        n = len(before.tracks)
        old = np.flatnonzero(self.changed[:n] != before.changed)
        return np.concatenate((old, np.arange(n, len(self.tracks))))


@dataclass(frozen=True)
class RowChanges:
    """What became of tracks: gone, described anew, or with embeddings, (d,) by f_v and f_m.

    `linked` are ids of tracks whose links to other recordings changed.
    """

    gone: frozenset[str]
    described: Mapping[str, Track]
    embedded: Mapping[str, tuple[Embedding, Embedding]]
    linked: frozenset[str] = frozenset()


def changed_rows(before: TrackRows, changes: RowChanges, revision: int) -> TrackRows:
    """Return rows after changes; `before` stays as it is.

    Only one thread at a time may change rows of the same matrices, and only the newest.
    """
    row_of, tracks = dict(before.row_of), list(before.tracks)
    touched = [row_of[track_id] for track_id in changes.linked if track_id in row_of]
    new: dict[str, tuple[Embedding, Embedding]] = {}
    for track_id, vectors in changes.embedded.items():
        if not _is_at(before, row_of.get(track_id), vectors):
            new[track_id] = vectors
    for track_id in (*changes.gone, *new):
        row = row_of.pop(track_id, None)
        if row is not None:
            tracks[row] = None
            touched.append(row)
    for track_id in changes.described.keys() - new.keys():
        row = row_of.get(track_id)
        if row is not None and tracks[row] is not changes.described[track_id]:
            tracks[row] = changes.described[track_id]
            touched.append(row)
    if not new and not touched:
        return before
    for track_id in new:
        row_of[track_id] = len(tracks)
        tracks.append(changes.described[track_id])
    stamps = np.concatenate((before.changed, np.full(len(new), revision, np.int64)))
    stamps[touched] = revision
    return replace(
        _with_vectors(before, list(new.values())),
        tracks=tuple(tracks),
        row_of=row_of,
        changed=stamps,
    )


def _is_at(rows: TrackRows, row: int | None, vectors: tuple[Embedding, Embedding]) -> bool:
    if row is None:
        return False
    kept = (rows.vocals[row], rows.mix[row])
    return all(map(np.array_equal, kept, (unit_rows(vector[None])[0] for vector in vectors)))


def _with_vectors(rows: TrackRows, new: Sequence[tuple[Embedding, Embedding]]) -> TrackRows:
    if not new:
        return rows
    n, both = len(rows.tracks), [np.stack(vectors) for vectors in zip(*new, strict=True)]
    matrices = rows.matrices
    if not n:  # nobody knew how many numbers a vector would have
        matrices = (GrowingMatrix(*both[0].shape), GrowingMatrix(*both[1].shape))
    vocals, mix = (matrix.extended(n, part) for matrix, part in zip(matrices, both, strict=True))
    return replace(rows, vocals=vocals, mix=mix, matrices=matrices)
