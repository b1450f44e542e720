"""Dropping files and folders: what was dropped, and the page that invites to do it."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from vocal_explorer.ui.base.colours import Theme, blend
from vocal_explorer.ui.base.widgets import named, quiet_label


def dropped_paths(mime: QMimeData) -> list[Path]:
    """Return the local files and folders in what is dragged, each once."""
    names = [url.toLocalFile().rstrip("\0") for url in mime.urls() if url.isLocalFile()]
    return [Path(name) for name in dict.fromkeys(names) if name]


class DropArea(QWidget):
    """The page of an empty library: it says what to do and has a button for it."""

    folder_wanted = Signal()
    files_wanted = Signal()
    demo_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = named(QLabel("Drop a folder of songs here"), "dropTitle")
        hint = quiet_label(
            "Vocal Explorer listens to the voices in your music: it shows who sounds alike\n"
            "and lets you hear a voice over another song. Your files are only read,\n"
            "and nothing leaves this computer."
        )
        self.demo_button = QPushButton("Try it with made-up songs", flat=True)
        self.demo_button.setAccessibleDescription(
            "Makes 24 short songs of synthetic singers and adds them to the library"
        )
        self.demo_button.setToolTip(self.demo_button.accessibleDescription())
        self.demo_button.clicked.connect(self.demo_wanted)
        for label in (title, hint):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setSpacing(14)
        layout.addStretch(2)
        layout.addWidget(title)
        layout.addWidget(hint)
        layout.addSpacing(6)
        layout.addLayout(self._buttons())
        layout.addWidget(self.demo_button, 0, Qt.AlignmentFlag.AlignCenter)
        layout.addStretch(3)

    def _buttons(self) -> QHBoxLayout:
        self.folder_button = named(QPushButton("Choose folder…"), "primary")
        self.files_button = QPushButton("Choose files…")
        self.folder_button.setAccessibleDescription("Adds all songs of a folder to the library")
        self.files_button.setAccessibleDescription("Adds single songs to the library")
        self.folder_button.clicked.connect(self.folder_wanted)
        self.files_button.clicked.connect(self.files_wanted)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addStretch()
        row.addWidget(self.folder_button)
        row.addWidget(self.files_button)
        row.addStretch()
        return row

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dashed frame."""
        _draw_frame(self, strong=False)
        super().paintEvent(event)


class DropOverlay(QWidget):
    """Lies over the whole window while something is dragged over it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._covered = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def cover(self) -> None:
        """Show it over the parent."""
        self.setGeometry(self._covered.rect())
        self.raise_()
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a veil, the frame and what would happen."""
        theme = Theme.of(self.palette())
        painter = QPainter(self)
        veil = theme.base
        veil.setAlphaF(0.95)
        painter.fillRect(self.rect(), veil)
        font = painter.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        painter.setFont(font)
        painter.setPen(theme.text)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "Drop to add to your library")
        painter.end()
        _draw_frame(self, strong=True)


class DropWindow(QMainWindow):
    """Takes files and folders, always as a copy: nothing of the user's is ever moved.

    `dropped` tells their paths after the other program has its answer. What the window
    itself gives away is not taken back.
    """

    dropped = Signal(list)

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self._overlay = DropOverlay(self)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Cover the window with what would happen."""
        if event.source() is None and dropped_paths(event.mimeData()):
            self._overlay.cover()
            _accept_copy(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Go on taking them."""
        _accept_copy(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Take the veil away."""
        self._overlay.hide()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take what was dropped."""
        self._overlay.hide()
        paths = dropped_paths(event.mimeData())
        _accept_copy(event)
        QTimer.singleShot(0, self, lambda: self.dropped.emit(paths))


def _accept_copy(event: QDropEvent) -> None:
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()


def _draw_frame(widget: QWidget, *, strong: bool) -> None:
    theme = Theme.of(widget.palette())
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = theme.accent if strong else blend(theme.text, theme.base, 0.35)
    painter.setPen(QPen(colour, 2 if strong else 1.5, Qt.PenStyle.DashLine))
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(16, 16, -16, -16), 14, 14)
    painter.end()
