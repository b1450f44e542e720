"""Hubs, tracks that are near to too many others, and a similarity that corrects for them.

Hubness: Radovanovic, Nanopoulos and Ivanovic, "Hubs in Space", JMLR 11 (2010). CSLS:
Conneau et al., "Word Translation Without Parallel Data", ICLR 2018, equation 3.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.records.ranking import Hubness
from vocal_explorer.base.records.signals import Embedding
from vocal_explorer.ranking.similarity import Similarities
from vocal_explorer.ranking.spaces import Rows

K = 10  # neighbours, as in both papers
MAX_REFERENCES = 4000  # tracks among which neighbours are sought; drawn from bigger libraries
BLOCK = 1024  # rows of a similarity matrix at once

Nearest = NDArray[np.float32]
"""The largest similarities of each row, (n, k)."""

VectorsOf = Callable[[Rows], Embedding]


def reference_rows(marks: NDArray[np.uint32], there: NDArray[np.bool_]) -> Rows:
    """Return the rows among which neighbours are sought: all, or in big libraries a sample.

    A track is in the sample or not by its own mark, so the sample stays nearly the same as a
    library grows; it is halved when it is too big.

    Parameters
    ----------
    marks
        Even random numbers of the tracks, (n,).
    there
        Which tracks can be compared, (n,).
    """
    rows, limit = np.flatnonzero(there), 2**32
    while len(rows) > MAX_REFERENCES:
        limit //= 2
        rows = rows[marks[rows] < limit]
    return rows


def nearest_similarities(vectors: VectorsOf, rows: Rows, references: Rows, k: int = K) -> Nearest:
    """Return each row's similarities to its k nearest references, itself left out.

    Parameters
    ----------
    vectors
        Gives the unit vectors of rows.
    rows
        n of them.
    references
        m rows.
    k
        How many.

    Returns
    -------
    Shape (n, k), in no order; -inf where there are fewer.
    """
    sought = vectors(references)
    found = np.full((len(rows), k), -np.inf, np.float32)
    for start in range(0, len(rows), BLOCK):
        block = rows[start : start + BLOCK]
        similarities = np.asarray(vectors(block) @ sought.T, dtype=np.float32)
        similarities[block[:, None] == references] = -np.inf
        found[start : start + BLOCK] = largest(similarities, k)
    return found


def largest(similarities: Similarities, k: int) -> Nearest:
    """Return the k largest of each row, (n, m) to (n, k), filled up with -inf."""
    if similarities.shape[1] > k:
        return np.asarray(-np.partition(-similarities, k - 1, axis=1)[:, :k])
    missing = k - similarities.shape[1]
    return np.pad(similarities, ((0, 0), (0, missing)), constant_values=-np.inf)


def mean_neighbour_similarity(vectors: Embedding, references: Rows, k: int = K) -> Similarities:
    """Return each track's mean similarity to its k nearest references, itself left out.

    Parameters
    ----------
    vectors
        Unit rows, (n, d).
    references
        Rows of `vectors`, (m,).
    k
        How many; fewer where there are not so many.

    Returns
    -------
    Shape (n,); 0 for a track that is alone.
    """
    rows = np.arange(len(vectors))
    return nearest_mean(nearest_similarities(vectors.__getitem__, rows, references, k), k)


def nearest_mean(similarities: Similarities, k: int = K) -> Similarities:
    """Return the mean of the k largest of each row, (n, m) to (n,); -inf is left out."""
    nearest = largest(similarities, k)
    there = np.isfinite(nearest)
    sums = np.where(there, nearest, 0).sum(axis=1)
    return np.asarray(sums / np.maximum(there.sum(axis=1), 1), dtype=np.float32)


def csls(
    similarities: Similarities, query_mean: float | Similarities, means: Similarities
) -> Similarities:
    """Return 2 s - r(query) - r(track): what is near to everything comes further down.

    Parameters
    ----------
    similarities
        Of the query to each track, (n,), or of several queries, (m, n).
    query_mean, means
        `mean_neighbour_similarity` of the query (or queries, (m, 1)) and of the tracks, (n,).
    """
    return np.asarray(2 * similarities - query_mean - means, dtype=np.float32)


def hubness(vectors: Embedding, *, corrected: bool, k: int = K) -> Hubness:
    """Count how often each track is among the k nearest of another; rows are unit vectors.

    Parameters
    ----------
    vectors
        Shape (n, d).
    corrected
        Whether nearest is by CSLS, or by the similarity itself.
    k
        Size of the neighbourhoods.
    """
    n, everything = len(vectors), np.arange(len(vectors))
    k = min(k, max(0, n - 1))
    if k == 0:
        return Hubness(0, 0.0, n, 0)
    means = mean_neighbour_similarity(vectors, everything, k)
    counts = np.zeros(n, np.int64)
    for start in range(0, n, BLOCK):
        block = slice(start, start + BLOCK)
        similarities = _without_self(vectors, everything, block)
        if corrected:
            similarities = csls(similarities, means[block, None], means)
        counts += np.bincount(np.argpartition(-similarities, k - 1)[:, :k].ravel(), minlength=n)
    return Hubness(int(counts.max()), _skewness(counts), n, k)


def _without_self(vectors: Embedding, references: NDArray[np.int64], block: slice) -> Similarities:
    similarities = np.asarray(vectors[block] @ vectors[references].T, dtype=np.float32)
    own = np.arange(len(vectors))[block, None] == references
    return np.where(own, np.float32(-np.inf), similarities)


def _skewness(counts: NDArray[np.int64]) -> float:
    deviations = counts - counts.mean()
    spread = float(counts.std())
    return float((deviations**3).mean() / spread**3) if spread > 0 else 0.0
