"""Draws the two lanes of a mashup."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from vocal_explorer.base.records.music import MusicSummary, Phrase
from vocal_explorer.ui.base.colours import Theme, blend
from vocal_explorer.ui.base.texts import short_music_words
from vocal_explorer.ui.mashup.audition import Audible
from vocal_explorer.ui.player.outline import Outline

LANE_HEIGHT = 46  # px
NAME_WIDTH = 96  # px; who is heard in a lane
COLUMN, BAR = 3, 2  # px from bar to bar of the waveform, and of one
ROOM_FOR_BEATS = 7.0  # px
ROOM_FOR_BARS = 4.0  # px

Times = NDArray[np.float64]


def draw_lanes(
    widget: QWidget,
    audible: Audible,
    outlines: tuple[Outline | None, Outline | None],
    view: tuple[float, float],
    dragged: float,
) -> QPixmap:
    """Return both lanes, as large as the widget.

    Parameters
    ----------
    widget
        Whose size and colours they get.
    audible
        The mashup.
    outlines
        The vocals and the accompaniment, if they are known.
    view
        Which seconds of the mashup are seen.
    dragged
        How many seconds later the vocals are drawn.
    """
    ratio = widget.devicePixelRatioF()
    picture = QPixmap(widget.size() * ratio)
    picture.setDevicePixelRatio(ratio)
    theme = Theme.of(widget.palette())
    picture.fill(theme.base)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    lanes = _Lanes(painter, theme, audible, view, widget.width() - NAME_WIDTH)
    lanes.draw(0, outlines, dragged)
    painter.end()
    return picture


class _Lanes:
    """One picture: what is drawn where."""

    def __init__(
        self,
        painter: QPainter,
        theme: Theme,
        audible: Audible,
        view: tuple[float, float],
        width: int,
    ) -> None:
        self._painter, self._theme, self._audible = painter, theme, audible
        self._start = view[0]
        self._scale = width / max(view[1] - view[0], 1e-6)
        self._width = width

    def draw(
        self, top: int, outlines: tuple[Outline | None, Outline | None], dragged: float
    ) -> None:
        """Draw names, phrases, sound and beats of both lanes."""
        audible, theme = self._audible, self._theme
        anchors, alignment = audible.alignment.anchors, audible.alignment
        below = top + LANE_HEIGHT + 6
        sung = blend(theme.accent, theme.base, 0.2)
        own = blend(theme.text, theme.base, 0.1)
        names = ("Vocals", "Instrumental")
        for lane, (y, colour) in enumerate(((top, sung), (below, own))):
            self._name(names[lane], audible.music[lane].summary, y)
            self._phrases(audible.music[lane].phrases, anchors[:, lane + 1], y, colour,
                          dragged if lane == 0 else 0.0)  # fmt: skip
        seconds = self._start + np.arange(0, self._width, COLUMN) / self._scale
        strong = theme.accent
        self._sound(outlines[0], alignment.vocals_time(seconds - dragged), top, strong)
        self._sound(outlines[1], alignment.accompaniment_time(seconds), below, theme.quiet)
        self._beats(top, below + LANE_HEIGHT)
        self._sections(below)

    def _name(self, name: str, music: MusicSummary, y: int) -> None:
        """Say what is in a lane, and the tempo and key of its song."""
        area = QRectF(4, y + 4, NAME_WIDTH - 8, LANE_HEIGHT / 2 - 4)
        self._painter.setPen(self._theme.text)
        self._painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, name)
        self._painter.setPen(self._theme.quiet)
        said = " · ".join(short_music_words(music))
        area.translate(0, area.height())
        self._painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, said)

    def _phrases(
        self,
        phrases: Sequence[Phrase],
        times: Times,
        y: int,
        colour: QColor,
        later: float,
    ) -> None:
        """Shade where somebody sings; the vocals' phrases also get an edge where they begin."""
        heard = self._audible.alignment.anchors[:, 0]
        for phrase in phrases:
            if phrase.stop < times[0] or phrase.start > times[-1]:
                continue
            start, stop = np.interp((phrase.start, phrase.stop), times, heard) + later
            area = QRectF(self._x(start), y, (stop - start) * self._scale, LANE_HEIGHT)
            self._painter.fillRect(self._inside(area), colour)

    def _sound(self, outline: Outline | None, own: Times, y: int, colour: QColor) -> None:
        if outline is None or not len(outline.levels):
            return
        places = own / max(outline.seconds, 1e-6) * len(outline.levels)
        there = (places >= 0) & (places < len(outline.levels))
        levels = np.where(there, outline.levels[np.clip(places, 0, len(outline.levels) - 1)
                                                .astype(int)], 0.0)  # fmt: skip
        middle = y + LANE_HEIGHT / 2
        for column, level in enumerate(levels.tolist()):
            if level > 0:
                height = max(1.0, level * (LANE_HEIGHT - 6))
                x = NAME_WIDTH + column * COLUMN
                self._painter.fillRect(QRectF(x, middle - height / 2, BAR, height), colour)

    def _beats(self, top: int, bottom: int) -> None:
        alignment = self._audible.alignment
        bars = alignment.beats[alignment.downbeats]
        thin, thick = (blend(self._theme.text, self._theme.base, s) for s in (0.22, 0.5))
        for times, colour, room in (
            (alignment.beats, thin, ROOM_FOR_BEATS),
            (bars, thick, ROOM_FOR_BARS),
        ):
            if len(times) < 2 or np.median(np.diff(times)) * self._scale < room:
                continue
            self._painter.setPen(colour)
            for x in (self._x(seconds) for seconds in times.tolist()):
                if NAME_WIDTH <= x <= NAME_WIDTH + self._width:
                    self._painter.drawLine(QPointF(x, top), QPointF(x, bottom))

    def _sections(self, y: int) -> None:
        """Mark where phrases of the accompaniment begin: a small triangle over its lane."""
        music, anchors = self._audible.music[1], self._audible.alignment.anchors
        starts = music.beats[music.downbeats[music.sections]].tolist()
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(self._theme.text)
        for start in starts:
            if anchors[0, 2] <= start <= anchors[-1, 2]:
                x = self._x(float(np.interp(start, anchors[:, 2], anchors[:, 0])))
                if NAME_WIDTH <= x <= NAME_WIDTH + self._width:
                    corners = [QPointF(x - 4, y - 6), QPointF(x + 4, y - 6), QPointF(x, y)]
                    self._painter.drawPolygon(corners)

    def _x(self, seconds: float) -> float:
        return NAME_WIDTH + (seconds - self._start) * self._scale

    def _inside(self, area: QRectF) -> QRectF:
        return area.intersected(QRectF(NAME_WIDTH, area.y(), self._width, area.height()))
