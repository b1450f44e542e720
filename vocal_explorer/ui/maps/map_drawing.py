"""What is drawn over the points of a map: names, rings, and the bubble of a hovered track."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
)

from vocal_explorer.base.names import shortened
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.ui.base.colours import UNKNOWN, Theme, blend

HALO = 3.0  # px around a name
PADDING = 8.0  # px inside the bubble


def short(name: str) -> str:
    """Return a name that is not too long for a map."""
    return shortened(name or UNKNOWN)


def name_picture(theme: Theme, font: QFont, name: str, colour: QColor, ratio: float) -> QPixmap:
    """Return a picture of a name with a halo, HALO pixels wider on each side than the name.

    `ratio` is that of device pixels to pixels.
    """
    metrics = QFontMetricsF(font)
    size = QSizeF(metrics.horizontalAdvance(short(name)) + 2 * HALO, metrics.height() + 2 * HALO)
    picture = QPixmap((size * ratio).toSize())
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    path = QPainterPath()
    path.addText(QPointF(HALO, HALO + metrics.ascent()), font, short(name))
    halo = QColor(theme.base)
    halo.setAlphaF(0.85)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.strokePath(path, _round_pen(halo, 3.5))
    painter.fillPath(path, colour)
    painter.end()
    return picture


def _round_pen(colour: QColor, width: float) -> QPen:
    solid, cap = Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap
    return QPen(colour, width, solid, cap, Qt.PenJoinStyle.RoundJoin)


def draw_lines(painter: QPainter, theme: Theme, start: QPointF, ends: Sequence[QPointF]) -> None:
    """Draw thin lines from one point to others."""
    painter.setPen(QPen(blend(theme.text, theme.base, 0.4), 1.0))
    for end in ends:
        painter.drawLine(start, end)


def draw_outline(painter: QPainter, theme: Theme, corners: Sequence[QPointF]) -> None:
    """Draw the outline of a set that is being chosen."""
    fill = QColor(theme.accent)
    fill.setAlphaF(0.12)
    painter.setPen(QPen(theme.accent, 1.5, Qt.PenStyle.DashLine))
    painter.setBrush(fill)
    painter.drawPolygon(QPolygonF(corners))


def draw_ring(painter: QPainter, theme: Theme, centre: QPointF, *, strong: bool) -> None:
    """Draw a ring around a point: the selected (strong) or the hovered one."""
    radius = 11.0 if strong else 9.0
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.base, 5.0))
    painter.drawEllipse(centre, radius, radius)
    painter.setPen(QPen(theme.text if strong else theme.quiet, 2.5 if strong else 1.5))
    painter.drawEllipse(centre, radius, radius)


def draw_bubble(
    painter: QPainter, theme: Theme, font: QFont, centre: QPointF, area: QRect, track: Track
) -> None:
    """Draw title and singer beside a point, inside `area`."""
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    metrics, bold_metrics = QFontMetricsF(font), QFontMetricsF(bold)
    limit = area.width() * 0.7
    elide = Qt.TextElideMode.ElideRight
    title = bold_metrics.elidedText(track.title, elide, limit)
    singer = metrics.elidedText(track.singer or UNKNOWN, elide, limit)
    width = max(bold_metrics.horizontalAdvance(title), metrics.horizontalAdvance(singer))
    box = QRectF(0, 0, width + 2 * PADDING + 1, 2 * metrics.height() + 1.5 * PADDING)
    box.moveTo(_beside(centre, box, area))
    painter.setPen(QPen(theme.faint, 1))
    painter.setBrush(theme.base)
    painter.drawRoundedRect(box, 6, 6)
    text = box.adjusted(PADDING, PADDING * 0.75, 0, -PADDING * 0.75)
    painter.setPen(theme.text)
    painter.setFont(bold)
    painter.drawText(text, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, title)
    painter.setPen(theme.quiet)
    painter.setFont(font)
    painter.drawText(text, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, singer)


def _beside(centre: QPointF, box: QRectF, area: QRect) -> QPointF:
    x = centre.x() + 16
    if x + box.width() > area.right() - 4:
        x = centre.x() - 16 - box.width()
    y = centre.y() - box.height() - 6
    highest_x = max(4.0, area.right() - 4 - box.width())
    return QPointF(min(max(x, 4.0), highest_x), max(y, 4.0))
