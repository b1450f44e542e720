"""A small window with a level and a solo button for each stem."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from vocal_explorer.base.records.signals import STEMS, Stem
from vocal_explorer.ui.base.texts import STEM_WORDS
from vocal_explorer.ui.base.widgets import named, segment_button
from vocal_explorer.ui.player.levels import LOUDEST, SILENT, Levels

SLIDER_WIDTH = 180  # px


class LevelsPopup(QFrame):
    """Levels in dB, kept as long as the window is open.

    `part_wanted` is a stem alone, or the mix when its solo button was on.
    """

    changed = Signal(Levels)
    stem_wanted = Signal(Stem)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        named(self, "levels")
        self.setAccessibleName("Levels of the stems")
        self.sliders = {stem: _slider(stem) for stem in STEMS}
        self.solos = {stem: _solo(stem) for stem in STEMS}
        self.values = {stem: QLabel() for stem in STEMS}
        self.reset_button = QPushButton("As recorded", autoDefault=False)
        self.reset_button.clicked.connect(self._reset)
        grid = QGridLayout()
        for row, stem in enumerate(STEMS):
            self._connect(stem)
            label = QLabel(STEM_WORDS[stem])
            cells = (label, self.sliders[stem], self.values[stem], self.solos[stem])
            for column, widget in enumerate(cells):
                grid.addWidget(widget, row, column)
        grid.setColumnMinimumWidth(2, self.fontMetrics().horizontalAdvance("-40.0 dB"))
        layout = QVBoxLayout(self)
        layout.addLayout(grid)
        layout.addWidget(self.reset_button, 0, Qt.AlignmentFlag.AlignRight)
        self._show_values()

    @property
    def levels(self) -> Levels:
        """What the sliders stand at."""
        return Levels(*(float(self.sliders[stem].value()) for stem in STEMS))

    def show_stem(self, stem: Stem | None) -> None:
        """Tell which stem is heard alone, if one is."""
        for one, solo in self.solos.items():
            solo.setChecked(one is stem)

    def open_above(self, button: QWidget) -> None:
        """Appear above a button, with the first slider ready for the arrow keys."""
        self.adjustSize()
        corner = button.mapToGlobal(QPoint(button.width(), 0))
        self.move(corner - QPoint(self.width(), self.height() + 4))
        self.show()
        self.sliders[STEMS[0]].setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def _connect(self, stem: Stem) -> None:
        self.sliders[stem].valueChanged.connect(self._on_moved)
        self.solos[stem].clicked.connect(
            lambda checked: self.stem_wanted.emit(stem if checked else Stem.MIX)
        )

    def _on_moved(self) -> None:
        self._show_values()
        self.changed.emit(self.levels)

    def _reset(self) -> None:
        for slider in self.sliders.values():
            slider.setValue(0)

    def _show_values(self) -> None:
        for stem, label in self.values.items():
            level = self.sliders[stem].value()
            label.setText("Silent" if level <= SILENT else f"{level:+d} dB" if level else "0 dB")
            self.sliders[stem].setAccessibleDescription(label.text())


def _slider(stem: Stem) -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setAccessibleName(f"Level of {STEM_WORDS[stem]}")
    slider.setRange(round(SILENT), round(LOUDEST))
    slider.setPageStep(6)
    slider.setFixedWidth(SLIDER_WIDTH)
    return slider


def _solo(stem: Stem) -> QToolButton:
    button = segment_button("Solo")
    button.setAccessibleName(f"Only {STEM_WORDS[stem]}")
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
