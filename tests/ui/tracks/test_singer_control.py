"""Who sings: labels of many tracks, several singers, spellings, and undo."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDialogButtonBox, QPushButton, QTreeWidget
from pytestqt.qtbot import QtBot
from ui_fakes import FakePlayer, FakeSession, make_tracks

from vocal_explorer.ui.main_window import MainWindow

Settle = Callable[[], None]
Filled = tuple[MainWindow, FakeSession]
LEFT = Qt.MouseButton.LeftButton
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NO_KEY = Qt.KeyboardModifier.NoModifier


def click_track(
    qtbot: QtBot, window: MainWindow, row: int, key: Qt.KeyboardModifier = NO_KEY
) -> None:
    view = window.page.table.view
    place = view.visualRect(window.page.table.model.index(row, 0)).center()
    qtbot.mouseClick(view.viewport(), LEFT, key, place)


def click_row(qtbot: QtBot, rows: QTreeWidget, row: int) -> None:
    place = rows.visualItemRect(rows.topLevelItem(row)).center()
    qtbot.mouseClick(rows.viewport(), LEFT, pos=QPoint(20, place.y()))


def click(qtbot: QtBot, button: QPushButton) -> None:
    assert button.isEnabled()
    qtbot.mouseClick(button, LEFT)


def counts(window: MainWindow) -> Counter[str]:
    return Counter(track.singer for track in window.known.all())


def test_many_tracks_get_one_singer_and_it_is_undone(
    filled: Filled, qtbot: QtBot, settle: Settle
) -> None:
    window, session = filled
    before = counts(window)
    click_track(qtbot, window, 0)
    click_track(qtbot, window, 2, SHIFT)
    click_track(qtbot, window, 5, CONTROL)
    qtbot.keyClick(window, Qt.Key.Key_F2)
    dialog = window.singers.dialog
    assert dialog.isVisible()
    assert dialog.text.text() == "Who sings on 4 tracks?"
    qtbot.keyClicks(dialog.name, "Zoe  New & Old ")
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    settle()
    assert counts(window)["Zoe New & Old"] == 4
    assert session.labels.changes == [["Zoe New & Old"]]
    assert window.message_bar.text == "4 tracks changed: sung by Zoe New & Old."
    click(qtbot, window.message_bar.action_button)
    settle()
    assert counts(window) == before


def test_several_singers_are_separated_when_the_user_says_so(
    filled: Filled, qtbot: QtBot, settle: Settle
) -> None:
    window, session = filled
    click_track(qtbot, window, 0)
    qtbot.keyClick(window, Qt.Key.Key_F2)
    dialog = window.singers.dialog
    assert dialog.name.text() == "Anna Lind"
    qtbot.keyClicks(dialog.name, "Xaver feat. Yves; Zora")
    assert dialog.preview.text() == ""
    qtbot.mouseClick(dialog.split, LEFT, pos=QPoint(8, dialog.split.height() // 2))
    assert dialog.preview.text() == "3 singers: Xaver; Yves; Zora"
    click(qtbot, dialog.buttons.button(QDialogButtonBox.StandardButton.Ok))
    settle()
    assert session.labels.changes == [["Xaver", "Yves", "Zora"]]
    assert counts(window)["Xaver & Yves & Zora"] == 1


def test_an_empty_name_brings_the_tags_back(filled: Filled, qtbot: QtBot, settle: Settle) -> None:
    window, session = filled
    click_track(qtbot, window, 0)
    qtbot.keyClick(window, Qt.Key.Key_F2)
    dialog = window.singers.dialog
    qtbot.keyClick(dialog.name, Qt.Key.Key_Backspace)
    assert dialog.preview.text() == "The singer comes from the tags of each file again."
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    settle()
    assert session.labels.changes == [[]]
    assert counts(window)["From the file"] == 1


def test_escape_changes_nothing(filled: Filled, qtbot: QtBot) -> None:
    window, session = filled
    click_track(qtbot, window, 0)
    qtbot.keyClick(window, Qt.Key.Key_F2)
    qtbot.keyClick(window.singers.dialog.name, Qt.Key.Key_Escape)
    assert not window.singers.dialog.isVisible()
    assert session.labels.changes == []


def test_without_a_selection_there_is_a_hint(filled: Filled, qtbot: QtBot) -> None:
    window, _ = filled
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    qtbot.keyClick(window, Qt.Key.Key_F2)
    assert window.message_bar.text == "Select one or more tracks first."


@pytest.fixture
def spelt(window: MainWindow, player: FakePlayer, settle: Settle) -> Filled:
    """The window on a library in which two singers have two spellings."""
    tracks = make_tracks(24)
    tracks[1] = replace(tracks[1], singer="BJORK OLAFS")
    tracks[7] = replace(tracks[7], singer="Very Long Name Ensemble of Rome")
    session = FakeSession(tracks)
    window.set_session(session, player)
    settle()
    return window, session


def test_spellings_are_suggested_merged_and_separated(
    spelt: Filled, qtbot: QtBot, settle: Settle
) -> None:
    window, _ = spelt
    before = counts(window)
    qtbot.keyClick(window, Qt.Key.Key_M, CONTROL | SHIFT)
    settle()
    dialog = window.singers.spellings
    assert dialog.likely.all() == [
        ("BJORK OLAFS", "Björk Ólafs"),
        ("Very Long Name Ensemble of Rome", "The Very Long Name Ensemble of Rome"),
    ]
    click_row(qtbot, dialog.likely, 0)
    click(qtbot, dialog.merge_button)
    settle()
    assert counts(window)["Björk Ólafs"] == 3
    assert len(dialog.likely.all()) == 1
    click_row(qtbot, dialog.merged, 0)
    click(qtbot, dialog.separate_button)
    settle()
    assert counts(window) == before
    dialog.accept()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.page.table.view.setFocus()  # in a text field, Ctrl+Z belongs to the text
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)
    settle()
    assert counts(window)["Björk Ólafs"] == 3
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)
    settle()
    assert counts(window) == before


def test_any_two_names_can_be_merged(spelt: Filled, qtbot: QtBot, settle: Settle) -> None:
    window, _ = spelt
    qtbot.keyClick(window, Qt.Key.Key_M, CONTROL | SHIFT)
    settle()
    dialog = window.singers.spellings
    dialog.spelling.setEditText("Gus")
    assert not dialog.both_button.isEnabled()
    dialog.name.setEditText("Dea Nowak")
    click(qtbot, dialog.both_button)
    settle()
    assert counts(window)["Dea Nowak"] == 6
    assert window.message_bar.text == "Gus counts as Dea Nowak from now on."
