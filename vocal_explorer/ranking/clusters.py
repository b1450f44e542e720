"""Groups of tracks that sound alike, found without labels."""

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.records.signals import Embedding
from vocal_explorer.base.vectors import unit_rows

N_COMPONENTS = 20  # densities mean little in hundreds of dimensions
EQUAL = 1e-6  # difference of vectors in which nothing can be found
SMALLEST = 3  # tracks in a cluster


def find_clusters(vectors: Embedding, seed: int = 0, most: int = 4000) -> NDArray[np.int64]:
    """Cluster unit vectors by density: HDBSCAN (Campello, Moulavi and Sander, 2013).

    Parameters
    ----------
    vectors
        Shape (n, d).
    seed
        Of the sample that is drawn from many tracks.
    most
        So many tracks are clustered, a sample of more; the others join their nearest
        neighbour's cluster.

    Returns
    -------
    Shape (n,): 0 for the biggest cluster, 1 for the next, ...; -1 for tracks in none.
    """
    n = len(vectors)
    if n < 2 * SMALLEST or np.ptp(vectors, axis=0).max() < EQUAL:
        return np.full(n, -1, np.int64)
    rows = np.arange(n)
    if n > most:
        rows = np.sort(np.random.default_rng(seed).choice(n, most, replace=False))
    labels = _by_density(vectors[rows], seed)
    nearest = np.concatenate(
        [(part @ vectors[rows].T).argmax(axis=1) for part in np.array_split(vectors, n // 1024 + 1)]
    )
    nearest[rows] = np.arange(len(rows))
    return _biggest_first(labels[nearest])


def _by_density(vectors: Embedding, seed: int) -> NDArray[np.int64]:
    from sklearn.cluster import HDBSCAN
    from sklearn.decomposition import PCA
    from threadpoolctl import threadpool_limits

    smallest = max(SMALLEST, round(len(vectors) ** 0.5 / 4))
    n_components = min(N_COMPONENTS, *vectors.shape)
    # OpenMP threads that wait for each other are many times slower than one beside a busy scan
    with threadpool_limits(1, user_api="openmp"):
        reduced = PCA(n_components, random_state=seed).fit_transform(unit_rows(vectors))
        hdbscan = HDBSCAN(min_cluster_size=smallest, copy=True)
        return np.asarray(hdbscan.fit_predict(reduced), dtype=np.int64)


def _biggest_first(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    found, counts = np.unique(labels[labels >= 0], return_counts=True)
    order = np.argsort(-counts, kind="stable")
    places = np.full(int(labels.max(initial=-1)) + 2, -1, np.int64)  # the last one is for -1
    places[found[order]] = np.arange(len(found))
    return places[labels]
