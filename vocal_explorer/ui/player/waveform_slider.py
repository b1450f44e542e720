"""The position as a slider that shows the sound: its outline, its voice, its loop."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSlider, QStyle, QWidget

from vocal_explorer.ui.base.colours import Theme
from vocal_explorer.ui.base.texts import clock
from vocal_explorer.ui.player.outline import Outline

HEIGHT = 44  # px
COLUMN, BAR = 3, 2  # px from bar to bar, and of a bar
VOICE_LINE = 3  # px; the line under what is sung
MARGIN = 3  # px above and below
TO_COME = 0.45  # opacity of what is not yet played
SHORTEST_DRAG = 0.1  # s; less is a click
HINT = (
    "Coloured and underlined: somebody sings. Shift and drag to repeat a region,"
    " or [ and ] where it starts and ends; \\ clears it."
)


class WaveformSlider(QSlider):
    """A slider in milliseconds; only the user moves playback with it, never playback itself."""

    sought = Signal(float)
    loop_wanted = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setAccessibleName("Position")
        self.setToolTip(HINT)
        self.setSingleStep(5_000)
        self.setPageStep(15_000)
        self.setFixedHeight(HEIGHT)
        self.actionTriggered.connect(self._on_action)
        self.sliderReleased.connect(lambda: self.sought.emit(self.value() / 1000))
        self._outline: Outline | None = None
        self._loop: tuple[float, float] | None = None
        self._drag_from: float | None = None
        self._picture: QPixmap | None = None

    @property
    def outline(self) -> Outline | None:
        """What is drawn; without one it is a plain slider."""
        return self._outline

    @property
    def loop(self) -> tuple[float, float] | None:
        """The region that is drawn as repeated, in seconds."""
        return self._loop

    def follow(self, position: float, duration: float) -> None:
        """Show where playback is, in seconds, unless the user drags."""
        if not self.isSliderDown():
            self.setRange(0, round(duration * 1000))
            self.setValue(round(position * 1000))

    def show_outline(self, outline: Outline | None) -> None:
        """Draw another recording."""
        self._outline = outline
        self._redraw()

    def show_loop(self, loop: tuple[float, float] | None) -> None:
        """Draw another region, unless the user drags one."""
        if self._drag_from is None and loop != self._loop:
            self._loop = loop
            spoken = "" if loop is None else f"Repeats {clock(loop[0])} to {clock(loop[1])}. "
            self.setAccessibleDescription(spoken + HINT)
            self.update()

    def sizeHint(self) -> QSize:
        """Be wide enough to aim at."""
        return QSize(200, HEIGHT)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to where the mouse is, or begin a region with Shift."""
        if event.button() != Qt.MouseButton.LeftButton or not self.maximum():
            event.ignore()
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._drag_from = self._seconds_at(event)
        else:
            self.setSliderDown(True)
            self.setSliderPosition(round(self._seconds_at(event) * 1000))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on, along with the mouse."""
        if self._drag_from is not None:
            start, end = sorted((self._drag_from, self._seconds_at(event)))
            self._loop = (start, end)
            self.update()
        elif self.isSliderDown():
            self.setSliderPosition(round(self._seconds_at(event) * 1000))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Stay there; a region is repeated from now on."""
        start, self._drag_from = self._drag_from, None
        if start is not None:
            end = self._seconds_at(event)
            if abs(end - start) >= SHORTEST_DRAG:
                self.loop_wanted.emit(min(start, end), max(start, end))
        elif self.isSliderDown():
            self.setSliderDown(False)

    def hideEvent(self, event: QHideEvent) -> None:
        """Forget a drag that can have no end."""
        self._drag_from = None
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw it anew."""
        super().resizeEvent(event)
        self._redraw()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.EnabledChange):
            self._redraw()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the outline, the region that is repeated, and the position."""
        if self._outline is None or not self.maximum():
            super().paintEvent(event)
            return
        if self._picture is None:
            self._picture = self._drawn(self._outline)
        theme = Theme.of(self.palette())
        position = self._x(self.sliderPosition() / 1000)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(0, 0, self._picture)
        veil = QColor(theme.base)
        veil.setAlphaF(1 - TO_COME)
        painter.fillRect(QRectF(position, 0, self.width() - position, self.height()), veil)
        if self._loop is not None:
            self._draw_loop(painter, theme, self._loop)
        painter.setPen(QPen(theme.text, 2))
        painter.drawLine(QPointF(position, 0), QPointF(position, self.height()))
        if self.hasFocus():
            painter.setPen(QPen(theme.accent, 1.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def _draw_loop(self, painter: QPainter, theme: Theme, loop: tuple[float, float]) -> None:
        left, right = (self._x(seconds) for seconds in loop)
        shade = QColor(theme.accent)
        shade.setAlphaF(0.22)
        painter.fillRect(QRectF(left, 0, right - left, self.height()), shade)
        painter.setPen(QPen(theme.text, 2))
        for x, inwards in ((left + 1, 5), (right - 1, -5)):
            low = self.height() - 1
            corners = [(x + inwards, 1), (x, 1), (x, low), (x + inwards, low)]
            painter.drawPolyline([QPointF(*corner) for corner in corners])

    def _drawn(self, outline: Outline) -> QPixmap:
        """Return the bars and the lines under what is sung, as large as the slider."""
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        theme = Theme.of(self.palette())
        painter = QPainter(picture)
        self._draw_bars(painter, outline, theme.quiet)
        painter.setPen(Qt.PenStyle.NoPen)
        for start, end in outline.voiced or ():
            left, right = self._x(start), self._x(end)
            painter.setClipRect(QRectF(left, 0, right - left, self.height()))
            self._draw_bars(painter, outline, theme.accent)
            line = QRect(round(left), self.height() - VOICE_LINE, self.width(), VOICE_LINE)
            painter.fillRect(line, theme.accent)
        painter.end()
        return picture

    def _draw_bars(self, painter: QPainter, outline: Outline, colour: QColor) -> None:
        tallest = self.height() - 2 * (MARGIN + VOICE_LINE)
        for column, level in enumerate(column_levels(outline, max(self.width() // COLUMN, 1))):
            height = max(level * tallest, 1.0)
            top = (self.height() - height) / 2
            painter.fillRect(QRectF(column * COLUMN, top, BAR, height), colour)

    def _x(self, seconds: float) -> float:
        return seconds * 1000 / self.maximum() * self.width()

    def _seconds_at(self, event: QMouseEvent) -> float:
        x = round(event.position().x())
        return QStyle.sliderValueFromPosition(0, self.maximum(), x, self.width()) / 1000

    def _on_action(self, action: int) -> None:
        if action != QSlider.SliderAction.SliderMove.value:
            self.sought.emit(self.sliderPosition() / 1000)

    def _redraw(self) -> None:
        self._picture = None
        self.update()


def column_levels(outline: Outline, n_columns: int) -> list[float]:
    """Return the loudest level of each of so many equal stretches."""
    if not len(outline.levels):
        return [0.0] * n_columns
    firsts = np.arange(n_columns) * len(outline.levels) // n_columns
    return [float(level) for level in np.maximum.reduceat(outline.levels, firsts)]
