import logging
import os
import signal
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui_fakes import FakePlayer, FakeSession, make_tracks

from vocal_explorer.app import run_gui
from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.paths import log_folder
from vocal_explorer.ui.main_window import MainWindow
from vocal_explorer.ui.window_picture import grab_window


class ClosableSession(FakeSession):
    closed = False

    def close(self) -> None:
        self.closed = True


def the_window() -> MainWindow:
    return next(
        w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible()
    )


def when(condition: object, then: object) -> QTimer:
    """Call `then` as soon as `condition` holds, inside a running event loop."""
    timer = QTimer(interval=10)

    def look() -> None:
        if condition():
            timer.stop()
            then()

    timer.timeout.connect(look)
    timer.start()
    return timer


def test_the_window_is_painted_before_the_session_is_made(qtbot: QtBot, tmp_path: Path) -> None:
    session = ClosableSession(to_scan=make_tracks(5))
    visible = []

    def open_session(_library: Path) -> ClosableSession:
        visible.append(the_window().isVisible())
        return session

    timer = when(lambda: session.scanned and the_window().tasks.idle, lambda: the_window().close())
    code = run_gui(tmp_path, [tmp_path], open_session=open_session, make_player=FakePlayer)
    assert code == 0
    assert visible == [True]
    assert session.scanned == [[tmp_path]]
    assert session.closed
    assert (log_folder() / "vocal-explorer.log").exists()
    assert not timer.isActive()


def test_ctrl_c_closes_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    session = ClosableSession(to_scan=make_tracks(5))
    session.gate.clear()
    timer = when(lambda: session.scanned, lambda: os.kill(os.getpid(), signal.SIGINT))
    run_gui(tmp_path, [tmp_path], open_session=lambda _: session, make_player=FakePlayer)
    assert session.closed
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert not timer.isActive()


def test_a_library_that_cannot_be_opened_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    told = []

    def refuse(_library: Path) -> ClosableSession:
        raise VocalExplorerError("The library folder cannot be used.")

    def close() -> None:
        told.append(the_window().message_bar.text)
        the_window().close()

    timer = when(lambda: the_window().message_bar.text, close)
    run_gui(tmp_path, open_session=refuse, make_player=FakePlayer)
    assert told == ["The library folder cannot be used."]
    assert not timer.isActive()


def test_a_bug_in_the_window_is_logged_and_told(
    qtbot: QtBot, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    session, told = ClosableSession(), []

    def stumble() -> None:
        QTimer.singleShot(0, lambda: 1 / 0)
        QTimer.singleShot(50, close)

    def close() -> None:
        told.append(the_window().bug_dialog.informativeText())
        the_window().bug_dialog.accept()
        the_window().close()

    timer = when(lambda: the_window().isVisible(), stumble)
    run_gui(tmp_path, open_session=lambda _: session, make_player=FakePlayer)
    assert "ZeroDivisionError" in told[0]
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    caplog.clear()
    assert not timer.isActive()


def test_a_picture_of_the_filled_window(qtbot: QtBot, tmp_path: Path) -> None:
    session = FakeSession(make_tracks(40))
    grab_window(session, tmp_path / "window.png", "id7", (1000, 700))
    assert (tmp_path / "mashup.png").stat().st_size > 10_000
    assert ("sound", "id7") in {call[:2] for call in session.calls}
    image = QImage(str(tmp_path / "window.png"))
    assert (image.width(), image.height()) == (1000, 700)
    assert ("match", "id7") in session.calls
    colours = {image.pixel(x, y) for x in range(500, 980, 3) for y in range(60, 300, 3)}
    assert len(colours) > 20  # both maps are filled
    assert {path.name for path in tmp_path.iterdir()} == {"window.png", "mashup.png"}


def test_a_picture_that_cannot_be_written_is_an_error(qtbot: QtBot, tmp_path: Path) -> None:
    with pytest.raises(VocalExplorerError, match="cannot be written"):
        grab_window(FakeSession(make_tracks(3)), tmp_path / "no" / "window.png", "id1")
