"""Tracks find their places: most move by forces, the others follow their neighbours."""

from collections.abc import Callable
from typing import Any

import numpy as np

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Embedding
from vocal_explorer.base.vectors import unit_rows
from vocal_explorer.maps.forces import Phase, attraction, let_act, n_neighbours
from vocal_explorer.maps.neighbours import Neighbours, Rows
from vocal_explorer.maps.principal import Points

# Of the places of a track's nearest, nearest first, where it goes if no force moves it: close
# to the first, but not on it.
WEIGHTS = (0.7, 0.2, 0.1)
CHUNK = 20_000  # vectors held at once that follow


def settle(
    vectors: Embedding,
    start: Points,
    phases: tuple[Phase, ...],
    most: int,
    seed: int,
    progress: Progress,
    show: Callable[[Callable[[], Points]], None],
) -> Points:
    """Return where forces move tracks to, in units of t-SNE, (n, 2).

    Parameters
    ----------
    vectors, start
        The embeddings (n, d), n at least 2, and where they are, (n, 2).
    phases
        See maps.forces.
    most
        How many are moved; of more it is a sample, and the others go where their
        neighbours in it go.
    seed
        Of samples.
    progress
        Told several times a second.
    show
        Given, as often, a function that returns the places so far.
    """
    moved = _sample(np.arange(len(vectors)), most, seed)
    others = np.setdiff1d(np.arange(len(vectors)), moved)
    progress.report(0.0, "Looking for neighbours")
    units = unit_rows(vectors[moved])
    forces = _attraction(units, seed, progress.part(0.0, 0.1))
    leaders = _leaders(vectors, others, units, seed, progress.part(0.1, 0.2))
    del units

    def whole(points: Points) -> Points:
        places = np.empty((len(vectors), 2))
        places[moved], places[others] = points, _beside(points[leaders])
        return places

    def show_whole(points: Points) -> None:
        show(lambda: whole(points))

    progress.report(0.2, "Laying out the map")
    return whole(let_act(forces, start[moved], phases, progress.part(0.2, 1.0), show_whole))


def _attraction(units: Embedding, seed: int, progress: Progress) -> Any:
    k = n_neighbours(len(units))
    neighbours = Neighbours(units, len(units), progress.part(0.0, 0.1), seed)
    near = neighbours.nearest(units, k, progress.part(0.1, 0.9), are_own=True)
    return attraction(*near, progress.part(0.9, 1.0))


def among_neighbours(
    vectors: Embedding, places: Points, most: int, seed: int, progress: Progress
) -> Points:
    """Return places in which tracks that have none, NaN, are among their nearest that have.

    Parameters
    ----------
    vectors, places
        The embeddings (n, d) and their places (n, 2); at least three have one.
    most
        Neighbours are looked for among so many, a sample of more.
    seed
        Of the sample.
    progress
        Told how far it is.
    """
    known = np.isfinite(places).all(axis=1)
    new, old = np.flatnonzero(~known), _sample(np.flatnonzero(known), most, seed)
    joined = places.copy()
    leaders = _leaders(vectors, new, unit_rows(vectors[old]), seed, progress)
    joined[new] = _beside(places[old][leaders])
    return joined


def _leaders(
    vectors: Embedding, followers: Rows, units: Embedding, seed: int, progress: Progress
) -> Rows:
    """Return the rows in `units` of those whom each follower goes with, (n, len(WEIGHTS))."""
    if not len(followers):
        return np.empty((0, len(WEIGHTS)), np.intp)
    neighbours = Neighbours(units, len(followers), progress.part(0.0, 0.0), seed)
    chunks = np.array_split(followers, len(followers) // CHUNK + 1)
    found = []
    for i, chunk in enumerate(chunks):
        part = progress.part(i / len(chunks), (i + 1) / len(chunks))
        found.append(neighbours.nearest(unit_rows(vectors[chunk]), len(WEIGHTS), part)[0])
    return np.concatenate(found)


def _beside(places: Points) -> Points:
    """Return a place beside each row's places, (n, len(WEIGHTS), 2), closest to the first."""
    return np.asarray(np.einsum("nkp,k->np", places, np.array(WEIGHTS)))


def _sample(rows: Rows, most: int, seed: int) -> Rows:
    if len(rows) <= most:
        return rows
    return np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))
