"""Media keys: in the window on every system, and on Linux for the whole desktop by MPRIS."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from vocal_explorer.ui.player.player_bar import PlayerBar
from vocal_explorer.ui.state.listening import Listening


@dataclass(frozen=True)
class Remote:
    """What can be done with the player from afar."""

    toggle: Callable[[], object]
    stop: Callable[[], object]
    next: Callable[[], object]
    previous: Callable[[], object]


def add_media_keys(window: QWidget, remote: Remote) -> None:
    """Let the keys of a keyboard reach the player while the window has the focus."""
    for key, command in (
        (Qt.Key.Key_MediaTogglePlayPause, remote.toggle),
        (Qt.Key.Key_MediaPlay, remote.toggle),
        (Qt.Key.Key_MediaPause, remote.toggle),
        (Qt.Key.Key_MediaStop, remote.stop),
        (Qt.Key.Key_MediaNext, remote.next),
        (Qt.Key.Key_MediaPrevious, remote.previous),
    ):
        QShortcut(QKeySequence(key), window).activated.connect(command)


def join_desktop(
    window: QWidget, bar: PlayerBar, listening: Listening, remote: Remote
) -> QObject | None:
    """Let the desktop control the player (MPRIS); None where there is no such thing."""
    if sys.platform != "linux":
        return None
    from vocal_explorer.ui.player.mpris import Mpris

    return Mpris.on_session_bus(window, bar, listening, remote)
