"""The points of a map as one picture, which is moved and stretched while the map moves."""

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from pyqtgraph.graphicsItems.ScatterPlotItem import renderSymbol
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from vocal_explorer.ui.base.colours import Mark, Theme
from vocal_explorer.ui.maps.map_frame import Frame, Points

SIZES = {"o": 10, "s": 9, "t1": 11, "d": 13, "t": 11, "star": 15, "+": 9, "x": 9}
"""Pixels; with these, the symbols look equally big."""

CROWDS = ((20_000, 0.5), (3_000, 0.7))  # where so many points are seen, they are so much smaller
CELL = 3  # px; of several points within a cell, only the last one is drawn
MARGIN = 0.25  # of the frame, drawn on each side: that far the map moves without a new picture
STRETCH = 2.0  # of a sharp picture; beyond, the one of the whole map is used until all rests
WHOLE = (-0.1, 1.1)  # both coordinates, with room for the marks
WHOLE_SCALE = 1.5  # how big it is drawn, measured by the frame
STEP = 2_000  # points that are drawn at once
FADED = 0.22  # opacity of points outside of a chosen set


@dataclass(frozen=True)
class Drawn:
    """What is drawn: points (n, 2), the mark of each in `marks`, and the chosen ones.

    `faded` says of each point whether it steps back behind the others.
    """

    points: Points = field(default_factory=lambda: np.empty((0, 2)))
    numbers: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    marks: Sequence[Mark] = ()
    faded: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, np.bool_))


def point_scale(n_points: int) -> float:
    """Return how big points are drawn where there are so many, 1 for few."""
    return next((scale for least, scale in CROWDS if n_points >= least), 1.0)


def sprite(mark: Mark, theme: Theme, scale: float, ratio: float) -> QPixmap:
    """Return a picture of a mark; `ratio` is that of device pixels to pixels."""
    brush, edge = pg.mkBrush(theme.mark_colours()[mark.colour]), pg.mkPen(theme.base, width=1)
    if mark.symbol in "+x":
        edge = pg.mkPen(theme.base, width=0.5)
    size = max(4.0, SIZES[mark.symbol] * scale)
    return QPixmap.fromImage(renderSymbol(mark.symbol, size, edge, brush, dpr=ratio))


