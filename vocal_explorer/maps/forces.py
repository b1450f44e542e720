"""Forces that gather neighbours on a plane and part all others: t-SNE, a few steps at a time."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.progress import Progress
from vocal_explorer.maps.principal import Points

PERPLEXITY = 10.0
FFT_FROM = 4000  # tracks; with fewer, the tree of Barnes and Hut is quicker
LEAST_RATE = 200.0  # of learning; else it is the number of tracks over the exaggeration
HEARD_WITHIN = 0.2  # s between two reports


@dataclass(frozen=True)
class Phase:
    """Some steps: how many, how much stronger neighbours pull, and how fine the grid is."""

    n_steps: int
    exaggeration: float = 1.0
    grid: float = 3.0


FROM_SCRATCH = (Phase(125, 12.0), Phase(250), Phase(125, grid=1.5))
GO_ON = (Phase(125), Phase(125, grid=1.5))  # the first phase would mix all up again


def n_neighbours(n_tracks: int) -> int:
    """Return how many neighbours each of so many tracks needs."""
    return int(min(3 * PERPLEXITY, n_tracks - 1))


def attraction(neighbours: NDArray[np.intp], distances: NDArray[np.float32]) -> Any:
    """Return how much each of n tracks is drawn to each other, a sparse matrix (n, n).

    Parameters
    ----------
    neighbours, distances
        The rows of each track's nearest, and how far they are, both (n, k).
    """
    from openTSNE.affinity import joint_probabilities_nn

    perplexity = min(PERPLEXITY, neighbours.shape[1] / 3)
    return joint_probabilities_nn(neighbours, distances, [perplexity], n_jobs=1)


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
    attraction
        See `attraction`.
    start
        Where they are, (n, 2).
    phases
        How long and how strong.
    progress
        Told several times a second.
    show
        Given the places after each report; not to be changed or kept.
    """
    from openTSNE import TSNEEmbedding
    from openTSNE.affinity import PrecomputedAffinities

    n, done, n_steps = len(start), 0, sum(phase.n_steps for phase in phases)
    points = TSNEEmbedding(
        start,
        PrecomputedAffinities(attraction, normalize=False),
        negative_gradient_method="fft" if n >= FFT_FROM else "bh",
        n_jobs=1,
        momentum=0.8,
    )
    at_once = 1
    for phase in phases:
        # not left to openTSNE, which would multiply and divide at each call, and lose bits
        points.affinities.P = attraction * phase.exaggeration
        rate = max(LEAST_RATE, n / phase.exaggeration)
        left = phase.n_steps
        while left:
            progress.report(done / n_steps)
            began, steps = time.perf_counter(), min(at_once, left)
            points.optimize(steps, inplace=True, learning_rate=rate, ints_in_interval=phase.grid)
            left, done = left - steps, done + steps
            show(np.asarray(points))
            took = time.perf_counter() - began
            at_once = int(np.clip(at_once * HEARD_WITHIN / took, 1, 2 * at_once))
    progress.report(1.0)
    return np.array(points)
