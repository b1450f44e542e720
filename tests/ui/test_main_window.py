import logging
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_mashups import SECONDS
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QFileDialog,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot
from ui_fakes import FakePlayer, FakeSession, failed_track, make_tracks

from vocal_explorer.base.records.signals import Domain, Stem
from vocal_explorer.base.records.tracks import TrackState
from vocal_explorer.ui.base.window_settings import WindowSettings
from vocal_explorer.ui.main_window import MainWindow
from vocal_explorer.ui.tracks.track_rows import Column

Settle = Callable[[], None]
Filled = tuple[MainWindow, FakeSession]
SHIFT = Qt.KeyboardModifier.ShiftModifier
COPY, MOVE = Qt.DropAction.CopyAction, Qt.DropAction.MoveAction


def drop(window: MainWindow, paths: list[Path]) -> QDropEvent:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    left = Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(QPoint(9, 9), COPY | MOVE, mime, left, SHIFT)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    event = QDropEvent(QPointF(9, 9), COPY | MOVE, mime, left, SHIFT)
    QApplication.sendEvent(window, event)
    return event


def test_an_empty_library_says_what_to_do(window: MainWindow, settle: Settle) -> None:
    window.set_session(FakeSession(), FakePlayer())
    settle()
    assert window.pages.currentWidget() is window.drop_area
    assert window.drop_area.folder_button.isVisible()
    assert window.scan_bar.label.text() == "The library is empty."


def test_dropped_folders_are_scanned_and_only_ever_copied(
    window: MainWindow, player: FakePlayer, settle: Settle
) -> None:
    tracks = [*make_tracks(8), failed_track("a.mp3", "it is empty")]
    session = FakeSession(to_scan=tracks)
    window.set_session(session, player)
    event = drop(window, [Path("/music/ä ö"), Path("/music/ä ö")])
    assert event.dropAction() == COPY
    assert session.scanned == []
    settle()
    assert session.scanned == [[Path("/music/ä ö")]]
    assert window.pages.currentWidget() is window.page
    assert len(window.known) == 9
    assert window.message_bar.text == "1 file could not be analysed; the table says why."
    assert window.scan_bar.label.text() == "8 tracks, 8 singers, 1 file not readable"
    assert not window.scan_bar.cancel_button.isVisible()
    assert all(len(v.layout_shown.tracks) == 8 for v in window.page.maps.views.values())


def test_what_is_dropped_before_the_session_is_there_is_scanned_later(
    window: MainWindow, player: FakePlayer, settle: Settle
) -> None:
    window.scan([Path("/music")])
    session = FakeSession(to_scan=make_tracks(3))
    window.set_session(session, player)
    settle()
    assert session.scanned == [[Path("/music")]]
    assert len(window.known) == 3


def test_a_scan_without_songs_is_no_success(window: MainWindow, settle: Settle) -> None:
    window.set_session(FakeSession())
    window.scan([Path("/pictures")])
    settle()
    assert window.message_bar.text == "No songs were found there."


def test_rows_appear_while_scanning_and_cancel_keeps_what_is_done(
    window: MainWindow, player: FakePlayer, qtbot: QtBot, settle: Settle
) -> None:
    session = FakeSession(make_tracks(2), to_scan=make_tracks(6)[2:])
    session.gate.clear()
    window.set_session(session, player)
    window.scan([Path("/music")])
    qtbot.waitUntil(lambda: len(window.known) == 6)
    states = {track.state for track in window.known.all()}
    assert states == {TrackState.ANALYSED, TrackState.ANALYSING, TrackState.WAITING}
    window.scan_bar.pause_button.click()
    assert window.scan_bar.paused
    window.scan_bar.pause_button.click()
    window.scan_bar.cancel_button.click()
    settle()
    assert len(window.known) == 2
    assert not window.scans.running


def test_closing_during_a_scan_joins_its_thread(
    window: MainWindow, player: FakePlayer, qtbot: QtBot
) -> None:
    session = FakeSession(to_scan=make_tracks(4))
    session.gate.clear()
    before = threading.active_count()
    window.set_session(session, player)
    window.scan([Path("/music")])
    qtbot.waitUntil(lambda: session.scan_thread is not None)
    window.scan_bar.pause_button.click()
    with qtbot.waitSignal(window.closed):
        window.close()
    assert not session.scan_thread.is_alive()
    assert threading.active_count() <= before
    assert player.closed


def test_a_selected_track_is_marked_ranked_and_matched(filled: Filled, settle: Settle) -> None:
    window, _ = filled
    window.page.select("id7")
    settle()
    assert all(view.marked_point for view in window.page.maps.views.values())
    assert window.page.singers.singers.rows[0].similarity == 0.9
    assert len(window.page.singers.tracks.rows) == 20
    assert window.page.matches.current_id == "id23"


