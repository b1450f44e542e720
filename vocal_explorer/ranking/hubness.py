"""Hubs, tracks that are near to too many others, and a similarity that corrects for them.

Hubness: Radovanovic, Nanopoulos and Ivanovic, "Hubs in Space", JMLR 11 (2010). CSLS:
Conneau et al., "Word Translation Without Parallel Data", ICLR 2018, equation 3.
"""

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.records.ranking import Hubness
from vocal_explorer.base.records.signals import Embedding
from vocal_explorer.ranking.similarity import Similarities

K = 10  # neighbours, as in both papers
MAX_REFERENCES = 4000  # tracks among which neighbours are sought; drawn from bigger libraries
BLOCK = 1024  # rows of a similarity matrix at once


def reference_rows(n: int, seed: int = 0) -> NDArray[np.int64]:
    """Return the rows among which neighbours are sought: all n, or a sorted sample of them."""
    if n <= MAX_REFERENCES:
        return np.arange(n)
    drawn = np.random.default_rng(seed).choice(n, MAX_REFERENCES, replace=False)
    return np.asarray(np.sort(drawn), dtype=np.int64)


def mean_neighbour_similarity(
    vectors: Embedding, references: NDArray[np.int64], k: int = K
) -> Similarities:
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
    means = np.zeros(len(vectors), np.float32)
    for start in range(0, len(vectors), BLOCK):
        similarities = _without_self(vectors, references, slice(start, start + BLOCK))
        means[start : start + BLOCK] = nearest_mean(similarities, k)
    return means


def nearest_mean(similarities: Similarities, k: int = K) -> Similarities:
    """Return the mean of the k largest of each row, (n, m) to (n,); -inf is left out."""
    if not similarities.size:
        return np.zeros(len(similarities), np.float32)
    last = min(k, similarities.shape[1]) - 1
    nearest = -np.partition(-similarities, last, axis=1)[:, : last + 1]
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
