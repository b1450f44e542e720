"""Both stems of a mashup over one time axis: their sound, phrases, beats, and where they meet."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from vocal_explorer.ui.base.colours import Theme
from vocal_explorer.ui.base.texts import clock
from vocal_explorer.ui.mashup.audition import Audible
from vocal_explorer.ui.mashup.lanes_picture import LANE_HEIGHT, NAME_WIDTH, draw_lanes
from vocal_explorer.ui.player.outline import Outline

HEIGHT = 2 * LANE_HEIGHT + 6  # px
SHORTEST_VIEW = 4.0  # s
ZOOM = 1.3  # a notch of the wheel
HINT = (
    "Above the vocals, below the instrumental: thick lines are bars, shaded is where somebody"
    " sings. Drag the vocals to another bar, with Shift to another beat, with Alt freely. The"
    " wheel zooms, a click goes there."
)


@dataclass(frozen=True)
class Shift:
    """By how much the user dragged the vocals."""

    bars: int = 0
    beats: int = 0
    nudge: float = 0.0


class MashupLanes(QWidget):
    """Two lanes; `sought` tells a second that was clicked, `shifted` where vocals were dragged."""

    sought = Signal(float)
    shifted = Signal(Shift)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Vocals and instrumental of the mashup")
        self.setToolTip(HINT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._audible: Audible | None = None
        self._outlines: tuple[Outline | None, Outline | None] = (None, None)
        self._view = (0.0, 1.0)
        self._position = 0.0
        self._pressed_at: float | None = None
        self._dragged = 0.0
        self._picture: QPixmap | None = None

    @property
    def view(self) -> tuple[float, float]:
        """From which to which second of the mashup is shown."""
        return self._view

    def show_mashup(self, audible: Audible) -> None:
        """Show a mashup; if it is the same pair, what is seen of it stays."""
        before = self._audible
        same = before is not None and before.pair.ids == audible.pair.ids
        self._audible = audible
        if not same:
            self._outlines = (None, None)
            self._view = (0.0, audible.alignment.seconds)
        self._describe()
        self._redraw()

    def show_outlines(self, vocals: Outline | None, accompaniment: Outline | None) -> None:
        """Draw the sound of both stems, which are given as long as they are in their songs."""
        self._outlines = (vocals, accompaniment)
        self._redraw()

    def follow(self, seconds: float) -> None:
        """Show where playback is; if it leaves what is seen, turn the page."""
        self._position = seconds
        start, stop = self._view
        if self._audible is not None and not start <= seconds <= stop and self._pressed_at is None:
            self._show(seconds, stop - start)
        self.update()

    def sizeHint(self) -> QSize:
        """Be as wide as there is room."""
        return QSize(600, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Be high enough for both lanes."""
        return QSize(200, HEIGHT)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click or a drag."""
        if event.button() == Qt.MouseButton.LeftButton and self._audible is not None:
            self._pressed_at = self._seconds_at(event.position().x())
            self._dragged = 0.0

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the vocals along."""
        if self._pressed_at is not None and self._audible is not None:
            moved = self._seconds_at(event.position().x()) - self._pressed_at
            self._dragged = self._snapped(moved, event.modifiers())[1]
            self._redraw()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Leave the vocals there, or go to where the click was."""
        pressed_at, self._pressed_at = self._pressed_at, None
        if pressed_at is None:
            return
        here = self._seconds_at(event.position().x())
        shift, _ = self._snapped(here - pressed_at, event.modifiers())
        self._dragged = 0.0
        self._redraw()
        if abs(here - pressed_at) * self._scale < 4:  # px
            self.sought.emit(min(max(here, 0.0), self._length))
        elif shift != Shift():
            self.shifted.emit(shift)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Show less or more around the pointer; sideways, another part."""
        if self._audible is None:
            return
        start, stop = self._view
        here = self._seconds_at(event.position().x())
        if event.angleDelta().x():
            width = stop - start
            self._show(start - event.angleDelta().x() / 1200 * width, width)
        else:
            width = (stop - start) * ZOOM ** (-event.angleDelta().y() / 120)
            width = min(max(width, SHORTEST_VIEW), self._length)
            self._show(here - (here - start) / (stop - start) * width, width)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys go a bar on or back, plus and minus zoom, Home shows all."""
        bar, key = self._bar_seconds(), event.key()
        start, stop = self._view
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = bar if key == Qt.Key.Key_Right else -bar
            self.sought.emit(min(max(self._position + step, 0.0), self._length))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            width = (stop - start) * (ZOOM if key == Qt.Key.Key_Minus else 1 / ZOOM)
            width = min(max(width, SHORTEST_VIEW), self._length)
            self._show(self._position - width / 2, width)
        elif key == Qt.Key.Key_Home:
            self._show(0.0, self._length)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QEvent) -> None:
        """Draw it anew."""
        self._redraw()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._redraw()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw both lanes and where playback is."""
        if self._audible is None:
            return
        if self._picture is None:
            self._picture = draw_lanes(
                self, self._audible, self._outlines, self._view, self._dragged
            )
        theme = Theme.of(self.palette())
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        x = NAME_WIDTH + (self._position - self._view[0]) * self._scale
        if x >= NAME_WIDTH:
            painter.fillRect(QRectF(x - 1, 0, 2, self.height()), theme.text)
        if self.hasFocus():
            painter.setPen(theme.accent)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    @property
    def _length(self) -> float:
        return self._audible.alignment.seconds if self._audible else 1.0

    @property
    def _scale(self) -> float:
        """Pixels a second."""
        start, stop = self._view
        return max(self.width() - NAME_WIDTH, 1) / max(stop - start, 1e-6)

    def _seconds_at(self, x: float) -> float:
        return self._view[0] + (x - NAME_WIDTH) / self._scale

    def _show(self, start: float, width: float) -> None:
        start = min(max(start, 0.0), max(self._length - width, 0.0))
        self._view = (start, start + width)
        self._redraw()

    def _snapped(self, seconds: float, modifiers: Qt.KeyboardModifier) -> tuple[Shift, float]:
        """Return a drag as whole bars, beats with Shift, seconds with Alt; and how far that is."""
        if modifiers & Qt.KeyboardModifier.AltModifier:
            return Shift(nudge=seconds), seconds
        beat = self._beat_seconds()
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            beats = round(seconds / beat)
            return Shift(beats=beats), beats * beat
        bars = round(seconds / self._bar_seconds())
        return Shift(bars=bars), bars * self._bar_seconds()

    def _beat_seconds(self) -> float:
        return _typical(self._audible.alignment.beats) if self._audible else 0.5

    def _bar_seconds(self) -> float:
        if self._audible is None:
            return 2.0
        alignment = self._audible.alignment
        return _typical(alignment.beats[alignment.downbeats], 2.0)

    def _describe(self) -> None:
        audible = self._audible
        if audible is not None:
            pair, length = audible.pair, clock(audible.alignment.seconds)
            self.setAccessibleDescription(
                f"{pair.vocals.title} over {pair.accompaniment.title}, {length}. {HINT}"
            )

    def _redraw(self) -> None:
        self._picture = None
        self.update()


def _typical(times: NDArray[np.float64], otherwise: float = 0.5) -> float:
    return float(np.median(np.diff(times))) if len(times) > 1 else otherwise
