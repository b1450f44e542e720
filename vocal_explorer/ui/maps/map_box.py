"""What dragging in a map does: move it, or draw the outline of a set of tracks."""

from enum import StrEnum

import numpy as np
import pyqtgraph as pg
from pyqtgraph.GraphicsScene.mouseEvents import MouseDragEvent
from PySide6.QtCore import QPointF, Qt, Signal

from vocal_explorer.ui.maps.map_frame import Points


class Tool(StrEnum):
    """What the left mouse button does in a map."""

    MOVE = "Move"
    RECTANGLE = "Rectangle"
    LASSO = "Lasso"


class MapBox(pg.ViewBox):  # type: ignore[misc]  # pyqtgraph has no types
    """A view box with tools; with Move, Shift and dragging draws a rectangle.

    `outlined` tells the outline so far, (n_corners, 2) in pixels, and `drawn` the whole
    one, and whether Shift was held.
    """

    outlined = Signal(object)
    drawn = Signal(object, bool)

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self.tool = Tool.MOVE
        self._trail: list[QPointF] = []
        self._adds = False

    def mouseDragEvent(self, event: MouseDragEvent, axis: int | None = None) -> None:
        """Move the map, or draw an outline."""
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        draws = self._trail or self.tool is not Tool.MOVE or shift
        if event.button() != Qt.MouseButton.LeftButton or not draws:
            super().mouseDragEvent(event, axis)
            return
        event.accept()
        if event.isStart():
            self._trail = [event.buttonDownScenePos()]
            self._adds = shift
        self._trail.append(event.scenePos())
        outline = self._outline()
        if event.isFinish():
            self._trail = []
            self.outlined.emit(np.empty((0, 2)))
            self.drawn.emit(outline, self._adds)
        else:
            self.outlined.emit(outline)

    def _outline(self) -> Points:
        trail = np.array([(place.x(), place.y()) for place in self._trail])
        if self.tool is Tool.LASSO:
            return trail
        (x0, y0), (x1, y1) = trail[0], trail[-1]
        return np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
