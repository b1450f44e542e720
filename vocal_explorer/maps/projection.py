"""The map: many dimensions laid out in two, neighbours staying neighbours."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Embedding
from vocal_explorer.maps.forces import FEW_FROM_SCRATCH, FROM_SCRATCH, GO_ON
from vocal_explorer.maps.frames import Frames, Projection, Show, aligned, fitted, no_show, upright
from vocal_explorer.maps.principal import Points, principal_plane
from vocal_explorer.maps.settling import among_neighbours, settle

FEWEST = 10  # tracks that forces act on
FEW = 50  # fewer are turned and stretched so that they fill the map
MOST_STRETCH_OF_FEW = 20.0
START_SPREAD = 1e-4  # standard deviation of the start positions, as t-SNE wants it
LEAST_KNOWN = 0.5  # of the tracks must have a place, for a map to be the start of the next one


@dataclass(frozen=True)
class Effort:
    """How much is computed.

    `most` tracks move by forces, a sample of more, and the others follow their neighbours.
    Tracks that join a map of `still_from` tracks or more move nobody, until those that came
    since forces last acted are more than the share `loose` of all.
    """

    most: int = 100_000
    still_from: int = 2_000
    loose: float = 0.1


DEFAULT_EFFORT = Effort()


def project(
    vectors: Embedding,
    seed: int = 0,
    *,
    effort: Effort = DEFAULT_EFFORT,
    progress: Progress | None = None,
    show: Show = no_show,
) -> Projection:
    """Place (n, d) embeddings on a map by cosine t-SNE; the same input gives the same map.

    Parameters
    ----------
    vectors
        Embeddings of any length; those of a memory map are read in parts.
    seed
        Of samples, and of the noise that parts tracks with equal embeddings.
    effort
        How much is computed.
    progress
        Told how far it is, several times a second; raises Cancelled there.
    show
        Given the map so far: at once, and as it gets better, not more than twice a second.

    Returns
    -------
    The narrower axis is stretched. Fewer than ten points are placed by their two
    principal components, a single one in the middle.
    """
    if not len(vectors):
        return Projection(np.empty((0, 2)), np.ones(2))
    progress = progress or Progress()
    plane = principal_plane(vectors, progress.part(0.0, 0.02))
    if len(vectors) < FEWEST:
        return fitted(plane, MOST_STRETCH_OF_FEW)
    frames = Frames(show, fitted)
    frames.show_now(plane)
    spread = float(plane[:, 0].std())
    start = START_SPREAD * (plane / spread if spread > 1e-6 else 0 * plane)
    start += _noise(start, 1e-7, seed)
    few = len(vectors) < FEW
    phases = FEW_FROM_SCRATCH if few else FROM_SCRATCH
    progress = progress.part(0.02, 1.0)
    points = settle(vectors, start, phases, effort.most, seed, progress, frames.show)
    return fitted(upright(points), MOST_STRETCH_OF_FEW) if few else fitted(points)


def project_further(
    vectors: Embedding,
    before: Projection,
    seed: int = 0,
    *,
    effort: Effort = DEFAULT_EFFORT,
    progress: Progress | None = None,
    show: Show = no_show,
) -> Projection:
    """Go on from an earlier map: new tracks join without the others jumping.

    What was there starts where it was, what is new among its nearest tracks. On a large
    map that is all, as long as few came; else forces act again from there.

    Parameters
    ----------
    vectors
        Embeddings, (n, d).
    before
        The earlier map, its points (n, 2) in the order of `vectors`; NaN for new tracks.
    seed, effort, progress, show
        As for `project`.

    Returns
    -------
    The map; one from scratch if too little was there before.
    """
    known = _known(before.points)
    enough = known.sum() >= max(FEWEST, LEAST_KNOWN * len(vectors))
    if not enough or float(np.ptp(before.points[known], axis=0).min()) < 1e-6:
        return project(vectors, seed, effort=effort, progress=progress, show=show)
    progress = progress or Progress()
    joined = among_neighbours(vectors, before.points, effort.most, seed, progress.part(0.0, 0.1))
    n_loose = before.n_loose + int((~known).sum())
    if len(vectors) >= effort.still_from and n_loose <= effort.loose * len(vectors):
        return Projection(joined, before.extent, n_loose)
    frames = Frames(show, partial(aligned, before=before.points))
    frames.show_now(joined)
    start = (joined - 0.5) * before.extent
    start += _noise(start, 1e-4, seed)
    points = settle(vectors, start, GO_ON, effort.most, seed, progress.part(0.1, 1.0), frames.show)
    return aligned(points, before.points)


def median_movement(before: Points, after: Points) -> float:
    """Return how far the middle one of the points has moved, as a share of the map's side.

    Rows with NaN in `before`, (n, 2), are new and do not count.
    """
    known = _known(before)
    return float(np.median(np.linalg.norm(after[known] - before[known], axis=1)))


def _known(before: Points) -> NDArray[np.bool_]:
    return np.asarray(np.isfinite(before).all(axis=1), dtype=np.bool_)


def _noise(points: Points, deviation: float, seed: int) -> Points:
    return deviation * np.random.default_rng(seed).standard_normal(points.shape)
