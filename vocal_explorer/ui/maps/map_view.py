"""One map: every track is a point, names stand at the points."""

from collections.abc import Collection, Iterator, Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPixmap

from vocal_explorer.ui.base.colours import Theme
from vocal_explorer.ui.base.time_slices import TimeSlices
from vocal_explorer.ui.base.timers import delay
from vocal_explorer.ui.maps import map_drawing
from vocal_explorer.ui.maps.lasso import inside
from vocal_explorer.ui.maps.map_box import MapBox, Tool
from vocal_explorer.ui.maps.map_flight import Flight
from vocal_explorer.ui.maps.map_frame import Frame, Points
from vocal_explorer.ui.maps.map_layout import MapLayout
from vocal_explorer.ui.maps.map_names import Name, ShownNames
from vocal_explorer.ui.maps.points_picture import Drawn, PointsPicture

REACH = 16.0  # px from the mouse within which a point counts as hit
REST = 60  # ms after the last change of range or size
EDGE = 0.09  # free border around the points, as a share of the map
COMFORT = 0.1  # a found track that is nearer to the edge, as a share of what is seen, flies in
ZOOM = 0.8  # of what is seen, with one press of +
DIRECTIONS = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, -1.0),
    Qt.Key.Key_Down: (0.0, 1.0),
}
ZOOM_KEYS = {Qt.Key.Key_Plus: ZOOM, Qt.Key.Key_Equal: ZOOM, Qt.Key.Key_Minus: 1 / ZOOM}


