"""Where names stand on a map so that none covers another."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""Places in pixels, shape (n, 2)."""

GAPS = (13.0, 22.1)  # px between a point, with the ring around it, and the name at it
POINT_RADIUS = 6.0  # px
CELL = 4.0  # px; points are counted in cells of this size
MARGIN = 3.0  # px that two names stay apart
# Where the top left corner of a name is from its point, in sizes of the name and in gaps
PLACES = np.array(
    [(-0.5, -1), (-0.5, 0), (0, -0.5), (-1, -0.5), (0, -1), (0, 0), (-1, -1), (-1, 0)]
)
SIDES = np.array([(0, -1), (0, 1), (1, 0), (-1, 0), (1, -1), (1, 1), (-1, -1), (-1, 1)])


def middle_points(points: Points, groups: NDArray[np.int64], n_groups: int) -> NDArray[np.int64]:
    """Return for every group its most central point.

    Parameters
    ----------
    points
        Shape (n_points, 2).
    groups
        The group of each point, shape (n_points,).
    n_groups
        How many groups there are; each has at least one point.

    Returns
    -------
    Indices into points, shape (n_groups,).
    """
    counts = np.bincount(groups, minlength=n_groups)[:, None]
    sums = np.stack([np.bincount(groups, points[:, i], n_groups) for i in (0, 1)], axis=1)
    far = np.sum((points - (sums / counts)[groups]) ** 2, axis=1)
    order = np.lexsort((far, groups))
    return order[np.searchsorted(groups[order], np.arange(n_groups))]


def _candidates(anchor: Points, size: tuple[float, float], gaps: Sequence[float]) -> Points:
    """Return boxes (n, 4) around a point: left, top, right, bottom; the best places first."""
    corners = np.concatenate([anchor + PLACES * size + SIDES * gap for gap in gaps])
    return np.concatenate([corners, corners + np.array(size)], axis=1)


def _overlap(boxes: Points, others: Points) -> NDArray[np.bool_]:
    """Return which of the boxes (n, 4) touch any of the others, (n,)."""
    left, top, right, bottom = boxes.T[:, :, None]
    apart = (
        (others[:, 0] > right + MARGIN)
        | (others[:, 2] < left - MARGIN)
        | (others[:, 1] > bottom + MARGIN)
        | (others[:, 3] < top - MARGIN)
    )
    return np.asarray(~apart.all(axis=1), dtype=np.bool_)


def place_labels(
    anchors: Points,
    sizes: Sequence[tuple[float, float]],
    points: Points,
    area: tuple[float, float],
    max_labels: int,
    gaps: Sequence[float] = GAPS,
) -> dict[int, tuple[float, float]]:
    """Find places for labels, the first ones first; a label without room is left out.

    Parameters
    ----------
    anchors
        What each label belongs to, in pixels, shape (n_labels, 2).
    sizes
        Width and height of each label in pixels.
    points
        All points in pixels, shape (n_points, 2); a place that covers fewer is better.
    area
        Width and height that labels must stay in, in pixels.
    max_labels
        How many labels are placed at most.
    gaps
        Distances in pixels at which places are looked for, the nearest first.

    Returns
    -------
    The top left corner of each label that has a place, by its number.
    """
    placed: dict[int, tuple[float, float]] = {}
    boxes = np.empty((0, 4))
    crowd = _Crowd(points, area)
    for i, (anchor, size) in enumerate(zip(anchors, sizes, strict=True)):
        best = _best_box(_candidates(anchor, size, gaps), boxes, crowd, area)
        if best is not None:
            placed[i] = (float(best[0]), float(best[1]))
            boxes = np.vstack([boxes, best])
        if len(placed) == max_labels:
            break
    return placed


class _Crowd:
    """Says how many points a box covers, in the same time for few and many of them."""

    def __init__(self, points: Points, area: tuple[float, float]) -> None:
        self._n_across, self._n_down = (int(size / CELL) + 1 for size in area)
        cells = (points / CELL).astype(np.int64)
        inside = ((points >= 0) & (points < area)).all(axis=1)
        flat = cells[inside, 1] * self._n_across + cells[inside, 0]
        counts = np.bincount(flat, minlength=self._n_across * self._n_down)
        table = counts.reshape(self._n_down, self._n_across).cumsum(axis=0).cumsum(axis=1)
        self._table = np.pad(table, ((1, 0), (1, 0)))

    def covered(self, boxes: Points) -> NDArray[np.int64]:
        """Return how many points are under each box or near it; cells are rounded outwards."""
        low = np.floor((boxes[:, :2] - POINT_RADIUS) / CELL).astype(int)
        high = np.floor((boxes[:, 2:] + POINT_RADIUS) / CELL).astype(int) + 1
        size = (self._n_across, self._n_down)
        (x0, y0), (x1, y1) = np.clip(low, 0, size).T, np.clip(high, 0, size).T
        table = self._table
        counts: NDArray[np.int64] = table[y1, x1] - table[y0, x1] - table[y1, x0] + table[y0, x0]
        return counts


def _best_box(
    candidates: Points, taken: Points, crowd: _Crowd, area: tuple[float, float]
) -> Points | None:
    inside = ((candidates[:, :2] >= 0) & (candidates[:, 2:] <= area)).all(axis=1)
    free = candidates[inside & ~_overlap(candidates, taken)]
    return free[crowd.covered(free).argmin()] if len(free) else None
