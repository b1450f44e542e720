"""What rankings ask of each track, in columns."""

import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vocal_explorer.base.records.signals import Embedding
from vocal_explorer.base.records.tracks import TrackState
from vocal_explorer.library.rows import TrackRows
from vocal_explorer.ranking.spaces import Rows

Flags = NDArray[np.bool_]
Column = NDArray[Any]


@dataclass(frozen=True, eq=False)
class TrackColumns:
    """Columns of n rows, each (n,).

    `empty` rows have no track any more; the files of `missing` ones are not there;
    `blank_vocals` and `blank_mix` have embeddings of zeros. `marks` spread the tracks evenly
    over the numbers of 32 bits, whatever else the library holds.
    """

    empty: Flags
    missing: Flags
    instrumental: Flags
    blank_vocals: Flags
    blank_mix: Flags
    marks: NDArray[np.uint32]

    @classmethod
    def none(cls) -> "TrackColumns":
        """Return columns of no rows."""
        no = np.zeros(0, np.bool_)
        return cls(no, no, no, no, no, np.zeros(0, np.uint32))

    def left_out(self, by_vocals: bool) -> Flags:
        """Return which rows cannot be compared."""
        return self.empty | self.instrumental if by_vocals else self.empty


def updated_columns(before: TrackColumns, rows: TrackRows, changed: Rows) -> TrackColumns:
    """Return the columns of rows of which some have changed; `before` stays as it is."""
    tracks = [rows.tracks[row] for row in changed.tolist()]
    states = [track.state if track else None for track in tracks]
    marks = [zlib.crc32(track.track_id.encode()) if track else 0 for track in tracks]
    n = len(rows.tracks)

    def column(old: Column, values: ArrayLike) -> Column:
        whole: Column = np.zeros(n, old.dtype)
        whole[: len(old)] = old
        whole[changed] = values
        return whole

    return TrackColumns(
        empty=column(before.empty, [track is None for track in tracks]),
        missing=column(before.missing, [state is TrackState.MISSING for state in states]),
        instrumental=column(
            before.instrumental, [t is not None and t.instrumental for t in tracks]
        ),
        blank_vocals=column(before.blank_vocals, _blank(rows.vocals, changed)),
        blank_mix=column(before.blank_mix, _blank(rows.mix, changed)),
        marks=column(before.marks, marks),
    )


def _blank(vectors: Embedding, rows: Rows) -> Flags:
    some = vectors if len(rows) == len(vectors) else vectors[rows]
    return np.asarray(np.einsum("ij,ij->i", some, some) == 0, dtype=np.bool_)
