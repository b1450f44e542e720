"""Puts the application together: the window first, then the session in a worker thread."""

import contextlib
import gc
import logging
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType, TracebackType
from typing import Protocol

import platformdirs
from PySide6.QtCore import QEvent, QSettings

from vocal_explorer.base.log_file import log_file
from vocal_explorer.base.paths import APP_NAME
from vocal_explorer.base.progress import Progress
from vocal_explorer.ui.base.player_port import PlayerPort
from vocal_explorer.ui.base.ports import Explorer
from vocal_explorer.ui.base.qt_log import qt_messages_logged
from vocal_explorer.ui.base.style import application_object, apply_style
from vocal_explorer.ui.base.timers import ticker
from vocal_explorer.ui.base.window_settings import WindowSettings
from vocal_explorer.ui.main_window import MainWindow
from vocal_explorer.ui.player.media_keys import join_desktop
from vocal_explorer.warm_up import warm_up

SWITCH_INTERVAL = 0.0005  # s; how long a computing thread may keep the window's thread waiting
COLLECTIONS = (200_000, 10, 10)  # new objects between two searches for garbage, which stop all
SIGNAL_INTERVAL = 150  # ms between two looks at whether Ctrl+C was pressed in the terminal

_log = logging.getLogger(__name__)


class ClosableExplorer(Explorer, Protocol):
    """A session, which whoever opened it closes."""

    def close(self) -> None:
        """Close the library."""
        ...


def _open_session(library: Path) -> ClosableExplorer:
    from vocal_explorer.analysis.workers.installed import local_workers
    from vocal_explorer.session import Session

    return Session(library, make_team=local_workers)


def _warm_up(_progress: Progress) -> None:
    warm_up()


def _fetch_weights(progress: Progress) -> None:
    from vocal_explorer.separation.spleeter.install import fetch

    fetch(progress)


def _make_player() -> PlayerPort:
    from vocal_explorer.audio.playing.player import Player

    return Player()


def run_gui(
    library: Path,
    folders: Sequence[Path] = (),
    *,
    open_session: Callable[[Path], ClosableExplorer] = _open_session,
    make_player: Callable[[], PlayerPort] = _make_player,
    fetch_weights: Callable[[Progress], object] = _fetch_weights,
) -> int:
    """Open the window on a library and return when it is closed.

    Parameters
    ----------
    library
        The library's folder.
    folders
        Files and folders to scan at once.
    open_session, make_player, fetch_weights
        Called in a worker thread: after the window was painted, or when the user wants it.

    Returns
    -------
    The exit code.
    """
    stay_responsive()
    with log_file(), qt_messages_logged():
        application = application_object()
        application.setQuitOnLastWindowClosed(False)  # it quits when all threads have ended
        apply_style(application)
        window = MainWindow(WindowSettings(_settings(), library), fetch_weights)
        join_desktop(window, window.player_bar, window.listening, window.remote)
        if folders:
            window.scan([folder.absolute() for folder in folders])
        opened: list[ClosableExplorer] = []

        def start(_progress: Progress) -> tuple[Explorer, PlayerPort]:
            opened.append(open_session(library))
            return opened[0], make_player()

        window.painted.connect(lambda: window.start_session(start))
        _when_rested(window, lambda: window.tasks.ask("warm up", _warm_up))
        window.closed.connect(application.quit)
        with _ctrl_c_closes(window), _bugs_told_by(window):
            window.show()
            code = application.exec()
        window.closed.disconnect(application.quit)
        _dispose_of(window)
        for session in opened:
            session.close()
    return code


def _when_rested(window: MainWindow, action: Callable[[], None]) -> None:
    """Do something once, when the library is shown and nothing else is to be done."""

    def do() -> None:
        window.tasks.rested.disconnect(do)
        action()

    window.opened.connect(lambda: window.tasks.rested.connect(do))


def stay_responsive() -> None:
    """Let neither computing threads nor Python's garbage collector stop the window for long."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    gc.set_threshold(*COLLECTIONS)


def _dispose_of(window: MainWindow) -> None:
    window.close_and_wait()
    window.deleteLater()
    application_object().sendPostedEvents(window, QEvent.Type.DeferredDelete)


def _settings() -> QSettings:
    folder = Path(platformdirs.user_config_dir(APP_NAME, appauthor=False))
    return QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)


@contextlib.contextmanager
def _ctrl_c_closes(window: MainWindow) -> Iterator[None]:
    """Close the window on Ctrl+C; the timer lets Python see the signal while Qt waits."""

    def close(_number: int, _frame: FrameType | None) -> None:
        window.close()

    timer = ticker(window, SIGNAL_INTERVAL)
    timer.timeout.connect(lambda: None)
    timer.start()
    before = signal.signal(signal.SIGINT, close)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        timer.stop()


@contextlib.contextmanager
def _bugs_told_by(window: MainWindow) -> Iterator[None]:
    """Log what a slot raises, and say it in the window."""
    before = sys.excepthook

    def tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        _log.error("the window broke", exc_info=(kind, error, trace))
        window.bug_dialog.tell(f"{kind.__name__}: {error}")

    sys.excepthook = tell
    try:
        yield
    finally:
        sys.excepthook = before
