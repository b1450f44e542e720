"""Forces that gather neighbours on a plane and part all others: t-SNE, step by step."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.progress import Progress
from vocal_explorer.maps.principal import Points

PERPLEXITY = 10.0
FFT_FROM = 4000  # tracks; with fewer, the tree of Barnes and Hut is quicker
ROWS_AT_ONCE = 10_000  # of neighbours, turned into forces
LEAST_RATE = 200.0  # of learning; else it is the number of tracks over the exaggeration
LEAST_RATE_OF_FEW = 2.0  # times their number; at a higher one, few tracks are shot into a line


@dataclass(frozen=True)
class Phase:
    """Some steps: how many, how much stronger neighbours pull, and how fine the grid is."""

    n_steps: int
    exaggeration: float = 1.0
    grid: float = 3.0


FROM_SCRATCH = (Phase(125, 12.0), Phase(250), Phase(125, grid=1.5))
FEW_FROM_SCRATCH = (Phase(125, 4.0), Phase(375))  # stronger forces leave a line of them
GO_ON = (Phase(125), Phase(125, grid=1.5))  # the first phase would mix all up again


def n_neighbours(n_tracks: int) -> int:
    """Return how many neighbours each of so many tracks needs."""
    return int(min(3 * PERPLEXITY, n_tracks - 1))


def attraction(
    neighbours: NDArray[np.intp], distances: NDArray[np.float32], progress: Progress
) -> Any:
    """Return how much each of n tracks is drawn to each other, a sparse matrix (n, n).

    Parameters
    ----------
    neighbours, distances
        The rows of each track's nearest, and how far they are, both (n, k).
    progress
        Told of each part of the rows.
    """
    from openTSNE.affinity import joint_probabilities_nn
    from scipy import sparse

    n, k = neighbours.shape
    parts = []
    for at in range(0, n, ROWS_AT_ONCE):
        progress.report(at / n)
        rows = slice(at, at + ROWS_AT_ONCE)
        parts.append(
            joint_probabilities_nn(
                neighbours[rows],
                distances[rows],
                [min(PERPLEXITY, k / 3)],
                symmetrize=False,
                normalization="point-wise",
                n_reference_samples=n,
            )
        )
    towards = sparse.vstack(parts, format="csr")
    both = (towards + towards.T).tocsr()
    return both / both.sum()


def let_act(
    attraction: Any,
    start: Points,
    phases: tuple[Phase, ...],
    progress: Progress,
    show: Callable[[Points], None],
) -> Points:
    """Return where the forces move n tracks to, in units of t-SNE, (n, 2).

    One thread: a second one waits beside a busy scan, and sums would depend on it.

    Parameters
    ----------
    attraction, start
        See `attraction`, and where they are, (n, 2).
    phases
        How long and how strong.
    progress
        Told of each step.
    show
        Given the places at each step; not to be changed or kept.
    """
    from openTSNE import TSNEEmbedding
    from openTSNE.affinity import PrecomputedAffinities

    own = attraction.copy()  # which openTSNE multiplies and divides by the exaggeration
    points = TSNEEmbedding(start, PrecomputedAffinities(own, normalize=False))
    n, n_steps, done = len(start), sum(phase.n_steps for phase in phases), 0
    for phase in phases:
        part = progress.part(done / n_steps, (done + phase.n_steps) / n_steps)
        points.optimize(
            phase.n_steps,
            inplace=True,
            exaggeration=phase.exaggeration,
            learning_rate=max(min(LEAST_RATE, LEAST_RATE_OF_FEW * n), n / phase.exaggeration),
            momentum=0.8,
            negative_gradient_method=_watched(n, phase.n_steps, part, show),
            ints_in_interval=phase.grid,
            n_jobs=1,
        )
        done += phase.n_steps
    return np.array(points)


def _watched(
    n_tracks: int, n_steps: int, progress: Progress, show: Callable[[Points], None]
) -> Callable[..., Any]:
    """Return openTSNE's gradient, which tells of each step; one more comes after the last.

    openTSNE has callbacks too, but they cost the error of each map.
    """
    from openTSNE.tsne import kl_divergence_bh, kl_divergence_fft

    gradient = kl_divergence_fft if n_tracks >= FFT_FROM else kl_divergence_bh
    steps = iter(range(n_steps + 1))

    def step(points: Points, attraction: Any, **settings: Any) -> Any:
        progress.report(next(steps) / n_steps)
        show(np.asarray(points))
        return gradient(points, attraction, **settings)

    return step
