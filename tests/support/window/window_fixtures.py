"""The window as tests get it: with its own settings, empty or on a library of fakes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui_fakes import FakePlayer, FakeSession, make_tracks

from vocal_explorer.ui.base.style import apply_style
from vocal_explorer.ui.base.window_settings import WindowSettings
from vocal_explorer.ui.main_window import MainWindow


@pytest.fixture
def memory(tmp_path: Path) -> WindowSettings:
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    return WindowSettings(settings, tmp_path / "library")


@pytest.fixture(scope="session")
def styled(qapp: QApplication) -> None:
    """The application has its style; to set it again would take as long as to make a window."""
    apply_style(qapp)


@pytest.fixture
def window(qtbot: QtBot, styled: None, memory: WindowSettings) -> MainWindow:
    window = MainWindow(memory)
    qtbot.addWidget(window, before_close_func=MainWindow.close_and_wait)
    window.show()
    return window


@pytest.fixture
def player() -> FakePlayer:
    return FakePlayer()


@pytest.fixture
def settle(qtbot: QtBot, window: MainWindow) -> Callable[[], None]:
    """Wait until no job is left and nothing is about to start one."""

    def idle() -> bool:
        waits = window.page.selection_pending
        return window.tasks.idle and not waits

    def wait() -> None:
        qtbot.waitUntil(idle, timeout=10_000)
        qtbot.wait(1)
        qtbot.waitUntil(idle, timeout=10_000)

    return wait


@pytest.fixture
def filled(
    window: MainWindow, player: FakePlayer, settle: Callable[[], None]
) -> tuple[MainWindow, FakeSession]:
    """The window on a library of 24 tracks."""
    session = FakeSession(make_tracks(24))
    window.set_session(session, player)
    settle()
    return window, session