def test_maps_table_and_rankings_select_each_other(
    filled: Filled, settle: Settle, qtbot: QtBot
) -> None:
    window, _ = filled
    view = window.page.maps.views[Domain.MIX]
    place = view.pixel_of("id3").toPoint()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.page.selected_track is not None
    settle()
    ranking = window.page.singers.tracks
    window.page.singers.tabs.setCurrentWidget(ranking)
    ranking.setCurrentIndex(ranking.model().index(2, 0))
    qtbot.keyClick(ranking, Qt.Key.Key_Return)
    assert window.page.selected_track.track_id == ranking.rows[2].key


def test_a_track_that_cannot_be_compared_says_why(
    window: MainWindow, player: FakePlayer, settle: Settle
) -> None:
    broken = failed_track("a.mp3", "it is empty")
    window.set_session(FakeSession([*make_tracks(3), broken]), player)
    settle()
    window.selection.select(broken)
    settle()
    described = window.page.singers.singers.accessibleDescription()
    assert described == "a.mp3: it is empty."
    assert not window.page.matches.play_button.isEnabled()


def test_escape_clears_the_selection(filled: Filled, settle: Settle, qtbot: QtBot) -> None:
    window, _ = filled
    window.page.select("id7")
    settle()
    qtbot.keyClick(window.page.table.view, Qt.Key.Key_Escape)
    assert window.page.selected_track is None
    assert window.page.singers.singers.rows == ()
    assert window.page.maps.views[Domain.MIX].marked_point is None


def test_search_hides_rows_and_keeps_the_selection(
    filled: Filled, settle: Settle, qtbot: QtBot
) -> None:
    window, _ = filled
    table = window.page.table
    window.page.select("id7")
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(table.search.hasFocus)
    qtbot.keyClicks(table.search, "anna")
    qtbot.waitUntil(lambda: table.model.rowCount() == 3)
    assert table.count.text() == "3 of 24 tracks"
    assert window.page.selected_track.track_id == "id7"
    window.page.select("id9")
    assert table.search.text() == ""
    assert table.view.currentIndex().row() == table.model.row_of(window.page.selected_track)


def test_enter_goes_from_the_search_to_its_first_hit(filled: Filled, qtbot: QtBot) -> None:
    window, _ = filled
    table = window.page.table
    qtbot.keyClicks(table.search, "anna")
    qtbot.keyClick(table.search, Qt.Key.Key_Return)
    assert window.selection.track == table.model.track_at(0)
    assert window.selection.track.singer == "Anna Lind"


def test_parts_are_played_at_the_same_second(
    filled: Filled, player: FakePlayer, settle: Settle
) -> None:
    window, session = filled
    window.page.select("id7")
    window.player_bar.press_stem(Stem.MIX)
    settle()
    assert player.playing
    player.position = 4.0
    window.player_bar.press_stem(Stem.VOCALS)
    settle()
    assert len(player.loads) == 1
    assert (player.position, player.gains) == (4.0, {Stem.VOCALS: 1.0})
    assert ("part", "id7", Stem.VOCALS) in session.calls
    assert window.player_bar.title.text() == window.page.selected_track.title


def save_as(window: MainWindow, text: str) -> None:
    for action in window.page.matches.save_menu.actions():
        if action.text().replace("&", "") == text:
            action.trigger()


def test_a_match_is_played_and_saved(
    filled: Filled, player: FakePlayer, settle: Settle, qtbot: QtBot, tmp_path: Path
) -> None:
    window, session = filled
    window.page.select("id7")
    settle()
    qtbot.keyClick(window.page.table.view, Qt.Key.Key_M)
    settle()
    assert player.playing
    assert player.duration == SECONDS
    assert player.ready.all()
    save_as(window, "As WAV…")
    dialog = window.findChild(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path))
    dialog.reject()
    settle()
    assert session.calls.count(("render", "id7", "id23")) == 1
    assert session.saved[0].parent == tmp_path
    assert window.message_bar.text == f"Saved as {session.saved[0]}"
    window.separation.changed.emit()
    settle()
    window.page.matches.play_button.click()
    settle()
    assert session.calls.count(("sound", "id7", "id23")) == 2  # with the new stems


def test_space_plays_and_pauses_but_not_in_the_search_field(
    filled: Filled, player: FakePlayer, settle: Settle, qtbot: QtBot
) -> None:
    window, _ = filled
    window.page.select("id7")
    window.page.table.view.setFocus()
    qtbot.keyClick(window.page.table.view, Qt.Key.Key_Space)
    settle()
    assert player.playing
    qtbot.keyClick(window.page.table.view, Qt.Key.Key_Space)
    assert not player.playing
    qtbot.keyClick(window.page.table.view, Qt.Key.Key_Space)
    settle()
    assert player.playing
    window.page.table.search.setFocus()
    qtbot.keyClicks(window.page.table.search, "a b")
    assert window.page.table.search.text() == "a b"
    assert player.playing


