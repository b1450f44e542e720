"""Folders, scans and failures, as a person works with them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtWidgets import QFileDialog, QPushButton, QTreeWidget
from pytestqt.qtbot import QtBot
from ui_fakes import FakePlayer, FakeSession, failed_track, make_tracks

from vocal_explorer.base.records.tracks import Track, TrackState
from vocal_explorer.ui.base.window_settings import WindowSettings
from vocal_explorer.ui.main_window import MainWindow

Settle = Callable[[], None]
Filled = tuple[MainWindow, FakeSession]
LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier


def click(qtbot: QtBot, button: QPushButton) -> None:
    assert button.isEnabled()
    qtbot.mouseClick(button, LEFT)


def click_row(qtbot: QtBot, rows: QTreeWidget, row: int) -> None:
    place = rows.visualItemRect(rows.topLevelItem(row)).center()
    qtbot.mouseClick(rows.viewport(), LEFT, pos=QPoint(20, place.y()))


def texts(rows: QTreeWidget) -> list[list[str]]:
    items = [rows.topLevelItem(row) for row in range(rows.topLevelItemCount())]
    return [[item.text(column) for column in range(rows.columnCount())] for item in items]


@pytest.fixture
def scanning(
    window: MainWindow, player: FakePlayer, qtbot: QtBot
) -> tuple[MainWindow, FakeSession]:
    """The window in the middle of a scan: one track of six runs, five wait."""
    session = FakeSession(to_scan=make_tracks(6))
    session.gate.clear()
    session.seconds_left = 400.0
    window.set_session(session, player)
    window.scan([Path("/music")])
    qtbot.waitUntil(lambda: len(window.known) == 6 and TrackState.ANALYSING in states(window))
    return window, session


def states(window: MainWindow) -> list[TrackState]:
    return [track.state for track in window.known.all()]


def test_what_is_dropped_during_a_scan_comes_next(
    scanning: Filled, qtbot: QtBot, settle: Settle
) -> None:
    window, session = scanning
    window.scan([Path("/dropped")])
    qtbot.waitUntil(lambda: session.wanted == [Path("/dropped")])
    session.gate.set()
    settle()
    assert session.scanned == [[Path("/music")]]
    assert session.folders.known == [Path("/music"), Path("/dropped")]


def test_a_waiting_track_that_is_clicked_comes_next(
    scanning: Filled, qtbot: QtBot, settle: Settle
) -> None:
    window, session = scanning
    view, model = window.page.table.view, window.page.table.model
    row = next(r for r in range(6) if model.track_at(r).state is TrackState.WAITING)
    wanted = model.track_at(row).path
    qtbot.mouseClick(view.viewport(), LEFT, pos=view.visualRect(model.index(row, 0)).center())
    qtbot.waitUntil(lambda: session.wanted == [wanted])
    session.gate.set()
    settle()


def test_what_is_dropped_in_the_last_moment_is_scanned_after_it(
    window: MainWindow, settle: Settle
) -> None:
    session = FakeSession(to_scan=make_tracks(2))  # its gate is open: it never looks at wishes
    window.set_session(session)
    settle()
    window.scan([Path("/a")])
    window.scan([Path("/b")])
    settle()
    assert session.scanned == [[Path("/a")], [Path("/b")]]


def test_the_time_left_is_what_the_scan_says(
    scanning: Filled, qtbot: QtBot, settle: Settle
) -> None:
    window, session = scanning
    remaining = window.scan_bar.remaining
    qtbot.waitUntil(lambda: remaining.text() == "about 7 min left")
    click(qtbot, window.scan_bar.pause_button)
    assert remaining.text() == "paused"
    click(qtbot, window.scan_bar.pause_button)
    qtbot.waitUntil(lambda: remaining.text() == "about 7 min left")
    session.gate.set()
    settle()
    assert not remaining.isVisible()


def test_a_cancelled_scan_can_go_on(scanning: Filled, qtbot: QtBot, settle: Settle) -> None:
    window, session = scanning
    session.interrupted = [Path("/music")]
    click(qtbot, window.scan_bar.cancel_button)
    settle()
    assert session.interrupted == []
    assert window.message_bar.text == "The scan was cancelled; what is analysed is kept."
    session.gate.set()
    click(qtbot, window.message_bar.action_button)
    settle()
    assert session.scanned == [[Path("/music")], [Path("/music")]]
    assert states(window) == [TrackState.ANALYSED] * 6


def test_a_scan_that_broke_down_goes_on_at_the_next_start(
    window: MainWindow, settle: Settle
) -> None:
    session = FakeSession(make_tracks(2), to_scan=make_tracks(4)[2:])
    session.interrupted = [Path("/music")]
    session.folders.known = [Path("/music"), Path("/other")]
    window.set_session(session)
    settle()
    assert session.scanned == [[Path("/music")], [Path("/music"), Path("/other")]]
    assert session.refreshing == [True, False]
    assert window.message_bar.text == "The last scan did not come to its end; it goes on now."


def test_changes_on_the_disk_are_scanned_without_a_word(
    filled: Filled, qtbot: QtBot, settle: Settle
) -> None:
    window, session = filled
    new = replace(make_tracks(25)[24], title="Fresh")
    session.to_scan = [new, failed_track("bad.mp3", "it is empty")]
    assert session.folders.on_change is not None
    session.folders.on_change([Path("/music/new")])
    qtbot.waitUntil(lambda: session.scanned == [[Path("/music/new")]])
    settle()
    assert session.refreshing == [False]
    assert window.known.with_id("id24").title == "Fresh"
    assert window.message_bar.text == ""


def test_only_what_a_scan_changes_is_told_to_the_window(filled: Filled, settle: Settle) -> None:
    window, session = filled
    session.unchanged = [replace(track) for track in session.tracks()]
    new = replace(session.tracks()[3], title="Another title")
    session.to_scan = [new]
    told: list[list[Track]] = []
    window.scans.tracks_changed.connect(told.append)
    window.scan([Path("/music")])
    settle()
    assert {track.path for batch in told for track in batch} == {new.path}
    assert window.known.at(new.path) == new


def test_nothing_is_watched_after_the_window_is_closed(filled: Filled) -> None:
    window, session = filled
    window.close_and_wait()
    assert session.folders.on_change is None


def test_rescan_takes_folders_single_tracks_and_missing_drives(
    filled: Filled, qtbot: QtBot, settle: Settle
) -> None:
    window, session = filled
    qtbot.keyClick(window, Qt.Key.Key_F5)
    settle()
    assert len(session.scanned[-1]) == 24
    session.folders.known = [Path("/music"), Path("/drive")]
    session.folders.missing = {Path("/drive")}
    qtbot.keyClick(window, Qt.Key.Key_F5)
    settle()
    assert session.scanned[-2:] == [[Path("/music")], [Path("/drive")]]
    assert session.refreshing[-2:] == [True, False]


def test_an_empty_library_has_nothing_to_scan_again(
    window: MainWindow, qtbot: QtBot, settle: Settle
) -> None:
    window.set_session(FakeSession())
    settle()
    qtbot.keyClick(window, Qt.Key.Key_F5)
    settle()
    assert window.message_bar.text == "There is nothing to scan again: add a folder first."


def test_folders_are_shown_added_and_removed(filled: Filled, qtbot: QtBot, settle: Settle) -> None:
    window, session = filled
    session.folders.known = [Path("/music/Gus"), Path("/music/Anna Lind"), Path("/drive")]
    session.folders.missing = {Path("/drive")}
    qtbot.keyClick(window, Qt.Key.Key_L, CONTROL)
    settle()
    dialog = window.library.folders
    assert dialog.isVisible()
    assert texts(dialog.list) == [
        ["/music/Gus", "3", "Watched for changes"],
        ["/music/Anna Lind", "3", "Watched for changes"],
        ["/drive", "0", "Not there: everything is kept until its drive is back"],
    ]
    click_row(qtbot, dialog.list, 0)
    click(qtbot, dialog.remove_button)
    settle()
    assert [row[0] for row in texts(dialog.list)] == ["/music/Anna Lind", "/drive"]
    assert len(window.known) == 21
    assert not dialog.remove_button.isEnabled()
    click(qtbot, dialog.add_button)
    chooser = window.findChild(QFileDialog)
    chooser.fileSelected.emit("/new")
    chooser.reject()
    settle()
    assert session.scanned[-1] == [Path("/new")]
    assert "/new" in [row[0] for row in texts(dialog.list)]


def test_failures_are_listed_with_reasons_and_tried_again(
    window: MainWindow, qtbot: QtBot, settle: Settle
) -> None:
    bad = [failed_track("a.mp3", "it is empty"), failed_track("b.mp3", "it is silent")]
    session = FakeSession(to_scan=[*make_tracks(2), *bad])
    window.set_session(session)
    window.scan([Path("/music")])
    settle()
    click(qtbot, window.message_bar.action_button)
    dialog = window.library.failures
    assert dialog.isVisible()
    assert texts(dialog.list) == [
        ["a.mp3", "/music", "It is empty."],
        ["b.mp3", "/music", "It is silent."],
    ]
    session.to_scan = [replace(make_tracks(3)[2], path=bad[1].path)]
    click_row(qtbot, dialog.list, 1)
    click(qtbot, dialog.one_button)
    settle()
    assert session.tried_again == [bad[1].path]
    assert session.scanned[-1] == [bad[1].path]
    assert [row[0] for row in texts(dialog.list)] == ["a.mp3"]
    session.to_scan = [replace(make_tracks(4)[3], path=bad[0].path)]
    click(qtbot, dialog.all_button)
    settle()
    assert session.tried_again[1:] == [bad[0].path]
    assert dialog.text.text() == "No file has failed."
    assert not dialog.all_button.isEnabled()


def test_folders_that_an_earlier_version_remembered_are_taken_over(
    window: MainWindow, memory: WindowSettings, settle: Settle, tmp_path: Path
) -> None:
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    key = memory._sources_key
    memory._settings.setValue(key, ["/music/a", "/music/b"])
    session = FakeSession()
    window.set_session(session)
    settle()
    assert session.folders.known == [Path("/music/a"), Path("/music/b")]
    assert memory.take_folders() == []
    assert settings.value(key) is None
