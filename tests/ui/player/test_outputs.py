"""Choosing a sound output, and losing it."""

from collections.abc import Callable

import pytest
from fake_player import FakePlayer
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from ui_fakes import FakeSession, make_tracks

from vocal_explorer.base.records.signals import Stem
from vocal_explorer.ui.base.window_settings import WindowSettings
from vocal_explorer.ui.main_window import MainWindow

Filled = tuple[MainWindow, FakeSession]
Settle = Callable[[], None]
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def playing(filled: Filled, settle: Settle) -> MainWindow:
    window, _ = filled
    window.page.select("id3")
    window.player_bar.press_stem(Stem.MIX)
    settle()
    return window


def open_menu(window: MainWindow, settle: Settle) -> dict[str, bool]:
    """Open the menu of outputs; return which are there, and which is chosen."""
    menu = window.player_bar.output_menu
    menu.popup(window.player_bar.mapToGlobal(window.player_bar.rect().topRight()))
    settle()
    return {action.text(): action.isChecked() for action in menu.actions()}


def pick(window: MainWindow, n_down: int) -> None:
    menu = window.player_bar.output_menu
    for _ in range(n_down + 1):
        QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)


def test_an_output_is_chosen_and_remembered(
    playing: MainWindow, player: FakePlayer, settle: Settle, memory: WindowSettings
) -> None:
    outputs = {"System default": True, "Headphones": False, "Speakers": False}
    assert open_menu(playing, settle) == outputs
    pick(playing, 2)
    settle()
    assert (player.output, player.playing, memory.output) == ("Speakers", True, "Speakers")
    assert open_menu(playing, settle)["Speakers"]
    playing.player_bar.output_menu.close()


def test_the_button_opens_the_menu(playing: MainWindow, qtbot: QtBot, settle: Settle) -> None:
    button = playing.player_bar.output_button
    assert button.menu() is playing.player_bar.output_menu
    assert button.accessibleName() == "Sound output"
    assert not button.icon().isNull()


def test_what_is_connected_later_is_listed(
    playing: MainWindow, player: FakePlayer, settle: Settle
) -> None:
    open_menu(playing, settle)
    playing.player_bar.output_menu.close()
    player.connected = ["TV & radio"]
    assert list(open_menu(playing, settle)) == ["System default", "TV && radio"]
    playing.player_bar.output_menu.close()


def test_the_output_that_was_used_last_is_used_again(
    window: MainWindow, player: FakePlayer, memory: WindowSettings, settle: Settle
) -> None:
    memory.output = "Old headphones"
    window.set_session(FakeSession(make_tracks(3)), player)
    settle()
    assert player.output == "Old headphones"
    assert open_menu(window, settle)["Old headphones"]
    window.player_bar.output_menu.close()
    window.page.select("id1")
    window.player_bar.press_stem(Stem.MIX)
    settle()
    assert window.message_bar.text == "The output Old headphones cannot be used."


def test_an_unplugged_output_is_told_and_the_default_goes_on(
    playing: MainWindow, player: FakePlayer, memory: WindowSettings, qtbot: QtBot, settle: Settle
) -> None:
    playing.output.choose("Headphones")
    settle()
    player.position = 4.0
    player.unplug()
    qtbot.waitUntil(lambda: playing.message_bar.text != "")
    assert playing.message_bar.text == (
        "The output Headphones was unplugged or does not answer, so playback is paused."
    )
    assert not player.lost
    assert playing.message_bar.action_button.text() == "Play on the default output"
    QTest.mouseClick(playing.message_bar.action_button, LEFT)
    settle()
    assert (player.playing, player.output, player.position) == (True, "", 4.0)
    assert memory.output == ""
