"""A small window that says how much each part of a match's score counts."""

from dataclasses import astuple, fields

from PySide6.QtCore import QByteArray, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from vocal_explorer.base.records.mashups import PAPER_WEIGHTS, MatchWeights
from vocal_explorer.ui.base.texts import MATCH_TERMS
from vocal_explorer.ui.base.timers import delay
from vocal_explorer.ui.base.widgets import named, push_button

STEPS = 20  # of a slider, from nothing to twice as much as usual
HIGHEST = 2.0
DELAY = 150  # ms; a slider that is dragged asks for nothing until it rests
PARTS = tuple(field.name for field in fields(MatchWeights))


class WeightsPopup(QFrame):
    """Five sliders; `changed` tells the weights when they rest."""

    changed = Signal(MatchWeights)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        named(self, "levels")
        self.setAccessibleName("What makes a good match")
        self.sliders = {part: _slider(part) for part in PARTS}
        self.paper_button = push_button("Paper's ranking")
        self.paper_button.setToolTip("Only the learned similarity counts, as in the paper")
        self.usual_button = push_button("As usual")
        self.paper_button.clicked.connect(lambda: self.set_weights(PAPER_WEIGHTS))
        self.usual_button.clicked.connect(lambda: self.set_weights(MatchWeights()))
        self._delay = delay(self, DELAY)
        self._delay.timeout.connect(lambda: self.changed.emit(self.weights))
        grid = QGridLayout()
        for row, part in enumerate(PARTS):
            name, meaning = MATCH_TERMS[part]
            label = QLabel(name)
            label.setToolTip(meaning)
            grid.addWidget(label, row, 0)
            grid.addWidget(self.sliders[part], row, 1)
            self.sliders[part].setToolTip(meaning)
            self.sliders[part].valueChanged.connect(self._on_moved)
        buttons = QHBoxLayout()
        buttons.addWidget(self.paper_button)
        buttons.addWidget(self.usual_button)
        layout = QVBoxLayout(self)
        layout.addLayout(grid)
        layout.addLayout(buttons)
        self._show(MatchWeights())

    @property
    def weights(self) -> MatchWeights:
        """What the sliders stand at."""
        return MatchWeights(*(self.sliders[part].value() / STEPS * HIGHEST for part in PARTS))

    @property
    def pending(self) -> bool:
        """Whether `changed` is still to come."""
        return self._delay.isActive()

    def set_weights(self, weights: MatchWeights) -> None:
        """Move the sliders."""
        self._show(weights)
        self._delay.start()

    def open_below(self, button: QWidget) -> None:
        """Appear below a button, with the first slider ready for the arrow keys."""
        self.adjustSize()
        self.move(button.mapToGlobal(QPoint(0, button.height() + 4)))
        self.show()
        self.sliders[PARTS[0]].setFocus(Qt.FocusReason.PopupFocusReason)

    def saveState(self) -> QByteArray:
        """Return what is chosen, as a splitter returns its state."""
        return QByteArray(" ".join(str(s.value()) for s in self.sliders.values()).encode())

    def restoreState(self, state: QByteArray) -> bool:
        """Choose what was chosen once; say whether the state could be read."""
        values = bytes(state.data()).split()
        if len(values) != len(PARTS) or not all(value.isdigit() for value in values):
            return False
        for slider, value in zip(self.sliders.values(), values, strict=True):
            slider.setValue(int(value))
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def _show(self, weights: MatchWeights) -> None:
        for part, weight in zip(PARTS, astuple(weights), strict=True):
            self.sliders[part].setValue(round(weight / HIGHEST * STEPS))

    def _on_moved(self) -> None:
        for slider in self.sliders.values():
            slider.setAccessibleDescription(f"{100 * slider.value() / STEPS * HIGHEST:.0f} %")
        self._delay.start()


def _slider(part: str) -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(0, STEPS)
    slider.setPageStep(STEPS // 4)
    slider.setFixedWidth(160)
    slider.setAccessibleName(f"How much it counts: {MATCH_TERMS[part][0]}")
    return slider
