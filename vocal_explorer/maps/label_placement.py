"""Find room for the labels of a map's points."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

GAPS = (9.0, 18.0, 30.0, 45.0, 60.0)  # pixels between a point and its label
DIRECTIONS = np.array(
    [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)], dtype=np.float64
)
MARGIN = 3.0  # pixels kept free around a label
CLEARANCE = 6.0  # pixels kept free around a point
LINE_STEP = 6.0  # pixels between the places where a line is checked


@dataclass(frozen=True)
class Frame:
    """What labels must stay inside of, in pixels."""

    left: float
    bottom: float
    right: float
    top: float


def place_labels(anchors: Points, sizes: Points, avoided: Points, frame: Frame) -> Points:
    """Place labels beside their anchors, the first ones first.

    No label covers another, the line of another to its anchor, or an avoided point.

    Parameters
    ----------
    anchors
        The labelled points, (n, 2), in pixels.
    sizes
        Width and height of each label, (n, 2).
    avoided
        All points that labels must not cover, (m, 2).
    frame
        Labels stay inside of it.

    Returns
    -------
    The middle of each label, (n, 2); NaN where there is no room.
    """
    placed: list[tuple[Points, Points]] = []
    taken = avoided
    middles = np.full(anchors.shape, np.nan)
    for index, (anchor, size) in enumerate(zip(anchors, sizes, strict=True)):
        for middle in _candidates(anchor, size):
            line = _line(anchor, middle, size)
            half = size / 2 + MARGIN
            if (
                _inside(middle, half, frame)
                and not _covers(middle, half + CLEARANCE - MARGIN, taken)
                and all(_apart(middle, half, *other) for other in placed)
                and not any(_covers(*other, line) for other in placed)
            ):
                middles[index] = middle
                placed.append((middle, half))
                taken = np.concatenate((taken, line))
                break
    return middles


def _candidates(anchor: Points, size: Points) -> Iterator[Points]:
    for gap in GAPS:
        for direction in DIRECTIONS:
            yield anchor + direction * (gap + size / 2)


def _line(anchor: Points, middle: Points, size: Points) -> Points:
    """Return places on the straight line from the anchor to the label's edge."""
    edge = np.clip(anchor, middle - size / 2, middle + size / 2)
    n = int(np.hypot(*(edge - anchor)) / LINE_STEP)
    return anchor + (edge - anchor) * np.linspace(0, 1, n + 2)[1:-1, None]


def _inside(middle: Points, half: Points, frame: Frame) -> bool:
    low, high = middle - half, middle + half
    return bool(
        low[0] >= frame.left
        and low[1] >= frame.bottom
        and high[0] <= frame.right
        and high[1] <= frame.top
    )


def _covers(middle: Points, half: Points, points: Points) -> bool:
    return bool((np.abs(points - middle) < half).all(axis=1).any())


def _apart(middle: Points, half: Points, other: Points, other_half: Points) -> bool:
    return bool((np.abs(middle - other) >= half + other_half - MARGIN).any())
