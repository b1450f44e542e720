"""Which points lie inside of an outline that was drawn by hand."""

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.ui.maps.map_frame import Points


def inside(points: Points, outline: Points) -> NDArray[np.bool_]:
    """Return which points are in a polygon, by the even-odd rule.

    Parameters
    ----------
    points
        Shape (n, 2).
    outline
        Corners in order, (m, 2); the last one is joined to the first.

    Returns
    -------
    Shape (n,); nothing is in an outline of fewer than three corners.
    """
    found = np.zeros(len(points), np.bool_)
    if len(outline) < 3:
        return found
    near = ((points >= outline.min(axis=0)) & (points <= outline.max(axis=0))).all(axis=1)
    x, y = points[near].T
    odd = np.zeros(len(x), np.bool_)
    for (x0, y0), (x1, y1) in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        if y0 != y1:
            crosses = (y0 > y) != (y1 > y)
            odd ^= crosses & (x < x0 + (y - y0) * (x1 - x0) / (y1 - y0))
    found[near] = odd
    return found
