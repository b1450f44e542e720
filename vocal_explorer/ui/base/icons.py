"""Small icons, drawn in the colour of the text so that they fit light and dark."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QIcon,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPalette,
    QPen,
    QPixmap,
    QPolygonF,
)

SIZE = 64


def _play(path: QPainterPath) -> None:
    path.addPolygon(QPolygonF([QPointF(18, 10), QPointF(54, 32), QPointF(18, 54)]))


def _pause(path: QPainterPath) -> None:
    path.addRoundedRect(QRectF(15, 10, 12, 44), 3, 3)
    path.addRoundedRect(QRectF(37, 10, 12, 44), 3, 3)


def _close(path: QPainterPath) -> None:
    for angle in (1, -1):
        path.addPolygon(
            QPolygonF([QPointF(32 + s * x, 32 + angle * s * y) for s in (1, -1) for x, y in _ARM])
        )


def _note(path: QPainterPath) -> None:
    path.addEllipse(QRectF(12, 40, 20, 15))
    path.addRect(QRectF(28, 10, 4, 38))
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in _FLAG]))


def _output(path: QPainterPath) -> None:
    """Draw headphones."""
    band = QPainterPath()
    band.arcMoveTo(QRectF(12, 12, 40, 44), 0)
    band.arcTo(QRectF(12, 12, 40, 44), 0, 180)
    stroker = QPainterPathStroker()
    stroker.setWidth(5)
    path.addPath(stroker.createStroke(band))
    for x in (9, 45):
        path.addRoundedRect(QRectF(x, 34, 10, 20), 4, 4)


_ARM = ((18, 13), (13, 18))
_FLAG = ((30, 9), (50, 24), (46, 36), (42, 26), (30, 21))

_DRAWINGS: dict[str, Callable[[QPainterPath], None]] = {
    "play": _play,
    "pause": _pause,
    "close": _close,
    "note": _note,
    "output": _output,
}


def _pixmap(name: str, colour: QColor) -> QPixmap:
    pixmap = QPixmap(SIZE, SIZE)
    pixmap.fill(Qt.GlobalColor.transparent)
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    _DRAWINGS[name](path)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    solid, cap = Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap
    painter.setPen(QPen(colour, 3, solid, cap, Qt.PenJoinStyle.RoundJoin))
    painter.fillPath(path, colour)
    painter.drawPath(path)
    painter.end()
    return pixmap


def draw_icon(painter: QPainter, name: str, area: QRect, colour: QColor) -> None:
    """Draw an icon in a colour, as large as the area."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawPixmap(area, _pixmap(name, colour))


def icon(name: str, palette: QPalette) -> QIcon:
    """Return an icon in the palette's text colours.

    Parameters
    ----------
    name
        "play", "pause", "close", "note" or "output".
    palette
        The palette of the button that shows it.
    """
    result = QIcon()
    for group, mode in (
        (QPalette.ColorGroup.Active, QIcon.Mode.Normal),
        (QPalette.ColorGroup.Disabled, QIcon.Mode.Disabled),
    ):
        colour = palette.color(group, QPalette.ColorRole.ButtonText)
        result.addPixmap(_pixmap(name, colour), mode)
    return result
