"""Small icons, drawn in the colour of the text so that they fit light and dark."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPalette, QPen, QPixmap, QPolygonF

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


_ARM = ((18, 13), (13, 18))

_DRAWINGS: dict[str, Callable[[QPainterPath], None]] = {
    "play": _play,
    "pause": _pause,
    "close": _close,
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


def icon(name: str, palette: QPalette) -> QIcon:
    """Return an icon in the palette's text colours.

    Parameters
    ----------
    name
        "play", "pause" or "close".
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
