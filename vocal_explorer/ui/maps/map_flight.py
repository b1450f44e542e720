"""A map that flies to a place, for eyes that can follow."""

import numpy as np
from PySide6.QtCore import QEasingCurve, QVariantAnimation
from PySide6.QtWidgets import QStyle, QWidget

from vocal_explorer.ui.maps.map_box import MapBox
from vocal_explorer.ui.maps.map_frame import Points

DURATION = 350  # ms


def wants_motion(widget: QWidget) -> bool:
    """Whether the system lets things move, as far as Qt tells."""
    hint = QStyle.StyleHint.SH_Widget_Animation_Duration
    return widget.style().styleHint(hint, None, widget) > 0


class Flight(QVariantAnimation):
    """Moves the seen part of a map; without motion, it is there at once."""

    def __init__(self, box: MapBox, widget: QWidget) -> None:
        super().__init__(widget)
        self._box = box
        self._widget = widget
        self._from = self._to = np.zeros((2, 2))
        self.setStartValue(0.0)
        self.setEndValue(1.0)
        self.setDuration(DURATION)
        self.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self.valueChanged.connect(self._on_value)

    def centre_on(self, place: Points) -> None:
        """Fly to a place, (2,), without zooming."""
        self.stop()
        self._from = np.array(self._box.viewRange())
        self._to = self._from + (place - self._from.mean(axis=1))[:, None]
        if wants_motion(self._widget) and self._widget.isVisible():
            self.start()
        else:
            self._on_value(1.0)

    def _on_value(self, share: float) -> None:
        x, y = self._from + share * (self._to - self._from)
        self._box.setRange(xRange=tuple(x), yRange=tuple(y), padding=0)
