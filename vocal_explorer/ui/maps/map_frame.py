"""Which part of a map is seen, and where its points are in pixels."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]


@dataclass(frozen=True)
class Frame:
    """The seen part of a map (left to right, bottom to top), and the pixels that it fills."""

    left: float
    right: float
    bottom: float
    top: float
    x: float
    y: float
    width: float
    height: float

    @property
    def scale(self) -> Points:
        """Pixels of one map unit across and down, (2,)."""
        across = self.width / (self.right - self.left)
        return np.array([across, -self.height / (self.top - self.bottom)])

    def pixels(self, points: Points) -> Points:
        """Return where points of the map, (n, 2), are in pixels, (n, 2)."""
        placed: Points = (points - (self.left, self.top)) * self.scale + (self.x, self.y)
        return placed

    def places(self, pixels: Points) -> Points:
        """Return where pixels, (n, 2), are on the map, (n, 2)."""
        placed: Points = (pixels - (self.x, self.y)) / self.scale + (self.left, self.top)
        return placed

    def holds(self, points: Points) -> NDArray[np.bool_]:
        """Return which points of the map, (n, 2), are seen, (n,)."""
        low, high = (self.left, self.bottom), (self.right, self.top)
        return np.asarray(((points >= low) & (points <= high)).all(axis=1), dtype=np.bool_)

    def widened(self, share: float) -> "Frame":
        """Return a frame that sees more on each side, a share of this one, from pixel 0, 0."""
        across, up = share * (self.right - self.left), share * (self.top - self.bottom)
        factor = 1 + 2 * share
        return Frame(
            self.left - across,
            self.right + across,
            self.bottom - up,
            self.top + up,
            0.0,
            0.0,
            round(self.width * factor),
            round(self.height * factor),
        )
