"""What a listener does with a library: the real window and library, by mouse and keyboard."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sounddevice
from gestures import drag, search
from library_fakes import fake_session, music_folder
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot
from ui_fakes import FakePlayer

from vocal_explorer.audio.playing.player import Player
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.session import Session
from vocal_explorer.ui.main_window import MainWindow
from vocal_explorer.ui.maps.map_box import Tool
from vocal_explorer.ui.maps.map_view import MapView
from vocal_explorer.ui.rankings.ranking_list import RankingList

LEFT = Qt.MouseButton.LeftButton
Settle = Callable[[], None]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Three singers with three songs each."""
    session = fake_session(tmp_path / "library")
    session.scan([music_folder(tmp_path / "music", 3, 3)])
    yield session
    session.close()


def find_and_select(window: MainWindow, qtbot: QtBot, settle: Settle, title: str) -> None:
    search(window, qtbot, title, 1)
    qtbot.keyClick(window.page.table.search, Qt.Key.Key_Return)
    settle()


def double_click(qtbot: QtBot, ranking: RankingList, row: int) -> None:
    place = ranking.visualRect(ranking.model().index(row, 0)).center()
    qtbot.mouseClick(ranking.viewport(), LEFT, pos=place)
    qtbot.mouseDClick(ranking.viewport(), LEFT, pos=place)


def test_find_who_sounds_like_this(
    window: MainWindow, player: FakePlayer, session: Session, settle: Settle, qtbot: QtBot
) -> None:
    window.set_session(session, player)
    settle()
    find_and_select(window, qtbot, settle, "song 11")
    singers, tracks = window.page.singers.singers, window.page.singers.tracks
    assert singers.rows[0].name == "Singer 1"
    tabs = window.page.singers.tabs
    qtbot.mouseClick(tabs.tabBar(), LEFT, pos=tabs.tabBar().tabRect(1).center())
    nearest = {row.name for row in tracks.rows[:2]}
    assert nearest == {"Song 10", "Song 12"}
    double_click(qtbot, tracks, 0)
    settle()
    assert window.page.selected_track.title in nearest
    qtbot.keyClick(window.page.table.view, Qt.Key.Key_Space)
    settle()
    assert player.playing
    assert window.player_bar.title.text() == window.page.selected_track.title


def corner(view: MapView) -> list[QPoint]:
    """Return a way across the left part of a map, around a third of its tracks."""
    places = [view.pixel_of(track.track_id).toPoint() for track in view.layout_shown.tracks]
    third = sorted(place.x() for place in places)[len(places) // 3]
    low = QPoint(min(p.x() for p in places) - 8, min(p.y() for p in places) - 8)
    high = QPoint(third, max(p.y() for p in places) + 8)
    return [low, (low + high) / 2, high]


def test_make_a_playlist_from_a_corner_of_the_map(
    window: MainWindow,
    player: FakePlayer,
    session: Session,
    settle: Settle,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    window.set_session(session, player)
    settle()
    maps = window.page.maps
    qtbot.mouseClick(maps.bar.tool_button(Tool.RECTANGLE), LEFT)
    view = maps.views[Domain.VOCALS]
    drag(qtbot, view, corner(view))
    assert 0 < len(maps.chosen) < 9
    qtbot.mouseClick(maps.set_bar.buttons["Save…"], LEFT)
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    qtbot.waitUntil(dialog.isActiveWindow)
    name = dialog.findChild(QLineEdit, "fileNameEdit")
    name.selectAll()
    qtbot.keyClicks(name, str(tmp_path / "corner.m3u8"))
    box = dialog.findChild(QDialogButtonBox)
    qtbot.mouseClick(box.button(QDialogButtonBox.StandardButton.Save), LEFT)
    settle()
    lines = (tmp_path / "corner.m3u8").read_text("utf-8").splitlines()
    songs = [(tmp_path / line).resolve() for line in lines if not line.startswith("#")]
    chosen = [track.path.resolve() for track in window.selection.chosen]
    assert songs == chosen
    assert all(song.exists() for song in songs)


def test_no_sound_card(
    window: MainWindow,
    session: Session,
    settle: Settle,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def none_there(*_arguments: object, **_options: object) -> None:
        raise sounddevice.PortAudioError("Error querying device -1")

    monkeypatch.setattr(sounddevice, "OutputStream", none_there)
    monkeypatch.setattr(sounddevice, "query_devices", lambda *_arguments: [])
    player = Player()
    window.set_session(session, player)
    settle()
    find_and_select(window, qtbot, settle, "song 00")
    qtbot.keyClick(window.page.table.view, Qt.Key.Key_Space)
    settle()
    assert window.message_bar.isVisible()
    assert "sound" in window.message_bar.text.lower()
    assert not player.playing
    qtbot.keyClick(window.page.table.search, Qt.Key.Key_Escape)
    find_and_select(window, qtbot, settle, "song 22")
    assert window.page.singers.singers.rows[0].name == "Singer 2"
    qtbot.keyClick(window.page.table.view, Qt.Key.Key_Space)
    settle()
    assert not player.playing
    window.close_and_wait()
    player.close()
