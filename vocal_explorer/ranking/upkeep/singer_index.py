"""Who sings which row, kept up as tracks come, change and go."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from vocal_explorer.base.names import label_key
from vocal_explorer.base.records.signals import Embedding
from vocal_explorer.library.rows import TrackRows
from vocal_explorer.ranking.spaces import Rows
from vocal_explorer.ranking.upkeep.track_columns import Flags

AT_ONCE = 4096  # singers whose sums are in memory together

Lengths = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sung:
    """Pairs of rows and singers, each (p,): a track of several singers is in several pairs.

    `singers` are numbers below `n_singers`, `places` are those in the track's list of singers.
    """

    rows: Rows
    singers: Rows
    places: Rows
    n_singers: int

    @classmethod
    def none(cls) -> "Sung":
        """Return no pairs."""
        no = np.zeros(0, np.int64)
        return cls(no, no, no, 0)

    def only(self, pairs: Flags) -> "Sung":
        """Return some of the pairs."""
        return Sung(self.rows[pairs], self.singers[pairs], self.places[pairs], self.n_singers)

    def at(self, rows: Rows) -> "Sung":
        """Return the same pairs of other rows, (p,)."""
        return replace(self, rows=rows)

    def of_rows(self, rows: Flags) -> "Sung":
        """Return the pairs of flagged rows."""
        return self.only(rows[self.rows])

    def by(self, singers: Rows) -> "Sung":
        """Return the pairs of some singers."""
        return self.only(np.isin(self.singers, singers))


class SingerIndex:
    """Gives singers numbers that stay theirs; for one thread at a time."""

    def __init__(self) -> None:
        self._number_of: dict[str, int] = {}  # also of each spelling
        self._n = 0

    def updated(self, before: Sung, rows: TrackRows, changed: Rows) -> Sung:
        """Return who sings which row now; `before` stays as it is."""
        found: list[tuple[int, int, int]] = []
        for row in changed.tolist():
            track = rows.tracks[row]
            names = (track.singers or (track.singer,)) if track is not None else ()
            found += [(row, self._number(n), i) for i, n in enumerate(names) if n.strip()]
        new = np.array(found, np.int64).reshape(-1, 3).T
        kept = ~np.isin(before.rows, changed)
        old = before.only(kept)
        return Sung(
            np.concatenate((old.rows, new[0])),
            np.concatenate((old.singers, new[1])),
            np.concatenate((old.places, new[2])),
            self._n,
        )

    def _number(self, name: str) -> int:
        number = self._number_of.get(name)
        if number is None:
            key = label_key(name)
            number = self._number_of.get(key, self._n)
            self._n = max(self._n, number + 1)
            self._number_of[key] = self._number_of[name] = number
        return number


def sums(vectors: Embedding, sung: Sung, singers: Rows) -> Embedding:
    """Return the sum of the rows of each of k singers, in order of their numbers, (k, d).

    Parameters
    ----------
    vectors
        Of all rows, (n, d).
    sung
        The pairs that count, of these singers only.
    singers
        Their numbers, in order.
    """
    ones = np.ones(len(sung.rows), vectors.dtype)
    ends = (np.searchsorted(singers, sung.singers), sung.rows)
    matrix = csr_array((ones, ends), shape=(len(singers), len(vectors)))
    return np.asarray(matrix @ vectors)


def squared_lengths(vectors: Embedding, sung: Sung) -> Lengths:
    """Return the squared length of the sum of each singer's rows, (n_singers,)."""
    lengths = np.zeros(sung.n_singers)
    for some in blocks(sung):
        found = sums(vectors, sung.by(some), some)
        lengths[some] = np.einsum("ij,ij->i", found, found)
    return lengths


def blocks(sung: Sung) -> Iterator[Rows]:
    """Yield the numbers of all singers in the pairs, not too many at once."""
    there = np.unique(sung.singers)
    for first in range(0, len(there), AT_ONCE):
        yield there[first : first + AT_ONCE]