def test_only_the_user_moves_playback_with_the_slider(
    filled: Filled, player: FakePlayer, settle: Settle, qtbot: QtBot
) -> None:
    window, _ = filled
    window.page.select("id7")
    window.player_bar.press_stem(Stem.MIX)
    settle()
    slider = window.player_bar.slider
    player.position = 3.0
    window.player_bar.poll()
    assert (slider.value(), window.player_bar.position.text()) == (3000, "0:03")
    assert player.seeks == []
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert player.seeks == [8.0]
    middle = QPoint(slider.width() // 2, slider.height() // 2)
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=middle)
    player.position = 0.0
    window.player_bar.poll()
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=middle)
    assert player.seeks[-1] == pytest.approx(5.0, abs=0.3)


def test_a_sound_card_that_fails_is_told_in_the_bar(
    filled: Filled, player: FakePlayer, settle: Settle
) -> None:
    window, _ = filled
    player.broken = True
    window.page.select("id7")
    window.player_bar.press_stem(Stem.MIX)
    settle()
    assert window.message_bar.text == "No sound card was found."


def test_a_bug_is_told_once(
    filled: Filled, settle: Settle, caplog: pytest.LogCaptureFixture
) -> None:
    window, session = filled
    session.broken = True
    window.page.select("id7")
    settle()
    assert window.bug_dialog.isVisible()
    assert "RuntimeError" in window.bug_dialog.informativeText()
    assert {record.levelno for record in caplog.records} == {logging.ERROR}
    caplog.clear()
    window.bug_dialog.accept()


def test_the_geometry_is_remembered(
    window: MainWindow, memory: WindowSettings, qtbot: QtBot
) -> None:
    window.resize(window.width(), 650)
    window.close_and_wait()
    second = MainWindow(memory)
    qtbot.addWidget(second)
    assert second.height() == 650
    second.close_and_wait()


def test_everything_that_can_be_used_has_a_name(filled: Filled) -> None:
    window, _ = filled
    kinds = QAbstractButton | QAbstractItemView | QLineEdit
    for widget in window.findChildren(QWidget):
        if isinstance(widget, kinds) and not widget.objectName().startswith("qt_"):
            named = widget.accessibleName() or getattr(widget, "text", str)()
            assert named or not widget.isVisible(), widget


def test_keys_are_listed(window: MainWindow, qtbot: QtBot) -> None:
    shortcuts = {action.shortcut().toString() for action in window.actions()} | {
        action.shortcut().toString()
        for menu in window.menuBar().actions()
        for action in menu.menu().actions()
    }
    assert shortcuts >= {"Ctrl+O", "Ctrl+Shift+O", "Ctrl+F", "F5", "Esc", "Ctrl+Q", "Space", "F1"}


def test_ten_thousand_tracks_are_shown(
    window: MainWindow, player: FakePlayer, settle: Settle
) -> None:
    window.set_session(FakeSession(make_tracks(10_000)), player)
    settle()
    window.page.select("id9999")
    settle()
    assert window.page.table.count.text() == "10,000 tracks"
    assert len(window.page.maps.views[Domain.MIX].layout_shown.tracks) == 10_000


def test_columns_are_chosen_searched_and_remembered(
    filled: Filled, memory: WindowSettings, qtbot: QtBot
) -> None:
    window, _ = filled
    view = window.page.table.view
    assert view.isColumnHidden(Column.YEAR)
    menu = view.column_menu()
    actions = {action.text(): action for action in menu.actions()}
    for name in ("Year", "Album"):
        actions[name].trigger()
    assert not view.isColumnHidden(Column.YEAR)
    assert view.isColumnHidden(Column.ALBUM)
    header = view.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(Column.LENGTH) + 20, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    lengths = [track.seconds for track in map(window.page.table.model.track_at, range(24))]
    assert lengths == sorted(lengths)
    search = {action.text(): action for action in actions["Search in"].menu().actions()}
    search["Singer"].trigger()
    assert window.page.table.search.text() == "singer:"
    window.close_and_wait()
    second = MainWindow(memory)
    qtbot.addWidget(second)
    table = second.page.table
    assert not table.view.isColumnHidden(Column.YEAR)
    assert table.view.isColumnHidden(Column.ALBUM)
    assert table.model.sorting == (Column.LENGTH, False)
    second.close_and_wait()
