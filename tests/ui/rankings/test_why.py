"""The story "why are these two alike", by mouse and by keyboard, in the real window."""

from collections.abc import Callable
from pathlib import Path

import pytest
from library_fakes import fake_session, write_song
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui_fakes import FakePlayer, FakeSession

from vocal_explorer.base.records.ranking import WhySimilar
from vocal_explorer.base.records.signals import Stem
from vocal_explorer.ui.main_window import MainWindow
from vocal_explorer.ui.rankings.ranking_list import RankingList

Settle = Callable[[], None]
Filled = tuple[MainWindow, FakeSession]
LEFT = Qt.MouseButton.LeftButton


def click_row(qtbot: QtBot, ranking: RankingList, row: int) -> None:
    place = ranking.visualRect(ranking.model().index(row, 0)).center()
    qtbot.mouseClick(ranking.viewport(), LEFT, pos=place)


@pytest.fixture
def ranked(filled: Filled, settle: Settle, qtbot: QtBot) -> Filled:
    """The window, with a track selected and the ranking of tracks in front."""
    window, _ = filled
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.page.select("id7")
    settle()
    tabs = window.page.singers.tabs
    qtbot.mouseClick(tabs.tabBar(), LEFT, pos=tabs.tabBar().tabRect(1).center())
    return filled


def test_by_mouse(ranked: Filled, player: FakePlayer, settle: Settle, qtbot: QtBot) -> None:
    window, session = ranked
    click_row(qtbot, window.page.singers.tracks, 2)
    qtbot.mouseClick(window.why.button, LEFT)
    settle()
    dialog = window.why.dialog
    assert dialog.isVisible()
    assert session.calls[-1] == ("why", "id7", "id2")
    for track_id in ("id7", "id2"):
        assert window.known.with_id(track_id).title in dialog.names.text()
    shown = [bar.number.text() for bar in (dialog.voice, dialog.mix, dialog.pitch_range)]
    assert shown == ["0.81", "0.42", "0.66"]
    assert dialog.pair_buttons[0].text().split() == ["0:41", "and", "1:12", "0.87"]
    qtbot.mouseClick(dialog.pair_buttons[1], LEFT)
    settle()
    assert session.calls[-1] == ("pair", "id7", "id2", 50.0, Stem.VOCALS)
    assert player.playing
    assert player.loads[-1][1] is False
    assert ", then " in window.player_bar.title.text()
    qtbot.mouseClick(dialog._stems.button(1), LEFT)
    qtbot.mouseClick(dialog.pair_buttons[0], LEFT)
    settle()
    assert session.calls[-1] == ("pair", "id7", "id2", 41.0, Stem.MIX)


@pytest.mark.parametrize("keys", [("W", None), (Qt.Key.Key_Return, "shift")])
def test_by_keyboard(
    ranked: Filled, player: FakePlayer, settle: Settle, qtbot: QtBot, keys: tuple[object, object]
) -> None:
    window, session = ranked
    tracks = window.page.singers.tracks
    tracks.setFocus()
    qtbot.keyClick(tracks, Qt.Key.Key_Down)
    qtbot.keyClick(tracks, Qt.Key.Key_Down)
    key, modifier = keys
    shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(tracks, key, shift if modifier else Qt.KeyboardModifier.NoModifier)
    settle()
    dialog = window.why.dialog
    assert session.calls[-1][0] == "why"
    dialog.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is dialog.pair_buttons[0])
    qtbot.keyClick(dialog.pair_buttons[0], Qt.Key.Key_Return)
    settle()
    assert session.calls[-1][:1] == ("pair",)
    assert player.playing
    n_calls = len(session.calls)
    qtbot.keyClick(dialog.pair_buttons[0], Qt.Key.Key_Tab)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    settle()
    assert session.calls[n_calls][3] == 50.0
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert window.page.selected_track.track_id == "id7"  # Escape closed the dialog only


def test_by_context_menu_from_the_matches(ranked: Filled, settle: Settle, qtbot: QtBot) -> None:
    window, session = ranked
    matches = window.page.matches.list
    assert matches.contextMenuPolicy() is Qt.ContextMenuPolicy.ActionsContextMenu
    click_row(qtbot, matches, 0)
    (action,) = matches.actions()  # what the menu consists of; the test platform shows none
    assert action.text() == "Why are these two alike?"
    action.trigger()
    settle()
    assert session.calls[-1] == ("why", "id7", "id23")


def test_a_failure_is_a_sentence_in_the_dialog(
    ranked: Filled, settle: Settle, qtbot: QtBot
) -> None:
    window, session = ranked
    session.why_failure = "song.mp3: it is gone."
    qtbot.mouseClick(window.why.button, LEFT)
    settle()
    assert window.why.dialog.status.text() == "song.mp3: it is gone."
    assert window.why.dialog.pair_buttons == []


def test_what_is_unknown_is_said_so(ranked: Filled) -> None:
    dialog = ranked[0].why.dialog
    dialog.show_why(WhySimilar(None, 0.5, None, ()))
    assert (dialog.voice.number.text(), dialog.pitch_range.number.text()) == ("unknown", "unknown")
    assert "no vocals" in dialog.status.text()


def test_screen_readers_hear_names_and_numbers(
    ranked: Filled, settle: Settle, qtbot: QtBot
) -> None:
    window, _ = ranked
    qtbot.mouseClick(window.why.button, LEFT)
    settle()
    dialog = window.why.dialog
    assert dialog.voice.bar.accessibleName() == "Voice: 0.81"
    assert dialog.pair_buttons[0].accessibleName() == (
        "Play 0:41 of the first song and 1:12 of the second, similarity 0.87"
    )
    assert window.why.button.accessibleName() == "Why are these two alike?"


def test_the_button_is_there_for_rankings_of_tracks_only(ranked: Filled) -> None:
    window, _ = ranked
    assert window.why.button.isVisible()
    window.page.singers.tabs.setCurrentIndex(0)
    assert not window.why.button.isVisible()


def test_with_a_real_session_nothing_but_clicks(
    window: MainWindow, player: FakePlayer, settle: Settle, qtbot: QtBot, tmp_path: Path
) -> None:
    for name, frequency in (("Low", 200), ("Near", 210)):
        write_song(tmp_path / "music" / f"{name}.flac", frequency, artist="Ann", seconds=3.5)
    session = fake_session(tmp_path / "library")
    session.scan([tmp_path / "music"])
    window.set_session(session, player)
    settle()
    view = window.page.table.view
    qtbot.mouseClick(view.viewport(), LEFT, pos=view.visualRect(view.model().index(0, 0)).center())
    settle()
    tabs = window.page.singers.tabs
    qtbot.mouseClick(tabs.tabBar(), LEFT, pos=tabs.tabBar().tabRect(1).center())
    qtbot.mouseClick(window.why.button, LEFT)
    settle()
    dialog = window.why.dialog
    assert float(dialog.voice.number.text()) > 0.5
    qtbot.mouseClick(dialog.pair_buttons[0], LEFT)
    settle()
    assert player.playing
    assert player.duration == pytest.approx(6.4)
    window.close_and_wait()
    session.close()
