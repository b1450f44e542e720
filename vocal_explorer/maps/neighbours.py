"""The nearest neighbours among many unit vectors: exact for thousands, by cells for more."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Embedding
from vocal_explorer.base.vectors import unit_rows

Rows = NDArray[np.intp]

EXACT_PAIRS = 40_000_000  # up to so many similarities are all computed
CELL = 256  # tracks in a cell, on average
LARGEST = 1024  # tracks in a cell; more, as equal vectors would be, are split
CANDIDATES = 2048  # tracks at least that are looked at for each query
LLOYD_STEPS = 4
PER_CENTRE = 40  # tracks of the sample that centres are made from
BLOCK = 4_000_000  # similarities held at once


class Neighbours:
    """Finds the most similar of some unit vectors.

    Many vectors are parted into cells by k-means, and only the cells nearest to that of a
    query are looked at: an inverted file, as in Jégou, Douze and Schmid (2011). The same
    vectors, queries and seed give the same neighbours.

    Parameters
    ----------
    units
        Among which to look, unit vectors (n, d).
    n_queries
        How many will be looked for; decides whether cells pay.
    seed
        Of the sample that the cells' centres are made from.
    """

    def __init__(self, units: Embedding, n_queries: int, seed: int = 0) -> None:
        self._units = units
        n_cells = 1 if len(units) * n_queries <= EXACT_PAIRS else len(units) // CELL
        centres = _centres(units, max(1, n_cells), seed)
        homes = _homes(units, centres)
        order = np.argsort(homes, kind="stable")
        cells = np.split(order, np.flatnonzero(np.diff(homes[order])) + 1)
        if n_cells > 1:
            cells = [part for cell in cells for part in _halved(cell)]
        self._cells = cells
        self._sizes = np.array([len(cell) for cell in cells])
        self._centres = unit_rows(np.array([units[cell].mean(axis=0) for cell in cells]))

    def nearest(
        self, queries: Embedding, k: int, progress: Progress, *, are_own: bool = False
    ) -> tuple[Rows, NDArray[np.float32]]:
        """Return the rows of the `k` nearest, nearest first, and their distances, both (q, k).

        Parameters
        ----------
        queries
            Unit vectors, (q, d).
        k
            How many, less than there are vectors.
        progress
            Told of each cell, so that a cancel is heard at once.
        are_own
            Whether the queries are the vectors themselves; none is then its own neighbour.
        """
        rows = np.empty((len(queries), k), np.intp)
        similarities = np.empty((len(queries), k), np.float32)
        done = 0
        for asked, among in self._blocks(queries):
            progress.report(done / max(1, len(queries)))
            found = queries[asked] @ self._units[among].T
            if are_own:
                at = np.searchsorted(among, asked).clip(max=len(among) - 1)
                is_there = among[at] == asked
                found[is_there, at[is_there]] = -np.inf
            best = np.argpartition(-found, k - 1, axis=1)[:, :k]
            best_first = np.argsort(-np.take_along_axis(found, best, 1), axis=1, kind="stable")
            best = np.take_along_axis(best, best_first, 1)
            rows[asked], similarities[asked] = among[best], np.take_along_axis(found, best, 1)
            done += len(asked)
        return rows, np.sqrt(np.maximum(0, 2 - 2 * similarities))

    def _blocks(self, queries: Embedding) -> Iterator[tuple[Rows, Rows]]:
        """Yield rows of queries that lie together, and the rows to look at for them."""
        homes = _homes(queries, self._centres)
        order = np.argsort(homes, kind="stable")
        for together in np.split(order, np.flatnonzero(np.diff(homes[order])) + 1):
            if len(together):
                among = self._around(int(homes[together[0]]))
                n_parts = -(-len(together) * len(among) // BLOCK)
                for part in np.array_split(together, n_parts):
                    yield part, among

    def _around(self, cell: int) -> Rows:
        nearest = np.argsort(-(self._centres @ self._centres[cell]), kind="stable")
        enough = int(np.searchsorted(np.cumsum(self._sizes[nearest]), CANDIDATES)) + 1
        return np.sort(np.concatenate([self._cells[i] for i in nearest[:enough]]))


def _centres(units: Embedding, n_centres: int, seed: int) -> Embedding:
    """Return the middles of groups that a sample falls into, by k-means on the sphere."""
    n_sample = min(len(units), PER_CENTRE * n_centres)
    sample = units[np.random.default_rng(seed).choice(len(units), n_sample, replace=False)]
    centres = sample[:n_centres].copy()
    for _ in range(LLOYD_STEPS if n_centres > 1 else 0):
        sums = np.zeros_like(centres)
        np.add.at(sums, _homes(sample, centres), sample)
        kept = np.linalg.norm(sums, axis=1) > 0
        centres[kept] = unit_rows(sums[kept])
    return centres


def _homes(units: Embedding, centres: Embedding) -> Rows:
    """Return the nearest centre of each row."""
    n_parts = len(units) * len(centres) // BLOCK + 1
    parts = np.array_split(units, n_parts)
    return np.concatenate([(part @ centres.T).argmax(axis=1) for part in parts])


def _halved(cell: Rows) -> list[Rows]:
    return np.array_split(cell, -(-len(cell) // LARGEST))
