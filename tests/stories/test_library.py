"""What a person lives through with a library: the real window, the real library, no networks."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import large_library
import pytest
from gestures import search
from large_library import StallMeter, make_library, open_library
from library_fakes import FakeSeparator, fake_session, music_folder, write_song
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeWidget
from pytestqt.qtbot import QtBot
from ui_fakes import FakePlayer

from vocal_explorer.base.records.tracks import TrackState
from vocal_explorer.library.watching import FolderWatcher
from vocal_explorer.session import Session
from vocal_explorer.ui.main_window import MainWindow

LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
LONG = 30_000  # ms to wait at most, on a busy machine
MOST_STALLED = 1_000.0  # ms; benchmarks/large_library.py measures it, a test only sees a freeze

Settle = Callable[[], None]


@pytest.fixture
def quick_watcher(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = partial(FolderWatcher, settled=0.2, look=0.3)
    monkeypatch.setattr("vocal_explorer.library.folders.FolderWatcher", quick)


@pytest.fixture
def separator() -> FakeSeparator:
    return FakeSeparator()


@pytest.fixture
def session(tmp_path: Path, separator: FakeSeparator, quick_watcher: None) -> Iterator[Session]:
    session = fake_session(tmp_path / "library", separator)
    yield session
    session.close()


def states(window: MainWindow) -> dict[str, TrackState]:
    return {t.title: t.state for t in window.known.all()}


def click_row(window: MainWindow, qtbot: QtBot, row: int) -> None:
    view = window.page.table.view
    place = view.visualRect(window.page.table.model.index(row, 0)).center()
    qtbot.mouseClick(view.viewport(), LEFT, pos=place)


def test_one_folder_vanished(
    window: MainWindow,
    player: FakePlayer,
    session: Session,
    separator: FakeSeparator,
    tmp_path: Path,
    qtbot: QtBot,
    settle: Settle,
) -> None:
    drive, home = music_folder(tmp_path / "drive"), tmp_path / "home"
    write_song(home / "here.flac", 900, artist="Dea", title="Here")
    session.scan([drive, home])
    window.set_session(session, player)
    settle()
    assert set(states(window).values()) == {TrackState.ANALYSED}
    search(window, qtbot, "song 00", 1)
    click_row(window, qtbot, 0)
    qtbot.keyClick(window, Qt.Key.Key_F2)
    qtbot.keyClicks(window.singers.dialog.name, "Zora")
    qtbot.keyClick(window.singers.dialog.name, Qt.Key.Key_Return)
    settle()

    drive.rename(tmp_path / "unplugged")
    missing = TrackState.MISSING
    qtbot.waitUntil(lambda: list(states(window).values()).count(missing) == 4, timeout=LONG)
    settle()
    assert states(window)["Here"] is TrackState.ANALYSED
    assert len(window.page.singers.tracks.rows) == 4  # it can be compared as before
    search(window, qtbot, "state:missing", 4)
    qtbot.keyClick(window, Qt.Key.Key_L, CONTROL)
    settle()
    rows: QTreeWidget = window.library.folders.list
    assert rows.topLevelItem(0).text(2) == "Not there: everything is kept until its drive is back"
    window.library.folders.accept()

    (tmp_path / "unplugged").rename(drive)
    ready = {TrackState.ANALYSED}
    qtbot.waitUntil(lambda: set(states(window).values()) == ready, timeout=LONG)
    settle()
    assert window.known.with_id(session.library.find("Song 00").track_id).singer == "Zora"
    assert separator.calls == 5  # nothing was analysed again


def test_songs_that_are_copied_moved_and_renamed_are_followed(
    window: MainWindow,
    player: FakePlayer,
    session: Session,
    separator: FakeSeparator,
    tmp_path: Path,
    qtbot: QtBot,
    settle: Settle,
) -> None:
    music = music_folder(tmp_path / "music")
    session.scan([music])
    window.set_session(session, player)
    settle()
    write_song(music / "new" / "deep" / "song.flac", 900, artist="Dea", title="New")
    qtbot.waitUntil(lambda: states(window).get("New") is TrackState.ANALYSED, timeout=LONG)
    (music / "Singer 0" / "Song 00.flac").rename(music / "new" / "other name.flac")
    moved = music / "new" / "other name.flac"
    qtbot.waitUntil(lambda: window.known.at(moved) is not None, timeout=LONG)
    qtbot.waitUntil(lambda: len(window.known) == 5, timeout=LONG)
    settle()
    assert set(states(window).values()) == {TrackState.ANALYSED}
    assert separator.calls == 5


def test_ten_thousand_tracks_in_the_library(
    window: MainWindow,
    player: FakePlayer,
    tmp_path: Path,
    qtbot: QtBot,
    settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("vocal_explorer.maps.library_maps.project", large_library.flat_map)
    make_library(tmp_path / "library", 10_000)
    session = open_library(tmp_path / "library")
    table = window.page.table
    wanted = [
        track
        for track in session.tracks()
        if "Łucja" in track.singer and "Golden" in track.title and "River" in track.title
    ]
    with StallMeter() as opening:
        window.set_session(session, player)
        qtbot.waitUntil(lambda: len(window.known) == 10_000, timeout=LONG)
        settle()
    with StallMeter() as typing:
        search(window, qtbot, "river golden lucja", len(wanted))
    with StallMeter() as selecting:
        for row in (0, 3, 2):
            click_row(window, qtbot, row)
            settle()
        qtbot.keyClick(table.view, Qt.Key.Key_Down)
        settle()
    assert table.count.text() == f"{len(wanted)} of 10,000 tracks"
    assert window.selection.track == table.model.track_at(3)
    assert window.selection.track in wanted
    assert len(window.page.singers.singers.rows) == 20
    window.close_and_wait()
    session.close()
    for meter in (opening, typing, selecting):
        assert meter.longest < MOST_STALLED
