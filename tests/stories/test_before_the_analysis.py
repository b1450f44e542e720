"""What a person does with songs that wait for their analysis, and with files that failed."""

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from library_fakes import FakeSeparator, fake_session, music_folder
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from ui_fakes import FakePlayer

from vocal_explorer.base.records.signals import Stem
from vocal_explorer.base.records.tracks import Track, TrackState
from vocal_explorer.session import Session
from vocal_explorer.ui.main_window import MainWindow
from vocal_explorer.ui.tracks.singer_control import NOT_KNOWN

Settle = Callable[[], None]
NONE = Qt.KeyboardModifier.NoModifier
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
N_FILES = 6
LONG = 60_000  # ms to wait at most, on a busy machine
Finish = Callable[[], None]


@pytest.fixture
def gate(qtbot: QtBot) -> threading.Event:
    """Hold the first analysis, until the test opens it or is over."""
    gate, first_to_close = threading.Event(), QWidget()
    qtbot.addWidget(first_to_close, before_close_func=lambda _widget: gate.set())
    return gate


@pytest.fixture
def music(tmp_path: Path) -> Path:
    """Two singers with two songs each, a copy of one of them, and a file that is no song."""
    music = music_folder(tmp_path / "music")
    shutil.copy(music / "Singer 1" / "Song 10.flac", music / "copy.flac")
    (music / "Singer 1" / "broken.mp3").write_bytes(b"this was never music" * 500)
    return music


@pytest.fixture
def begun() -> threading.Event:
    """Tell that the scan is at the gate: whatever is separated after that is not held."""
    return threading.Event()


@pytest.fixture
def session(tmp_path: Path, gate: threading.Event, begun: threading.Event) -> Iterator[Session]:
    def wait(n_calls: int) -> None:
        if n_calls == 1:
            begun.set()
            assert gate.wait(30)

    session = fake_session(tmp_path / "library", FakeSeparator(before=wait))
    yield session
    session.close()


@pytest.fixture
def scanning(
    session: Session,
    begun: threading.Event,
    window: MainWindow,
    player: FakePlayer,
    music: Path,
    qtbot: QtBot,
) -> MainWindow:
    """The window while the first of all songs is analysed."""
    window.set_session(session, player)
    window.scan([music])
    qtbot.waitUntil(lambda: len(window.known) == N_FILES)
    qtbot.waitUntil(begun.is_set, timeout=LONG)
    return window


def named(window: MainWindow, file: str) -> Track:
    (track,) = [track for track in window.known.all() if track.path.name == file]
    return track


