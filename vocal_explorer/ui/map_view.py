"""One map: every track is a point, the names of the singers stand at their tracks."""

import numpy as np
import pyqtgraph as pg
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter

from vocal_explorer.ui import map_drawing
from vocal_explorer.ui.colours import Theme
from vocal_explorer.ui.map_labels import Points, place_labels
from vocal_explorer.ui.map_layout import MapLayout

SIZES = {"o": 10, "s": 9, "t1": 11, "d": 13, "t": 11, "star": 15}  # px; they look equally big
REACH = 16.0  # px from the mouse within which a point counts as hit
MAX_LABELS = 36
LABEL_DELAY = 60  # ms after the last change of range or size
EDGE = 0.09  # free border around the points, as a share of the map
DIRECTIONS = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, -1.0),
    Qt.Key.Key_Down: (0.0, 1.0),
}


class MapView(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """A scatter plot that follows the theme and can be linked to another one.

    Parameters
    ----------
    name
        What a screen reader calls it.
    """

    clicked = Signal(str)
    hovered = Signal(str)

    def __init__(self, name: str) -> None:
        self._layout = MapLayout()
        self._offsets: dict[int, tuple[float, float]] = {}
        self._marked = ""
        self._hovered = ""
        self._layers: list[pg.ScatterPlotItem] = []
        super().__init__(enableMenu=False)
        self.setAccessibleName(name)
        self.setAcceptDrops(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(self.Shape.NoFrame)
        self._label_delay = QTimer(self, singleShot=True, interval=LABEL_DELAY)
        self._label_delay.timeout.connect(self._place_labels)
        self._set_up_plot()
        self._describe()

    def _set_up_plot(self) -> None:
        plot = self.getPlotItem()
        plot.hideButtons()
        plot.hideAxis("left")
        plot.hideAxis("bottom")
        box = plot.getViewBox()
        box.setLimits(xMin=-0.6, xMax=1.6, yMin=-0.6, yMax=1.6, minXRange=0.01, minYRange=0.01)
        box.sigRangeChanged.connect(self._label_delay.start)
        box.sigResized.connect(self._label_delay.start)
        self.scene().sigMouseClicked.connect(self._on_mouse_clicked)
        self.show_all()
        self._apply_theme()

    def show_all(self) -> None:
        """Zoom so that every point is seen."""
        span = (-EDGE, 1 + EDGE)
        self.getViewBox().setRange(xRange=span, yRange=span, padding=0)

    def show_layout(self, layout: MapLayout) -> None:
        """Show another map."""
        self._layout = layout
        self._offsets = {}
        self._draw_points()
        self._label_delay.start()
        self._describe()

    def mark(self, track_id: str | None) -> None:
        """Put the selection ring at a track; a track without a point has none."""
        self._marked = track_id or ""
        self.viewport().update()

    def set_hovered(self, track_id: str) -> None:
        """Name a track, here and without telling anyone; "" names none."""
        self._hovered = track_id
        self.viewport().update()

    @property
    def layout_shown(self) -> MapLayout:
        """What the map shows."""
        return self._layout

    @property
    def hovered_id(self) -> str:
        """The track that is named; "" for none."""
        return self._hovered

    @property
    def marked_point(self) -> tuple[float, float] | None:
        """Where the selected track lies, in map coordinates."""
        if self._marked not in self._layout.index:
            return None
        x, y = self._layout.points[self._layout.index[self._marked]]
        return float(x), float(y)

    def pixel_of(self, track_id: str) -> QPointF:
        """Return where a track is drawn, in pixels of this widget."""
        return QPointF(*self._pixels()[self._layout.index[track_id]])

    def _describe(self) -> None:
        self.setAccessibleDescription(
            f"{len(self._layout.tracks)} tracks as points; tracks that sound alike lie together. "
            "The table of tracks has the same selection; the arrow keys move to the next point."
        )

    def _draw_points(self) -> None:
        for layer in self._layers:
            self.removeItem(layer)
        theme = Theme.of(self.palette())
        brushes = [pg.mkBrush(colour) for colour in theme.mark_colours()]
        edge = pg.mkPen(theme.base, width=1)
        self._layers = []
        for mark, points in self._layout.layers.items():
            size, brush = SIZES[mark.symbol], brushes[mark.colour]
            layer = pg.ScatterPlotItem(
                *points.T, symbol=mark.symbol, size=size, brush=brush, pen=edge
            )
            self.addItem(layer, ignoreBounds=True)
            self._layers.append(layer)

    def _pixels(self) -> Points:
        box = self.getViewBox()
        (left, right), (bottom, top) = box.viewRange()
        area = box.sceneBoundingRect()
        x, y = self._layout.points.T
        return np.stack(
            [
                area.x() + (x - left) / (right - left) * area.width(),
                area.y() + (top - y) / (top - bottom) * area.height(),
            ],
            axis=1,
        )

    def _label_font(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 0.92)
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _place_labels(self) -> None:
        self._label_delay.stop()
        pixels = self._pixels()
        metrics = QFontMetricsF(self._label_font())
        area = (float(self.width()), float(self.height()))
        anchors = pixels[self._layout.anchors] if len(pixels) else np.empty((0, 2))
        inside = ((anchors >= 0) & (anchors <= area)).all(axis=1)
        seen = [int(i) for i in np.flatnonzero(inside)[: 3 * MAX_LABELS]]
        sizes = [
            (
                metrics.horizontalAdvance(map_drawing.short(self._layout.singers[i])),
                metrics.height(),
            )
            for i in seen
        ]
        placed = place_labels(anchors[seen], sizes, pixels, area, MAX_LABELS)
        self._offsets = {
            seen[i]: (left - anchors[seen[i]][0], top - anchors[seen[i]][1])
            for i, (left, top) in placed.items()
        }
        self.viewport().update()

    def drawForeground(self, painter: QPainter, _rect: QRectF) -> None:
        """Draw names, rings and the bubble over the points, in pixels."""
        theme = Theme.of(self.palette())
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._layout.tracks:
            self._draw_over_points(painter, theme)
        else:
            painter.setPen(theme.quiet)
            painter.setFont(self.font())
            text = "The map appears with the first analysed tracks"
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()

    def _draw_over_points(self, painter: QPainter, theme: Theme) -> None:
        pixels = self._pixels()
        if self._marked in self._layout.index:
            centre = QPointF(*pixels[self._layout.index[self._marked]])
            map_drawing.draw_ring(painter, theme, centre, strong=True)
        font = self._label_font()
        for i, offset in self._offsets.items():
            corner = QPointF(*(pixels[self._layout.anchors[i]] + offset))
            colour = self._label_colour(theme, self._layout.singers[i])
            map_drawing.draw_name(painter, theme, font, corner, self._layout.singers[i], colour)
        if self._hovered in self._layout.index:
            centre = QPointF(*pixels[self._layout.index[self._hovered]])
            map_drawing.draw_ring(painter, theme, centre, strong=False)
            track = self._layout.tracks[self._layout.index[self._hovered]]
            map_drawing.draw_bubble(painter, theme, self.font(), centre, self.rect(), track)

    def _label_colour(self, theme: Theme, singer: str) -> QColor:
        return theme.readable(theme.mark_colours()[self._layout.marks[singer].colour])

    def _track_near(self, position: QPointF) -> str:
        if not self._layout.tracks:
            return ""
        far = np.hypot(*(self._pixels() - (position.x(), position.y())).T)
        nearest = int(far.argmin())
        return self._layout.tracks[nearest].track_id if far[nearest] <= REACH else ""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Name the track at the mouse."""
        super().mouseMoveEvent(event)
        self._hover(self._track_near(event.position()))

    def _hover(self, track_id: str) -> None:
        if track_id != self._hovered:
            self.set_hovered(track_id)
            self.hovered.emit(track_id)

    def _on_mouse_clicked(self, event: MouseClickEvent) -> None:
        track_id = self._track_near(event.scenePos())
        if track_id:
            self.clicked.emit(track_id)
        elif event.double():
            self.show_all()

    def leaveEvent(self, event: QEvent) -> None:
        """Name no track any more."""
        self._hover("")
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move to the next point with the arrow keys; Home shows all points."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Home:
            self.show_all()
        elif key in DIRECTIONS and self._layout.tracks:
            self._step(DIRECTIONS[key])
        else:
            event.ignore()

    def _step(self, direction: tuple[float, float]) -> None:
        if self._marked not in self._layout.index:
            self.clicked.emit(self._layout.tracks[0].track_id)
            return
        pixels = self._pixels()
        way = pixels - pixels[self._layout.index[self._marked]]
        along = way @ np.array(direction)
        aside = np.abs(way @ np.array(direction[::-1]))
        cost = np.where((along > 0.5) & (aside <= 1.5 * along), along + 2 * aside, np.inf)
        nearest = int(cost.argmin())
        if np.isfinite(cost[nearest]):
            self.clicked.emit(self._layout.tracks[nearest].track_id)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        if event.type() == QEvent.Type.PaletteChange:
            self._apply_theme()
        super().changeEvent(event)

    def _apply_theme(self) -> None:
        self.setBackground(self.palette().base().color())
        self._draw_points()