class MapView(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """A scatter plot that follows the theme and can be linked to another one.

    `clicked` and `hovered` tell a track id; `region_chosen` tells those in an outline that
    was drawn, and whether they are to be added; `moved` that another part is seen.

    Parameters
    ----------
    name
        What a screen reader calls it.
    turns
        Where it gets ready for the next move; its own without it.
    """

    clicked = Signal(str)
    hovered = Signal(str)
    region_chosen = Signal(tuple, bool)
    moved = Signal()

    def __init__(self, name: str, turns: TimeSlices | None = None) -> None:
        self._layout = MapLayout()
        self._shown: NDArray[np.bool_] = np.empty(0, np.bool_)
        self._hidden: Collection[str] = ()
        self._chosen: frozenset[str] = frozenset()
        self._names = ShownNames()
        self._marked = ""
        self._hovered = ""
        self._neighbours: tuple[str, ...] = ()
        self._outline: Points = np.empty((0, 2))
        self._picture = PointsPicture()
        self._box = MapBox()
        self._rest = delay(None, REST)
        self._turns = turns or TimeSlices()
        super().__init__(viewBox=self._box, enableMenu=False)
        self.setAccessibleName(name)
        self.setAcceptDrops(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(self.Shape.NoFrame)
        self._flight = Flight(self._box, self)
        self._rest.timeout.connect(lambda: self._turns.run(self, self._get_ready()))
        self._set_up_plot()
        self._describe()

    def _set_up_plot(self) -> None:
        plot = self.getPlotItem()
        plot.hideButtons()
        plot.hideAxis("left")
        plot.hideAxis("bottom")
        box = self._box
        box.setLimits(xMin=-0.6, xMax=1.6, yMin=-0.6, yMax=1.6, minXRange=0.01, minYRange=0.01)
        box.sigRangeChanged.connect(self._on_moved)
        box.sigResized.connect(self._begin_rest)
        box.outlined.connect(self._show_outline)
        box.drawn.connect(self._choose_region)
        self.scene().sigMouseClicked.connect(self._on_mouse_clicked)
        self.show_all()
        self._apply_theme()

    def show_all(self) -> None:
        """Zoom so that every point is seen."""
        span = (-EDGE, 1 + EDGE)
        self.set_seen((span, span))

    def set_seen(self, seen: Sequence[Sequence[float]]) -> None:
        """Show another part of the map: left and right, bottom and top."""
        self._box.setRange(xRange=tuple(seen[0]), yRange=tuple(seen[1]), padding=0)

    @property
    def seen(self) -> list[list[float]]:
        """Which part of the map is seen: left and right, bottom and top."""
        return [list(span) for span in self._box.viewRange()]

    def show_layout(self, layout: MapLayout) -> None:
        """Show another map."""
        self._layout = layout
        self._draw_points()
        self._describe()

    def use_tool(self, tool: Tool) -> None:
        """Let the left mouse button do something else."""
        self._box.tool = tool
        shape = Qt.CursorShape.ArrowCursor if tool is Tool.MOVE else Qt.CursorShape.CrossCursor
        self.viewport().setCursor(shape)

    def hide_groups(self, labels: Collection[str]) -> None:
        """Leave out the points of these groups of the legend."""
        self._hidden = labels
        self._draw_points()

    def choose(self, track_ids: Collection[str]) -> None:
        """Let all points but these step back; none are chosen when it is empty."""
        self._chosen = frozenset(track_ids)
        self._draw_points()

    def mark(self, track_id: str | None) -> None:
        """Put the selection ring at a track; a track without a point has none."""
        self._marked = track_id or ""
        self._neighbours = ()
        self.viewport().update()

    def fly_to(self, track_id: str) -> None:
        """Bring a track into view unless it is seen well already."""
        if track_id in self._layout.index:
            place = self._layout.points[self._layout.index[track_id]]
            (left, right), (bottom, top) = self.seen
            low, high = np.array((left, bottom)), np.array((right, top))
            free = COMFORT * (high - low)
            if (place < low + free).any() or (place > high - free).any():
                half = (high - low) / 2  # the flight ends where the map does
                first = np.minimum(half - EDGE, 0.5)
                last = np.maximum(1 + EDGE - half, 0.5)
                self._flight.centre_on(np.clip(place, first, last))

    def link(self, track_ids: Sequence[str]) -> None:
        """Draw lines from the marked track to these."""
        self._neighbours = tuple(track_ids)
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
    def shown_ids(self) -> list[str]:
        """The tracks whose points are drawn."""
        return [self._layout.tracks[row].track_id for row in np.flatnonzero(self._shown)]

    @property
    def names(self) -> list[Name]:
        """The names that stand on the map."""
        return self._names.names

    @property
    def linked_ids(self) -> tuple[str, ...]:
        """The tracks to which lines are drawn."""
        return tuple(track_id for track_id in self._neighbours if self._is_shown(track_id))

    @property
    def marked_point(self) -> tuple[float, float] | None:
        """Where the selected track lies, in map coordinates."""
        if self._marked not in self._layout.index:
            return None
        x, y = self._layout.points[self._layout.index[self._marked]]
        return float(x), float(y)

    def pixel_of(self, track_id: str) -> QPointF:
        """Return where a track is drawn, in pixels of this widget."""
        row = self._layout.index[track_id]
        return QPointF(*self._frame().pixels(self._layout.points[row : row + 1])[0])

    def _is_shown(self, track_id: str) -> bool:
        row = self._layout.index.get(track_id)
        return row is not None and bool(self._shown[row])

    def _describe(self) -> None:
        self.setAccessibleDescription(
            f"{len(self._layout.tracks)} tracks as points; tracks that sound alike lie together. "
            "The table of tracks has the same selection; the arrow keys move to the next point, "
            "with Shift they choose it too."
        )

    def _draw_points(self) -> None:
        layout = self._layout
        labels = [group.label for group in layout.colouring.groups]
        open_groups = np.array([label not in self._hidden for label in labels], np.bool_)
        self._shown = open_groups[layout.groups]
        rows = np.flatnonzero(self._shown)
        faded = np.full(len(layout.tracks), bool(self._chosen))
        faded[[layout.index[t] for t in self._chosen if t in layout.index]] = False
        self._picture.show(
            Drawn(
                layout.points[rows],
                layout.groups[rows],
                [group.mark for group in layout.colouring.groups],
                faded[rows],
            ),
            Theme.of(self.palette()),
            self.devicePixelRatioF(),
        )
        self._names.clear()
        self._turns.run(self, self._get_ready())
        self.viewport().update()

    def _frame(self) -> Frame:
        (left, right), (bottom, top) = self._box.viewRange()
        area = self._box.sceneBoundingRect()
        return Frame(left, right, bottom, top, area.x(), area.y(), area.width(), area.height())

    def _label_font(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 0.92)
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _name_picture(self, name: Name) -> QPixmap:
        theme = Theme.of(self.palette())
        group = self._layout.colouring.groups[self._layout.groups[name.point]]
        colour = theme.readable(theme.mark_colours()[group.mark.colour])
        ratio = self.devicePixelRatioF()
        return map_drawing.name_picture(theme, self._label_font(), name.text, colour, ratio)

    @property
    def resting(self) -> bool:
        """Whether it did not move just now."""
        return not self._rest.isActive()

    def _on_moved(self) -> None:
        self._begin_rest()
        self.moved.emit()

    def _begin_rest(self) -> None:
        self._turns.stop(self)
        self._rest.start()

    def _get_ready(self) -> Iterator[None]:
        frame, metrics = self._frame(), QFontMetricsF(self._label_font())
        yield from self._picture.sharpen(frame)
        self.viewport().update()
        yield from self._picture.draw_whole(frame)
        yield
        look = (self._layout, self._shown, frame)
        yield from self._names.find(*look, metrics, self._name_picture)
        self.viewport().update()

    def drawForeground(self, painter: QPainter, _rect: QRectF) -> None:
        """Draw points, names, rings and the bubble, in pixels."""
        theme = Theme.of(self.palette())
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._layout.tracks:
            frame = self._frame()
            self._draw_lines(painter, theme)
            self._picture.paint(painter, frame)
            self._draw_over_points(painter, theme, frame)
        else:
            painter.setPen(theme.quiet)
            painter.setFont(self.font())
            text = "The map appears with the first analysed tracks"
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()

    def _draw_lines(self, painter: QPainter, theme: Theme) -> None:
        if self._is_shown(self._marked):
            ends = [self.pixel_of(track_id) for track_id in self.linked_ids]
            map_drawing.draw_lines(painter, theme, self.pixel_of(self._marked), ends)

    def _draw_over_points(self, painter: QPainter, theme: Theme, frame: Frame) -> None:
        if self._is_shown(self._marked):
            map_drawing.draw_ring(painter, theme, self.pixel_of(self._marked), strong=True)
        self._names.paint(painter, self._layout.points, frame)
        if self._is_shown(self._hovered):
            centre = self.pixel_of(self._hovered)
            map_drawing.draw_ring(painter, theme, centre, strong=False)
            track = self._layout.tracks[self._layout.index[self._hovered]]
            map_drawing.draw_bubble(painter, theme, self.font(), centre, self.rect(), track)
        if len(self._outline):
            corners = [QPointF(*corner) for corner in self._outline]
            map_drawing.draw_outline(painter, theme, corners)

    def _show_outline(self, outline: Points) -> None:
        self._outline = outline
        self.viewport().update()

    def _choose_region(self, outline: Points, adds: bool) -> None:
        found = inside(self._frame().pixels(self._layout.points), outline) & self._shown
        ids = tuple(self._layout.tracks[row].track_id for row in np.flatnonzero(found))
        self.region_chosen.emit(ids, adds)

    def _track_near(self, position: QPointF) -> str:
        if not self._shown.any():
            return ""
        ways = self._frame().pixels(self._layout.points) - (position.x(), position.y())
        far = np.where(self._shown, (ways**2).sum(axis=1), np.inf)
        nearest = int(far.argmin())
        return self._layout.tracks[nearest].track_id if far[nearest] <= REACH**2 else ""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Name the track at the mouse, unless it drags."""
        super().mouseMoveEvent(event)
        if not event.buttons():
            self._hover(self._track_near(event.position()))

    def _hover(self, track_id: str) -> None:
        if track_id != self._hovered:
            self.set_hovered(track_id)
            self.hovered.emit(track_id)

    def _on_mouse_clicked(self, event: MouseClickEvent) -> None:
        track_id = self._track_near(event.scenePos())
        if track_id and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.region_chosen.emit((track_id,), True)
        elif track_id:
            self.clicked.emit(track_id)
        elif event.double():
            self.show_all()

    def leaveEvent(self, event: QEvent) -> None:
        """Name no track any more."""
        self._hover("")
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move to the next point with the arrow keys; + and - zoom, Home shows all points."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Home:
            self.show_all()
        elif key in ZOOM_KEYS:
            self._box.scaleBy((ZOOM_KEYS[key], ZOOM_KEYS[key]), center=self.marked_point)
        elif key in DIRECTIONS and self._shown.any():
            adds = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._step(DIRECTIONS[key], adds=adds)
        else:
            event.ignore()

    def _step(self, direction: tuple[float, float], *, adds: bool) -> None:
        track_id = self._next(direction)
        if not track_id:
            return
        if adds:
            both = [t for t in (self._marked, track_id) if self._is_shown(t)]
            self.region_chosen.emit(tuple(both), True)
        self.clicked.emit(track_id)

    def _next(self, direction: tuple[float, float]) -> str:
        """Return the nearest track in a direction, "" if there is none."""
        if not self._is_shown(self._marked):
            return self._layout.tracks[int(self._shown.argmax())].track_id
        pixels = self._frame().pixels(self._layout.points)
        way = pixels - pixels[self._layout.index[self._marked]]
        along = way @ np.array(direction)
        aside = np.abs(way @ np.array(direction[::-1]))
        ahead = (along > 0.5) & (aside <= 1.5 * along) & self._shown
        cost = np.where(ahead, along + 2 * aside, np.inf)
        nearest = int(cost.argmin())
        return self._layout.tracks[nearest].track_id if np.isfinite(cost[nearest]) else ""

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        if event.type() == QEvent.Type.PaletteChange:
            self._apply_theme()
        super().changeEvent(event)

    def _apply_theme(self) -> None:
        self.setBackground(self.palette().base().color())
        self._draw_points()
