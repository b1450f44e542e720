"""Dragging what is heard out of the window, as a file, to a folder or a DAW."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QToolButton, QWidget

from vocal_explorer.ui.base.style import application_object
from vocal_explorer.ui.base.widgets import named

HINT = "Drag it to a folder or into another program to copy it as a file."


class FileDragButton(QToolButton):
    """One of several buttons of which one is on, that can also be dragged out as a file.

    A press asks for the file with `prepare`, which answers at once or later by `set_file`;
    a drag before the answer does nothing, so the window never waits.
    """

    def __init__(self, text: str, prepare: Callable[[], None], parent: QWidget | None = None):
        super().__init__(parent)
        named(self, "segment")
        self.setText(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(HINT)
        self._prepare = prepare
        self._pressed_at: QPoint | None = None
        self._file: Path | None = None

    def set_file(self, file: Path | None) -> None:
        """Take what a drag carries from now on."""
        self._file = file

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a drag may begin, and get the file ready."""
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position().toPoint()
            self._file = None
            self._prepare()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Begin a drag, always as a copy, once the mouse is far enough and the file is there."""
        super().mouseMoveEvent(event)
        start, file = self._pressed_at, self._file
        if start is None or file is None:
            return
        way = (event.position().toPoint() - start).manhattanLength()
        if way >= application_object().styleHints().startDragDistance():
            self._pressed_at = None
            self.setDown(False)
            self.start_drag(file)

    def start_drag(self, file: Path) -> None:
        """Let the user drop a file anywhere; returns after the drop."""
        drag = QDrag(self)
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(file))])
        drag.setMimeData(data)
        drag.exec(Qt.DropAction.CopyAction)
