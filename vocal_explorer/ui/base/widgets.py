"""Small pieces that several panels are made of."""

from html import escape
from typing import TypeVar

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

Index = QModelIndex | QPersistentModelIndex
W = TypeVar("W", bound=QWidget)


def named(widget: W, name: str) -> W:
    """Give a widget the name that the style sheet knows."""
    widget.setObjectName(name)
    return widget


def title_label(text: str) -> QLabel:
    """Return the title of a panel."""
    return named(QLabel(text), "panelTitle")


def quiet_label(text: str = "") -> QLabel:
    """Return a label for what is less important; it shows a text as it is."""
    label = named(QLabel(text), "quiet")
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def tool_tip(text: str) -> str:
    """Return what shows a text as it is: Qt takes tags like "<b>" in a tip for rich text."""
    lines = escape(text).replace("\n", "<br>")
    return f"<qt>{lines}</qt>" if "<" in text else text


def push_button(text: str) -> QPushButton:
    """Return a button that a click does not focus: Space stays the key of the player."""
    button = QPushButton(text)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def segment_button(text: str) -> QToolButton:
    """Return one of several buttons of which one is on."""
    button = named(QToolButton(), "segment")
    button.setText(text)
    button.setCheckable(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def card(content: QWidget) -> QFrame:
    """Return a frame that lifts its content off the window."""
    frame = named(QFrame(), "card")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(10, 8, 10, 10)
    layout.addWidget(content)
    return frame


class EscapeDialog(QDialog):
    """A dialog that Escape closes, although it is a key of the window's menu as well."""

    def event(self, event: QEvent) -> bool:
        """Keep Escape for itself."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)
