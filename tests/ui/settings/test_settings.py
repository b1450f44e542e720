"""Settings and the first window, by mouse and keyboard."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QRadioButton
from pytestqt.qtbot import QtBot
from ui_fakes import FakePlayer, FakeSession, make_tracks

from vocal_explorer.ui.main_window import MainWindow
from vocal_explorer.ui.settings.settings_dialog import ChoiceBox
from vocal_explorer.ui.settings.stem_move_dialog import StemMoveDialog

Filled = tuple[MainWindow, FakeSession]
Settle = Callable[[], None]


def open_settings(window: MainWindow, settle: Settle) -> None:
    QTest.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert window.settings.dialog.isVisible()


def radio(box: ChoiceBox, title: str) -> QRadioButton:
    return next(b for b in box.findChildren(QRadioButton) if b.text() == title)


def test_another_separator_is_chosen(filled: Filled, settle: Settle) -> None:
    window, session = filled
    open_settings(window, settle)
    box = window.settings.dialog.separators
    assert radio(box, "Automatic").isChecked()
    assert not radio(box, "Spleeter").isEnabled()
    QTest.keyClick(radio(box, "Embedded"), Qt.Key.Key_Space)
    settle()
    assert next(c.name for c in session.separators() if c.chosen) == "embedded"


def test_each_choice_says_what_it_costs(filled: Filled, settle: Settle) -> None:
    window, session = filled
    open_settings(window, settle)
    texts = {label.text() for label in window.settings.dialog.pairs.findChildren(QLabel)}
    assert {pair.text for pair in session.pairs()} <= texts


def test_less_room_is_given_to_stems(filled: Filled, settle: Settle) -> None:
    window, session = filled
    open_settings(window, settle)
    room = window.settings.dialog.room
    assert room.place.text().startswith("5.0 GB in /library/stems.")
    room.limit.selectAll()
    QTest.keyClicks(room.limit, "2")
    QTest.keyClick(room.limit, Qt.Key.Key_Return)
    settle()
    assert session.stems.kept.limit == 2 * 2**30
    assert room.place.text().startswith("2.0 GB")


def test_stems_are_removed(filled: Filled, settle: Settle) -> None:
    window, session = filled
    open_settings(window, settle)
    QTest.mouseClick(window.settings.dialog.room.clear_button, Qt.MouseButton.LeftButton)
    settle()
    assert session.stems.kept.used == 0
    assert not window.settings.dialog.room.clear_button.isEnabled()


def offer_move(window: MainWindow, qtbot: QtBot, place: Path) -> StemMoveDialog:
    QTest.mouseClick(window.settings.dialog.room.move_button, Qt.MouseButton.LeftButton)
    chooser = window.settings.dialog.findChild(QFileDialog)
    chooser.fileSelected.emit(str(place))
    chooser.reject()
    qtbot.waitUntil(lambda: window.settings.move_dialog is not None)
    return window.settings.move_dialog


@pytest.mark.parametrize(("stay", "used"), [(False, "5.0 GB"), (True, "0.0 GB")])
def test_stems_move_to_another_folder(
    filled: Filled, settle: Settle, qtbot: QtBot, tmp_path: Path, stay: bool, used: str
) -> None:
    window, _ = filled
    open_settings(window, settle)
    dialog = offer_move(window, qtbot, tmp_path)
    if stay:
        QTest.keyClick(dialog.take_along, Qt.Key.Key_Space)
    QTest.keyClick(dialog.start_button, Qt.Key.Key_Return)
    settle()
    assert not dialog.isVisible()
    assert window.settings.dialog.room.place.text().startswith(f"{used} in {tmp_path}")


def test_a_move_is_cancelled(filled: Filled, settle: Settle, qtbot: QtBot, tmp_path: Path) -> None:
    window, session = filled
    open_settings(window, settle)
    session.stems.gate.clear()
    dialog = offer_move(window, qtbot, tmp_path)
    QTest.mouseClick(dialog.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.bar.value() == 500)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    settle()
    assert not dialog.isVisible()
    assert window.settings.dialog.room.place.text().startswith("5.0 GB in /library/stems.")


def test_a_scan_is_not_disturbed(filled: Filled, settle: Settle, qtbot: QtBot) -> None:
    window, session = filled
    open_settings(window, settle)
    session.to_scan = make_tracks(2)
    session.gate.clear()
    window.library.scan([Path("/music")])
    qtbot.waitUntil(lambda: not window.settings.dialog.separators.isEnabled())
    session.gate.set()
    qtbot.waitUntil(window.settings.dialog.separators.isEnabled)


def test_the_first_window_offers_made_up_songs(
    window: MainWindow, player: FakePlayer, settle: Settle
) -> None:
    session = FakeSession()
    session.to_scan = make_tracks(3)
    window.set_session(session, player)
    settle()
    QTest.mouseClick(window.drop_area.demo_button, Qt.MouseButton.LeftButton)
    settle()
    assert session.scanned[-1] == [Path("/library/demo songs")]
    assert len(window.known) == 3
