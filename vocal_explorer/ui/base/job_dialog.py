"""A dialog that offers a long job and then shows how far it is."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from vocal_explorer.ui.base.widgets import EscapeDialog, named, quiet_label

STEPS = 1000
WIDTH = 420  # px of the text


@dataclass(frozen=True)
class JobWords:
    """What a dialog says: what the job does and costs, and what it is called."""

    title: str
    text: str
    button: str
    noun: str
    first_step: str


class JobDialog(EscapeDialog):
    """Says what would be done, then how far it is; closing it cancels the job."""

    start_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, parent: QWidget, words: JobWords) -> None:
        super().__init__(parent)
        self.setWindowTitle(words.title)
        self._words = words
        self._running = False
        text = QLabel(words.text, wordWrap=True)
        text.setTextFormat(Qt.TextFormat.PlainText)
        self.status = quiet_label()
        self.status.setTextFormat(Qt.TextFormat.PlainText)
        self.status.setAccessibleName(f"Status of the {words.noun}")
        self.bar = QProgressBar(textVisible=False, maximum=STEPS)
        self.bar.setAccessibleName(f"Progress of the {words.noun}")
        self.start_button = named(QPushButton(words.button), "primary")
        self.start_button.setDefault(True)
        self.start_button.clicked.connect(self._begin)
        self.cancel_button = QPushButton("Cancel", autoDefault=False)
        self.cancel_button.clicked.connect(self.reject)
        self.setAccessibleDescription(words.text)
        text.setFixedWidth(WIDTH)
        layout = QVBoxLayout(self)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)  # it fits the text
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        for widget in (text, self.bar, self.status):
            layout.addWidget(widget)
        layout.addLayout(self._buttons())
        self._show_running(False)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(self.cancel_button)
        row.addWidget(self.start_button)
        return row

    def show_progress(self, fraction: float, message: str) -> None:
        """Show how far the job is."""
        self.bar.setValue(round(fraction * STEPS))
        self.status.setText(message[:1].upper() + message[1:])

    def end(self) -> None:
        """Close, because the job has ended."""
        self._show_running(False)
        self.accept()

    def reject(self) -> None:
        """Close; a job that runs is cancelled."""
        if self._running:
            self._show_running(False)
            self.cancel_wanted.emit()
        super().reject()

    def _begin(self) -> None:
        self._show_running(True)
        self.show_progress(0.0, self._words.first_step)
        self.cancel_button.setFocus()
        self.start_wanted.emit()

    def _show_running(self, running: bool) -> None:
        self._running = running
        self.start_button.setEnabled(not running)
        self.bar.setVisible(running)
        self.status.setVisible(running)