def select(window: MainWindow, file: str) -> Track:
    """Click on the row of a file."""
    track, view = named(window, file), window.page.table.view
    row = window.page.table.model.row_of(track)
    assert row is not None
    place = view.visualRect(window.page.table.model.index(row, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, NONE, place)
    assert window.selection.track == track
    return track


def marked(window: MainWindow) -> set[str]:
    rows = window.page.table.view.selectionModel().selectedRows()
    return {window.page.table.model.track_at(index.row()).path.name for index in rows}


@pytest.fixture
def finish(
    scanning: MainWindow, gate: threading.Event, settle: Settle, qtbot: QtBot
) -> Callable[[], None]:
    """Let the scan come to its end."""

    def wait() -> None:
        gate.set()
        qtbot.waitUntil(lambda: not scanning.scans.running, timeout=LONG)
        settle()
        states = {track.state for track in scanning.known.all()}
        assert states == {TrackState.ANALYSED, TrackState.FAILED}

    return wait


def test_a_table_that_gets_the_focus_selects_nothing(scanning: MainWindow, qtbot: QtBot) -> None:
    scanning.activateWindow()
    scanning.page.table.view.setFocus()
    qtbot.waitUntil(scanning.page.table.view.hasFocus)
    assert scanning.selection.track is None
    assert scanning.message_bar.text == ""


def test_a_song_that_waits_is_selected_heard_and_given_away(
    scanning: MainWindow, player: FakePlayer, qtbot: QtBot
) -> None:
    window = scanning
    window.page.table.view.covers.show(True)
    track = select(window, "Song 11.flac")
    assert track.track_id == ""
    qtbot.keyClick(window.page.table.view, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: player.playing)
    qtbot.waitUntil(lambda: window.listening.heard is not None)
    assert window.player_bar.title.text() == track.title
    assert not window.scan_bar.label.text().startswith("Getting")  # what the scan does, again
    window.player_bar.press_stem(Stem.VOCALS)
    qtbot.waitUntil(lambda: Stem.VOCALS in player.names and player.gains == {Stem.VOCALS: 1.0})
    assert window.playback is not None
    with qtbot.waitSignal(window.playback.file_ready) as given:
        window.player_bar.file_wanted.emit(Stem.MIX)
    assert given.args == [Stem.MIX, track.path]
    with qtbot.waitSignal(window.playback.file_ready) as given:
        window.player_bar.file_wanted.emit(Stem.VOCALS)
    assert given.args[1].exists()
    assert window.message_bar.text == ""


def test_what_is_heard_is_the_same_song_after_its_analysis(
    scanning: MainWindow, player: FakePlayer, qtbot: QtBot, finish: Finish, settle: Settle
) -> None:
    select(scanning, "Song 11.flac")
    qtbot.keyClick(scanning.page.table.view, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: player.playing)
    finish()
    assert scanning.selection.track is not None
    assert scanning.selection.track.track_id != ""
    for playing in (False, True):  # paused, and on where it was
        qtbot.keyClick(scanning.page.table.view, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda wanted=playing: player.playing is wanted)
    assert len(player.loads) == 1


def test_a_song_that_waits_has_no_singer_to_be_changed(scanning: MainWindow, qtbot: QtBot) -> None:
    select(scanning, "Song 11.flac")
    qtbot.keyClick(scanning, Qt.Key.Key_F2)
    assert not scanning.singers.dialog.isVisible()
    assert scanning.message_bar.text == NOT_KNOWN


def test_nothing_is_exported_before_something_is_analysed(
    scanning: MainWindow, qtbot: QtBot
) -> None:
    qtbot.keyClick(scanning, Qt.Key.Key_E, CONTROL)
    assert scanning.message_bar.text == "None of these files is analysed, so none is exported."


def test_selected_and_chosen_songs_are_so_still_when_they_are_analysed(
    scanning: MainWindow, qtbot: QtBot, finish: Finish, settle: Settle
) -> None:
    window = scanning
    table = window.page.table
    qtbot.keyClick(table.view, Qt.Key.Key_A, CONTROL)
    assert len(window.selection.chosen) == N_FILES
    select(window, "Song 10.flac")
    qtbot.keyClick(table.view, Qt.Key.Key_Down, SHIFT)
    chosen = {track.path for track in window.selection.chosen}
    assert len(chosen) == 2
    finish()
    assert {track.path for track in window.selection.chosen} == chosen
    assert len(marked(window)) == 2
    assert set(window.page.maps.chosen) == {t.track_id for t in window.selection.chosen}
    assert window.page.maps.set_bar.count.text() == "2 tracks chosen"
    window.page.maps.set_bar.buttons["More like these"].click()
    settle()
    assert len(window.page.singers.tracks.rows) > 0


def test_the_selected_copy_becomes_the_one_row_of_its_recording(
    scanning: MainWindow, finish: Finish, settle: Settle
) -> None:
    select(scanning, "copy.flac")
    finish()
    track = scanning.selection.track
    assert track is not None
    assert len(scanning.known) == N_FILES - 1
    assert marked(scanning) == {track.path.name}
    assert len(scanning.page.singers.singers.rows) > 0


def test_a_song_that_is_renamed_stays_selected(
    scanning: MainWindow, finish: Finish, settle: Settle, music: Path
) -> None:
    select(scanning, "Song 00.flac")
    finish()
    (music / "Singer 0" / "Song 00.flac").rename(music / "another name.flac")
    scanning.library.rescan()
    settle()
    assert marked(scanning) == {"another name.flac"}
    assert len(scanning.page.singers.singers.rows) > 0


def test_a_file_that_failed_says_why_and_spoils_nothing(
    scanning: MainWindow, player: FakePlayer, qtbot: QtBot, finish: Finish, settle: Settle,
    tmp_path: Path,
) -> None:  # fmt: skip
    window = scanning
    finish()
    window.message_bar.hide()
    window.page.table.view.covers.show(True)
    select(window, "broken.mp3")
    settle()
    assert window.message_bar.text == ""
    assert "broken.mp3" in window.page.singers.singers.accessibleDescription()
    qtbot.keyClick(window.page.table.view, Qt.Key.Key_Space)
    settle()
    assert not player.playing
    assert window.message_bar.text.startswith("broken.mp3: ")
    qtbot.keyClick(window, Qt.Key.Key_F2)
    assert window.message_bar.text == NOT_KNOWN
    window.exports.export(tmp_path / "all.csv", window.known.all())
    settle()
    assert window.message_bar.text.endswith("all.csv; 1 file that is not analysed is left out")
    assert len((tmp_path / "all.csv").read_text("utf-8").splitlines()) == 1 + 4
