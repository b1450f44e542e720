"""Pictures of a map while it is made: scaled to the unit square, not more often than helps."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vocal_explorer.maps.principal import Points

MOST_STRETCH = 3.0  # of the narrower axis; more would draw noise as structure
PAUSE = 0.5  # s between two frames at least
SHARE = 0.1  # of the time since the first one, which is between two frames at least

Show = Callable[[Points], None]
"""Is given places on a map, (n, 2) in [0, 1], to keep."""


@dataclass(frozen=True)
class Projection:
    """A map: `points` (n, 2) in [0, 1], and how long its axes are in units of t-SNE, (2,).

    `n_loose` tracks were put among their neighbours since forces last acted on all.
    """

    points: Points
    extent: Points
    n_loose: int = 0


def no_show(_points: Points) -> None:
    """Show nothing."""


def fitted(points: Points, most_stretch: float = MOST_STRETCH) -> Projection:
    """Move and scale points so that they fill the unit square, around its middle."""
    low, high = points.min(axis=0), points.max(axis=0)
    longest = float((high - low).max())
    if longest < 1e-9:
        return Projection(np.full_like(points, 0.5), np.ones(2))
    extent = np.maximum(high - low, longest / most_stretch)
    placed = (points - (low + high) / 2) / extent + 0.5
    return Projection(placed.clip(0.0, 1.0), extent)


def upright(points: Points) -> Points:
    """Turn points so that they are longest along one axis; of the four ways, the nearest."""
    centred = points - points.mean(axis=0)
    axes = np.linalg.svd(centred, full_matrices=False)[2]
    if abs(axes[0, 0]) < abs(axes[0, 1]):
        axes = axes[::-1]
    return np.asarray(centred @ (axes * np.sign(np.diag(axes))[:, None]).T)


def aligned(points: Points, before: Points) -> Projection:
    """Scale and move each axis so that old points lie where they were, as far as possible.

    Parameters
    ----------
    points
        Where they are now, (n, 2), at any scale.
    before
        Where they were, (n, 2) in [0, 1]; NaN for those that are new.
    """
    known = np.isfinite(before).all(axis=1)
    fits = [np.polyfit(points[known, axis], before[known, axis], 1) for axis in (0, 1)]
    factors, shifts = np.array(fits).T
    placed = points * factors + shifts
    low, high = np.minimum(placed.min(axis=0), 0.0), np.maximum(placed.max(axis=0), 1.0)
    return Projection((placed - low) / (high - low), (high - low) / np.abs(factors))


class Frames:
    """Shows a map while it is made.

    Parameters
    ----------
    show
        Who looks.
    fit
        Makes a map of places in units of t-SNE.
    clock
        Tells the time in s.
    """

    def __init__(
        self,
        show: Show,
        fit: Callable[[Points], Projection],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._show = show
        self._fit = fit
        self._began = clock()
        self._next = 0.0

    def show(self, points: Callable[[], Points]) -> None:
        """Show what `points` returns, if it is time for a frame."""
        if self._show is not no_show and self._clock() >= self._next:
            self.show_now(points())

    def show_now(self, points: Points) -> None:
        """Show points as they are at once."""
        self._show(self._fit(points).points)
        now = self._clock()
        self._next = now + max(PAUSE, SHARE * (now - self._began))
