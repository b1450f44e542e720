"""The map: many dimensions laid out in two, neighbours staying neighbours."""

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.index.similarity import unit_rows
from vocal_explorer.records import Embedding

FEWEST_FOR_TSNE = 5
PERPLEXITY = 30.0
MOST_STRETCH = 3.0  # of the narrower axis; more would draw noise as structure
START_SPREAD = 1e-4  # standard deviation of the start positions, as t-SNE wants it


def project(vectors: Embedding, seed: int = 0) -> NDArray[np.float64]:
    """Place (n, d) embeddings on a map by cosine t-SNE; the same input gives the same map.

    Returns
    -------
    Shape (n, 2), coordinates in [0, 1]; the narrower axis is stretched. Fewer than five
    are placed by their two principal components, a single one in the middle.
    """
    n = len(vectors)
    if n == 0:
        return np.empty((0, 2))
    start = _principal(unit_rows(vectors).astype(np.float64))
    return _fitted(start if n < FEWEST_FOR_TSNE else _tsne(unit_rows(vectors), start, seed))


def _principal(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    centred = vectors - vectors.mean(axis=0)
    left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    scores = (left * sizes)[:, :2]
    signs = np.where(scores.sum(axis=0) + 1e-9 * scores[0] < 0, -1.0, 1.0)  # SVD leaves them open
    return np.pad(scores * signs, ((0, 0), (0, 2 - scores.shape[1])))


def _tsne(vectors: Embedding, start: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    noise = np.random.default_rng(seed).standard_normal(start.shape)
    spread = float(start[:, 0].std())
    # the noise parts tracks with equal embeddings
    start = START_SPREAD * (start / spread if spread > 1e-6 else 0 * start) + 1e-7 * noise
    perplexity = min(PERPLEXITY, (len(vectors) - 1) / 3)
    tsne = TSNE(
        perplexity=perplexity,
        metric="cosine",
        init=start.astype(np.float32),
        random_state=seed,
    )
    # OpenMP threads that wait for each other are many times slower than one beside a busy scan
    with threadpool_limits(1, user_api="openmp"):
        return np.asarray(tsne.fit_transform(vectors), dtype=np.float64)


def _fitted(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Move and scale points so that they fill the unit square, around its middle."""
    low, high = points.min(axis=0), points.max(axis=0)
    longest = float((high - low).max())
    if longest < 1e-9:
        return np.full_like(points, 0.5)
    extent = np.maximum(high - low, longest / MOST_STRETCH)
    fitted: NDArray[np.float64] = (points - (low + high) / 2) / extent + 0.5
    return fitted.clip(0.0, 1.0)
