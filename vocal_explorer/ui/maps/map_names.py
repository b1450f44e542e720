"""Which names stand on a map: singers seen from afar, tracks seen from near."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QFontMetricsF, QPainter, QPixmap

from vocal_explorer.maps.label_placement import place_labels
from vocal_explorer.ui.maps.map_drawing import HALO, short
from vocal_explorer.ui.maps.map_frame import Frame, Points
from vocal_explorer.ui.maps.map_layout import MapLayout

MAX_NAMES = 36
NEAR = 0.6  # map units seen at most where tracks have names
MAX_TRACKS = 60  # ... and so many tracks


@dataclass(frozen=True)
class Name:
    """A name, the point that it stands at, and its top left corner from there in pixels."""

    text: str
    point: int
    offset: tuple[float, float]


class ShownNames:
    """The names that stand on a map now, and their pictures."""

    def __init__(self) -> None:
        self.names: list[Name] = []
        self._pictures: list[QPixmap] = []

    def clear(self) -> None:
        """Show none."""
        self.names, self._pictures = [], []

    def find(
        self,
        layout: MapLayout,
        shown: NDArray[np.bool_],
        frame: Frame,
        metrics: QFontMetricsF,
        picture: Callable[[Name], QPixmap],
    ) -> Iterator[None]:
        """Show those that have room, once all are drawn; for the rest see `place_names`."""
        names, pictures = place_names(layout, shown, frame, metrics), []
        for name in names:
            yield
            pictures.append(picture(name))
        self.names, self._pictures = names, pictures

    def paint(self, painter: QPainter, points: Points, frame: Frame) -> None:
        """Draw each at its point."""
        places = frame.pixels(points[[name.point for name in self.names]])
        for name, picture, place in zip(self.names, self._pictures, places, strict=True):
            x, y = np.rint(place + name.offset - HALO).astype(int).tolist()
            painter.drawPixmap(x, y, picture)


def place_names(
    layout: MapLayout, shown: NDArray[np.bool_], frame: Frame, metrics: QFontMetricsF
) -> list[Name]:
    """Return the names that have room.

    Parameters
    ----------
    layout
        The map.
    shown
        Which of its points are drawn, (n_points,).
    frame
        The seen part.
    metrics
        Of the font.
    """
    seen = np.flatnonzero(frame.holds(layout.points) & shown)
    if len(seen) <= MAX_TRACKS and frame.right - frame.left <= NEAR:
        candidates = [(layout.tracks[i].title, int(i)) for i in seen]
    else:
        in_frame = frame.holds(layout.points[layout.anchors]) & shown[layout.anchors]
        numbers = np.flatnonzero(in_frame)[: 3 * MAX_NAMES]
        candidates = [(layout.singers[i], int(layout.anchors[i])) for i in numbers]
    return _placed(candidates, layout.points, seen, frame, metrics)


def _placed(
    candidates: list[tuple[str, int]],
    points: Points,
    seen: NDArray[np.int64],
    frame: Frame,
    metrics: QFontMetricsF,
) -> list[Name]:
    anchors = frame.pixels(points[[point for _, point in candidates]].reshape(-1, 2))
    sizes = [(metrics.horizontalAdvance(short(text)), metrics.height()) for text, _ in candidates]
    area = (frame.x + frame.width, frame.y + frame.height)
    placed = place_labels(anchors, sizes, frame.pixels(points[seen]), area, MAX_NAMES)
    return [
        Name(*candidates[i], (left - float(anchors[i, 0]), top - float(anchors[i, 1])))
        for i, (left, top) in placed.items()
    ]
