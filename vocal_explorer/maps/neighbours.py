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
PROBES = 8  # cells that are looked at for each query
LLOYD_STEPS = 4
PER_CENTRE = 40  # tracks of the sample that centres are made from
BLOCK = 4_000_000  # similarities held at once


class Neighbours:
    """Finds the most similar of some unit vectors.

    Many vectors are parted into cells by k-means, and only the cells nearest to a query
    are looked at: an inverted file, as in Jégou, Douze and Schmid (2011). The same
    vectors, queries and seed give the same neighbours.

    Parameters
    ----------
    units
        Among which to look, unit vectors (n, d).
    n_queries
        How many will be looked for; decides whether cells pay.
    progress
        Asked often whether to go on while cells are made.
    seed
        Of the sample that the cells' centres are made from.
    """

    def __init__(self, units: Embedding, n_queries: int, progress: Progress, seed: int = 0) -> None:
        self._units = units
        n_cells = 1 if len(units) * n_queries <= EXACT_PAIRS else max(1, len(units) // CELL)
        homes = _homes(units, _centres(units, n_cells, seed, progress), progress)
        order = np.argsort(homes, kind="stable")
        cells = np.split(order, np.flatnonzero(np.diff(homes[order])) + 1)
        if n_cells > 1:
            cells = [part for cell in cells for part in _halved(cell)]
        self._cells = cells
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
            Told of each cell.
        are_own
            Whether the queries are the vectors themselves; none is then its own neighbour.
        """
        rows = np.full((len(queries), k), -1, np.intp)
        similarities = np.full((len(queries), k), -np.inf, np.float32)
        for done, asked, cell in self._blocks(queries, k, progress):
            progress.report(done)
            found = queries[asked] @ self._units[cell].T
            if are_own:
                found[asked[:, None] == cell] = -np.inf
            found = np.concatenate((similarities[asked], found), axis=1)
            among = np.concatenate((rows[asked], np.tile(cell, (len(asked), 1))), axis=1)
            best = np.argpartition(-found, k - 1, axis=1)[:, :k]
            rows[asked] = np.take_along_axis(among, best, 1)
            similarities[asked] = np.take_along_axis(found, best, 1)
        order = np.argsort(-similarities, axis=1, kind="stable")
        similarities = np.take_along_axis(similarities, order, 1)
        return np.take_along_axis(rows, order, 1), np.sqrt(np.maximum(0, 2 - 2 * similarities))

    def _blocks(
        self, queries: Embedding, k: int, progress: Progress
    ) -> Iterator[tuple[float, Rows, Rows]]:
        """Yield the share done, rows of queries, and a cell to look at for them."""
        sizes = np.sort([len(cell) for cell in self._cells])
        enough = int(np.searchsorted(np.cumsum(sizes), k + 1)) + 1  # of even the smallest cells
        n_near = max(PROBES, enough)
        probes = _nearest_centres(queries, self._centres, n_near, progress).ravel()
        n_probes = len(probes) // max(1, len(queries))
        order = np.argsort(probes, kind="stable")
        done = 0
        for together in np.split(order, np.flatnonzero(np.diff(probes[order])) + 1):
            if len(together):
                cell = self._cells[probes[together[0]]]
                for part in np.array_split(together, -(-len(together) * len(cell) // BLOCK)):
                    yield done / len(order), part // n_probes, cell
                    done += len(part)


def _centres(units: Embedding, n_centres: int, seed: int, progress: Progress) -> Embedding:
    """Return the middles of groups that a sample falls into, by k-means on the sphere."""
    n_sample = min(len(units), PER_CENTRE * n_centres)
    sample = units[np.random.default_rng(seed).choice(len(units), n_sample, replace=False)]
    centres = sample[:n_centres].copy()
    for _ in range(LLOYD_STEPS if n_centres > 1 else 0):
        sums = np.zeros_like(centres)
        np.add.at(sums, _homes(sample, centres, progress), sample)
        kept = np.linalg.norm(sums, axis=1) > 0
        centres[kept] = unit_rows(sums[kept])
    return centres


def _homes(units: Embedding, centres: Embedding, progress: Progress) -> Rows:
    return _nearest_centres(units, centres, 1, progress)[:, 0]


def _nearest_centres(units: Embedding, centres: Embedding, n: int, progress: Progress) -> Rows:
    """Return the `n` nearest centres of each row, or all, in no order, (len(units), n)."""
    n = min(n, len(centres))
    found = []
    for part in np.array_split(units, len(units) * len(centres) // BLOCK + 1):
        progress.report(0.0)
        found.append(np.argpartition(-(part @ centres.T), n - 1, axis=1)[:, :n])
    return np.concatenate(found)


def _halved(cell: Rows) -> list[Rows]:
    return np.array_split(cell, -(-len(cell) // LARGEST))
