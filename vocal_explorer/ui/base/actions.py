"""The menus and keys of the window."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QMainWindow, QMenu, QMenuBar, QMessageBox

from vocal_explorer.ui.base.style import application_object

Command = Callable[[], object]


@dataclass(frozen=True)
class Entry:
    """One line of a menu."""

    text: str
    shortcut: str
    command: Command


def fill_menus(window: QMainWindow, menus: dict[str, list[Entry]]) -> None:
    """Give the window its menu bar, and a help menu that lists the keys."""
    for title, entries in menus.items():
        menu = window.menuBar().addMenu(title)
        for entry in entries:
            menu.addAction(_action(window, entry))
    keys = _key_table(menus)
    shown = Entry("Keyboard shortcuts", "F1", lambda: _show_keys(window, keys))
    window.menuBar().addMenu("&Help").addAction(_action(window, shown))


def add_versions_option(bar: QMenuBar, choose: Callable[[bool], object]) -> None:
    """Add a line to the menu Go that shows all versions of a song in the rankings, or one."""
    option = QAction("Show &all versions of a song", bar)
    option.setCheckable(True)
    option.toggled.connect(choose)
    for menu in bar.findChildren(QMenu):
        if menu.title() == "&Go":
            menu.addAction(option)


def _action(window: QMainWindow, entry: Entry) -> QAction:
    action = QAction(entry.text, window)
    action.setShortcut(entry.shortcut)
    action.triggered.connect(lambda: entry.command())
    return action


def _key_table(menus: dict[str, list[Entry]]) -> str:
    rows = [(entry.shortcut, entry.text) for entries in menus.values() for entry in entries]
    rows += [
        ("Space, media keys", "Play or pause"),
        ("Shift+drag", "In the player: repeat a region"),
        ("Enter", "In the lists: open the singer or track, play the match"),
        ("W or Shift+Enter", "In the rankings of tracks: why these two are alike"),
        ("Arrow keys", "Move in lists, and from point to point in a map"),
        ("Shift+Arrow keys", "In a map or the table: choose several tracks"),
        ("+, -, Home", "In a map: zoom in, zoom out, show all points"),
        ("Space, Shift+Space", "In the legend: hide or show a group, show only it"),
    ]
    cells = (
        f"<tr><td><b>{key}</b>&nbsp;&nbsp;</td><td>{text.replace('&', '').rstrip('…')}</td></tr>"
        for key, text in rows
        if key
    )
    return f"<table cellpadding='3'>{''.join(cells)}</table>"


def _show_keys(window: QMainWindow, keys: str) -> None:
    box = QMessageBox(window)
    box.setWindowTitle("Keyboard shortcuts")
    box.setText(keys)
    box.open()


class PlayKey(QAction):
    """Space; a text field or a button that has the focus keeps it for itself."""

    def __init__(self, window: QMainWindow, command: Command) -> None:
        super().__init__("Play or pause", window)
        self.setShortcut(QKeySequence(Qt.Key.Key_Space))
        self.triggered.connect(lambda: command())
        window.addAction(self)
        application_object().focusObjectChanged.connect(self._on_focus)

    def _on_focus(self, focused: QObject | None) -> None:
        self.setEnabled(not isinstance(focused, QAbstractButton | QLineEdit))
