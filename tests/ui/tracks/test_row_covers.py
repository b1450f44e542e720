from collections.abc import Callable

import pytest
from pictures import picture
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot
from ui_fakes import FakeSession, make_tracks

from vocal_explorer.ui.base.window_settings import WindowSettings
from vocal_explorer.ui.main_window import MainWindow
from vocal_explorer.ui.tracks.row_covers import KEPT, SIDE, RowCovers
from vocal_explorer.ui.tracks.track_rows import Column
from vocal_explorer.ui.tracks.track_view import MARGIN

Settle = Callable[[], None]


@pytest.fixture
def session() -> FakeSession:
    session = FakeSession(make_tracks(2_000))
    session.covers = {track.path: picture("red", 90, 90) for track in session.tracks()}
    return session


@pytest.fixture
def shown(window: MainWindow, session: FakeSession, settle: Settle) -> MainWindow:
    window.set_session(session)
    settle()
    session.calls.clear()
    menu = window.page.table.view.column_menu()
    next(action for action in menu.actions() if action.text() == "Album covers").trigger()
    return window


def drawn(window: MainWindow, row: int) -> QColor:
    """Return the colour where the cover of a row belongs."""
    view = window.page.table.view
    cell = view.visualRect(window.page.table.model.index(row, Column.TITLE))
    image: QImage = view.viewport().grab().toImage()
    return image.pixelColor(cell.x() + MARGIN + SIDE // 2, cell.center().y())


def asked(session: FakeSession) -> list[object]:
    return [call[1] for call in session.calls if call[0] == "cover"]


def test_covers_of_the_rows_that_are_seen_are_read_once(
    shown: MainWindow, session: FakeSession, qtbot: QtBot
) -> None:
    model, view = shown.page.table.model, shown.page.table.view
    qtbot.waitUntil(lambda: drawn(shown, 3) == QColor("red"))
    n_seen = view.viewport().height() // view.rowHeight(0) + 2
    qtbot.waitUntil(lambda: len(asked(session)) >= n_seen - 2 and shown.tasks.idle)
    assert set(asked(session)) <= {model.track_at(row).path for row in range(n_seen)}
    assert len(asked(session)) == len(set(asked(session)))
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: drawn(shown, 1_999) == QColor("red"))
    qtbot.waitUntil(lambda: shown.tasks.idle)
    assert len(asked(session)) < 4 * n_seen


def test_they_are_off_until_they_are_wanted_and_remembered(
    window: MainWindow, memory: WindowSettings, session: FakeSession, settle: Settle, qtbot: QtBot
) -> None:
    window.set_session(session)
    settle()
    session.calls.clear()
    drawn(window, 0)
    qtbot.wait(100)
    assert asked(session) == []
    window.page.table.view.covers.show(True)
    window.close_and_wait()
    again = MainWindow(memory)
    qtbot.addWidget(again)
    assert again.page.table.view.covers.shown
    again.close_and_wait()


def test_a_row_without_a_cover_is_asked_about_only_once(
    shown: MainWindow, session: FakeSession, qtbot: QtBot
) -> None:
    covers, track = shown.page.table.view.covers, shown.page.table.model.track_at(0)
    qtbot.waitUntil(lambda: covers.picture(track) is not None)
    session.covers.clear()
    other = shown.page.table.model.track_at(1_000)
    qtbot.waitUntil(lambda: covers.picture(other) is not None)
    assert covers.picture(other).isNull()
    qtbot.wait(100)
    assert asked(session).count(other.path) == 1


def test_not_more_are_kept_than_fit(qtbot: QtBot, window: MainWindow) -> None:
    covers, tracks = RowCovers(window), make_tracks(KEPT + 100)
    image = QImage(2, 2, QImage.Format.Format_RGB32)
    for first in range(0, KEPT + 100, 100):
        covers._keep({track.path: image for track in tracks[first : first + 100]})
    assert covers.picture(tracks[0]) is None
    assert covers.picture(tracks[-1]) is not None
