"""The map: many dimensions laid out in two, neighbours staying neighbours."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.records.signals import Embedding
from vocal_explorer.ranking.similarity import unit_rows

Points = NDArray[np.float64]

FEWEST_FOR_TSNE = 5
PERPLEXITY = 30.0
MOST_STRETCH = 3.0  # of the narrower axis; more would draw noise as structure
START_SPREAD = 1e-4  # standard deviation of the start positions, as t-SNE wants it
LEAST_KNOWN = 0.5  # of the tracks must have a place, for a map to be the start of the next one
N_NEIGHBOURS = 3  # whose middle is where a new track starts


@dataclass(frozen=True)
class Projection:
    """A map: `points` (n, 2) in [0, 1], and how long its axes are in units of t-SNE, (2,)."""

    points: Points
    extent: Points


def project(vectors: Embedding, seed: int = 0) -> Projection:
    """Place (n, d) embeddings on a map by cosine t-SNE; the same input gives the same map.

    Returns
    -------
    The narrower axis is stretched. Fewer than five points are placed by their two
    principal components, a single one in the middle.
    """
    n = len(vectors)
    if n == 0:
        return Projection(np.empty((0, 2)), np.ones(2))
    start = _principal(unit_rows(vectors).astype(np.float64))
    return _fitted(start if n < FEWEST_FOR_TSNE else _from_scratch(vectors, start, seed))


def project_further(
    vectors: Embedding, before: Points, extent: Points, seed: int = 0
) -> Projection:
    """Go on from an earlier map: new tracks join without the others jumping.

    What was there starts where it was, what is new among its nearest tracks; t-SNE then
    goes on without its first phase, which would mix all up again.

    Parameters
    ----------
    vectors
        Embeddings, (n, d).
    before
        Where they were on the earlier map, (n, 2); NaN for those that are new.
    extent
        That of the earlier map, (2,).
    seed
        Of the noise that parts tracks with equal embeddings.

    Returns
    -------
    The map; one from scratch if too little was there before.
    """
    known = _known(before)
    enough = known.sum() >= max(FEWEST_FOR_TSNE, LEAST_KNOWN * len(vectors))
    if not enough or float(np.ptp(before[known], axis=0).min()) < 1e-6:
        return project(vectors, seed)
    start = (_among_neighbours(unit_rows(vectors), before, known) - 0.5) * extent
    start += 1e-4 * np.random.default_rng(seed).standard_normal(start.shape)
    return _aligned(_tsne(vectors, start, seed, max_iter=250, early_exaggeration=1.0), before)


def median_movement(before: Points, after: Points) -> float:
    """Return how far the middle one of the points has moved, as a share of the map's side.

    Rows with NaN in `before`, (n, 2), are new and do not count.
    """
    known = _known(before)
    return float(np.median(np.linalg.norm(after[known] - before[known], axis=1)))


def _known(before: Points) -> NDArray[np.bool_]:
    return np.asarray(np.isfinite(before).all(axis=1), dtype=np.bool_)


def _among_neighbours(units: Embedding, before: Points, known: NDArray[np.bool_]) -> Points:
    start = before.copy()
    rows = np.flatnonzero(known)
    for row in np.flatnonzero(~known):
        nearest = np.argsort(-(units[rows] @ units[row]))[:N_NEIGHBOURS]
        start[row] = before[rows[nearest]].mean(axis=0)
    return start


def _aligned(points: Points, before: Points) -> Projection:
    """Scale and move each axis so that old points lie where they were, as far as possible."""
    known = _known(before)
    fits = [np.polyfit(points[known, axis], before[known, axis], 1) for axis in (0, 1)]
    factors, shifts = np.array(fits).T
    placed = points * factors + shifts
    low, high = np.minimum(placed.min(axis=0), 0.0), np.maximum(placed.max(axis=0), 1.0)
    return Projection((placed - low) / (high - low), (high - low) / np.abs(factors))


def _from_scratch(vectors: Embedding, start: Points, seed: int) -> Points:
    noise = np.random.default_rng(seed).standard_normal(start.shape)
    spread = float(start[:, 0].std())
    # the noise parts tracks with equal embeddings
    start = START_SPREAD * (start / spread if spread > 1e-6 else 0 * start) + 1e-7 * noise
    return _tsne(vectors, start, seed)


def _principal(vectors: Points) -> Points:
    centred = vectors - vectors.mean(axis=0)
    left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    scores = (left * sizes)[:, :2]
    signs = np.where(scores.sum(axis=0) + 1e-9 * scores[0] < 0, -1.0, 1.0)  # SVD leaves them open
    return np.pad(scores * signs, ((0, 0), (0, 2 - scores.shape[1])))


def _tsne(
    vectors: Embedding,
    start: Points,
    seed: int,
    *,
    max_iter: int = 1000,
    early_exaggeration: float = 12.0,
) -> Points:
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    tsne = TSNE(
        perplexity=min(PERPLEXITY, (len(vectors) - 1) / 3),
        metric="cosine",
        init=start.astype(np.float32),
        random_state=seed,
        max_iter=max_iter,
        early_exaggeration=early_exaggeration,
    )
    # OpenMP threads that wait for each other are many times slower than one beside a busy scan
    with threadpool_limits(1, user_api="openmp"):
        return np.asarray(tsne.fit_transform(unit_rows(vectors)), dtype=np.float64)


def _fitted(points: Points) -> Projection:
    """Move and scale points so that they fill the unit square, around its middle."""
    low, high = points.min(axis=0), points.max(axis=0)
    longest = float((high - low).max())
    if longest < 1e-9:
        return Projection(np.full_like(points, 0.5), np.ones(2))
    extent = np.maximum(high - low, longest / MOST_STRETCH)
    fitted = (points - (low + high) / 2) / extent + 0.5
    return Projection(fitted.clip(0.0, 1.0), extent)
