"""The dialog that offers to download Spleeter's weights."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from vocal_explorer.ui.parts import named, quiet_label

STEPS = 1000
WIDTH = 460  # px
TEXT = (
    "Spleeter is Deezer's separator. With it vocals are isolated as in the paper that this"
    " program follows.\n\n"
    "Its weights are a download of 73 MB from Deezer's release page on github.com, free under"
    " the MIT licence. They are checked before they are used, and none of your music leaves"
    " this computer."
)


class WeightsDialog(QDialog):
    """Says what would be downloaded, then how far it is; closing it cancels the download."""

    download_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Get Spleeter's weights")
        self._running = False
        text = QLabel(TEXT, wordWrap=True)
        text.setTextFormat(Qt.TextFormat.PlainText)
        self.status = quiet_label()
        self.status.setTextFormat(Qt.TextFormat.PlainText)
        self.status.setAccessibleName("Status of the download")
        self.bar = QProgressBar(textVisible=False, maximum=STEPS)
        self.bar.setAccessibleName("Progress of the download")
        self.download_button = named(QPushButton("Download"), "primary")
        self.download_button.setDefault(True)
        self.download_button.clicked.connect(self._begin)
        self.cancel_button = QPushButton("Cancel", autoDefault=False)
        self.cancel_button.clicked.connect(self.reject)
        self.setAccessibleDescription(TEXT)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        for widget in (text, self.bar, self.status):
            layout.addWidget(widget)
        layout.addLayout(self._buttons())
        self.setFixedWidth(WIDTH)
        self._show_running(False)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(self.cancel_button)
        row.addWidget(self.download_button)
        return row

    def show_progress(self, fraction: float, message: str) -> None:
        """Show how far the download is."""
        self.bar.setValue(round(fraction * STEPS))
        self.status.setText(message[:1].upper() + message[1:])

    def end(self) -> None:
        """Close, because the download has ended."""
        self._show_running(False)
        self.accept()

    def reject(self) -> None:
        """Close; a download that runs is cancelled."""
        if self._running:
            self._show_running(False)
            self.cancel_wanted.emit()
        super().reject()

    def _begin(self) -> None:
        self._show_running(True)
        self.show_progress(0.0, "connecting")
        self.cancel_button.setFocus()
        self.download_wanted.emit()

    def _show_running(self, running: bool) -> None:
        self._running = running
        self.download_button.setEnabled(not running)
        self.bar.setVisible(running)
        self.status.setVisible(running)
