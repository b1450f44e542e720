"""Media keys: in the window on every system, and on Linux for the whole desktop by MPRIS."""

import sys

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from vocal_explorer.ui.player.player_bar import PlayerBar

TOGGLES = (Qt.Key.Key_MediaTogglePlayPause, Qt.Key.Key_MediaPlay, Qt.Key.Key_MediaPause)


def add_media_keys(window: QWidget, bar: PlayerBar) -> None:
    """Let the keys for play and pause reach the player while the window has the focus."""
    for key in TOGGLES:
        shortcut = QShortcut(QKeySequence(key), window)
        shortcut.activated.connect(bar.toggled)
    stop = QShortcut(QKeySequence(Qt.Key.Key_MediaStop), window)
    stop.activated.connect(bar.stop)


def join_desktop(window: QWidget, bar: PlayerBar) -> QObject | None:
    """Let the desktop control the player (MPRIS); None where there is no such thing."""
    if sys.platform != "linux":
        return None
    from vocal_explorer.ui.player.mpris import Mpris

    return Mpris.on_session_bus(window, bar)