@dataclass(frozen=True)
class _Picture:
    """Points that were drawn, and the part of the map that they are of."""

    frame: Frame
    pixmap: QPixmap
    drawn: Drawn

    def fits(self, frame: Frame, stretch: float) -> bool:
        """Whether it covers a frame and is stretched at most so much."""
        zoom = frame.scale / self.frame.scale
        corners = np.array([(frame.left, frame.bottom), (frame.right, frame.top)])
        close = (zoom <= stretch) & (zoom >= 1 / stretch)
        return bool(close.all() and self.frame.holds(corners).all())

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Draw it where it belongs in another frame."""
        drawn = self.frame
        corners = np.array([(drawn.left, drawn.top), (drawn.right, drawn.bottom)])
        (left, top), (right, bottom) = frame.pixels(corners)
        if abs(right - left - drawn.width) < 0.5:  # a whole pixel keeps it sharp
            painter.drawPixmap(round(left), round(top), self.pixmap)
        else:
            target = QRectF(left, top, right - left, bottom - top)
            painter.drawPixmap(target, self.pixmap, QRectF(self.pixmap.rect()))


class PointsPicture:
    """Draws points once, then moves what it drew until that no longer fits."""

    def __init__(self) -> None:
        self._drawn = Drawn()
        self._look: tuple[Sequence[Mark], Theme, float] | None = None
        self._sprites: Callable[[float], list[QPixmap]] = lambda _scale: []
        self._near: _Picture | None = None
        self._whole: _Picture | None = None
        self._sharpening = False
        self._ratio = 1.0

    def show(self, drawn: Drawn, theme: Theme, ratio: float) -> None:
        """Draw these points with the next `sharpen`; until it ends, what was drawn stays."""
        look = (drawn.marks, theme, ratio)
        if look != self._look:
            self._look = look
            self._sprites = cache(lambda scale: [sprite(m, theme, scale, ratio) for m in look[0]])
        self._drawn, self._ratio = drawn, ratio

    def sharpen(self, frame: Frame) -> Iterator[None]:
        """Draw the points of a frame as they are seen while nothing moves, in steps."""
        near = self._near
        if near is None or near.drawn is not self._drawn or not near.fits(frame, 1.0 + 1e-9):
            self._sharpening = True
            try:
                self._near = yield from self._render(frame.widened(MARGIN))
            finally:
                self._sharpening = False

    def draw_whole(self, frame: Frame) -> Iterator[None]:
        """Draw the whole map, for moves that go far, in steps; once for the same points."""
        if self._whole is None or self._whole.drawn is not self._drawn:
            size = WHOLE_SCALE * frame.width, WHOLE_SCALE * frame.height
            whole = Frame(*WHOLE, *WHOLE, 0.0, 0.0, *map(round, size))
            self._whole = yield from self._render(whole)

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Draw the points of a frame.

        While the map moves, what was drawn is moved and stretched, so that the time does
        not depend on the number of points; `sharpen` makes it sharp again.
        """
        fits = self._near is not None and self._near.fits(frame, STRETCH)
        picture = self._near if fits else self._whole
        if picture is None and not self._sharpening:
            deque(self.sharpen(frame), maxlen=0)
            picture = self._near
        if picture is not None:
            picture.paint(painter, frame)

    def _render(self, frame: Frame) -> Generator[None, None, _Picture]:
        width, height = (round(size * self._ratio) for size in (frame.width, frame.height))
        picture = QPixmap(max(1, width), max(1, height))
        picture.setDevicePixelRatio(self._ratio)
        picture.fill(Qt.GlobalColor.transparent)
        drawn = self._drawn
        seen = np.flatnonzero(frame.holds(drawn.points))
        sprites = self._sprites(point_scale(len(seen)))
        rows = self._thinned(seen, frame)
        rows = rows[np.argsort(drawn.numbers[rows], kind="stable")]
        faded = drawn.faded[rows]
        for opacity, some in ((FADED, rows[faded]), (1.0, rows[~faded])):
            for first in range(0, len(some), STEP):
                yield
                self._draw(picture, opacity, frame, some[first : first + STEP], sprites)
        return _Picture(frame, picture, drawn)

    def _thinned(self, rows: NDArray[np.int64], frame: Frame) -> NDArray[np.int64]:
        """Return of the points in a frame one for each cell, in their order."""
        if not len(rows):
            return rows
        cells = (frame.pixels(self._drawn.points[rows]) / CELL).astype(np.int64)
        n_across = int(frame.width) // CELL + 2
        last = np.full(n_across * (int(frame.height) // CELL + 2), -1, np.int64)
        last[cells[:, 1] * n_across + cells[:, 0]] = rows  # of equal cells, the last one stays
        strong = ~self._drawn.faded[rows]
        last[(cells[:, 1] * n_across + cells[:, 0])[strong]] = rows[strong]
        return np.asarray(np.sort(last[last >= 0]), dtype=np.int64)

    def _draw(
        self,
        picture: QPixmap,
        opacity: float,
        frame: Frame,
        rows: NDArray[np.int64],
        sprites: Sequence[QPixmap],
    ) -> None:
        halves = np.array([s.width() / s.devicePixelRatio() / 2 for s in sprites])
        numbers = self._drawn.numbers[rows]
        pixels = frame.pixels(self._drawn.points[rows])
        corners = np.rint(pixels - halves[numbers][:, None]).astype(int).tolist()
        painter = QPainter(picture)
        painter.setOpacity(opacity)
        draw = painter.drawPixmap
        for (x, y), number in zip(corners, numbers.tolist(), strict=True):
            draw(x, y, sprites[number])
        painter.end()
