"""The main job as a person does it: drop a folder, see the voices, hear a match.

Everything is real: the window, the threads, the library, the shipped networks, and a
sound card whose output is recorded.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from pulse import NullSink, best_correlation
from PySide6.QtCore import QMimeData, QPointF, QSettings, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from vocal_explorer.audio.files import write_audio
from vocal_explorer.audio.playing.player import Player
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.base.records.tracks import Track, TrackState
from vocal_explorer.session import Session
from vocal_explorer.synthesis.songs import render_library
from vocal_explorer.ui.base.window_settings import WindowSettings
from vocal_explorer.ui.main_window import MainWindow
from vocal_explorer.warm_up import warm_up

PATIENCE = 120_000  # ms
NON_ASCII = "Été à Ōsaka – ночь.flac"
SECONDS = 12.0  # of each song


@pytest.fixture(scope="module", autouse=True)
def heavy_libraries() -> None:
    """The app loads them beside the window before anybody can drop a folder."""
    warm_up()


@pytest.fixture(scope="module")
def songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six good songs, one of them with a non-ASCII name, a corrupt and a silent file."""
    folder = tmp_path_factory.mktemp("songs")
    paths = render_library(folder, n_singers=3, n_songs=2, seconds=SECONDS, seed=3)
    paths[-1].rename(paths[-1].with_name(NON_ASCII))
    (folder / "corrupt.mp3").write_bytes(b"this was never music" * 500)
    write_audio(folder / "silent.wav", np.zeros((2, 44_100 * 4), np.float32), 44_100)
    return folder


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    session = Session(tmp_path / "library")
    yield session
    session.close()


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, session: Session, null_sink: NullSink) -> MainWindow:
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    window = MainWindow(WindowSettings(settings, tmp_path / "library"))
    qtbot.addWidget(window, before_close_func=MainWindow.close_and_wait)
    player = Player()
    window.show()
    qtbot.waitExposed(window)
    window.set_session(session, player)
    return window


class Blocking:
    """Measures how long the event loop was kept from a timer that fires every 5 ms."""

    def __init__(self, window: MainWindow) -> None:
        self._last = time.perf_counter()
        self.gaps: list[float] = []
        self._timer = QTimer(window, interval=5, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.gaps.append(now - self._last)
        self._last = now

    def stop(self) -> str:
        self._timer.stop()
        gaps = np.array(self.gaps) * 1000
        return (
            f"{len(gaps)} events, longest wait {gaps.max():.0f} ms, "
            f"99.9 % under {np.percentile(gaps, 99.9):.0f} ms, over 50 ms: {(gaps > 50).sum()}"
        )


def drop(window: MainWindow, folder: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(folder))])
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    centre = window.rect().center()
    enter = QDragEnterEvent(centre, action, mime, button, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    event = QDropEvent(QPointF(centre), action, mime, button, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, event)
    assert event.dropAction() is Qt.DropAction.CopyAction


def contents(folder: Path) -> dict[Path, tuple[int, int]]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in files}


def tracks(window: MainWindow) -> list[Track]:
    return window.known.all()


def scanned(window: MainWindow, count: int) -> Callable[[], bool]:
    done = (TrackState.ANALYSED, TrackState.FAILED)
    return lambda: (
        not window.scans.running
        and len(tracks(window)) == count
        and all(track.state in done for track in tracks(window))
    )


def click_on_the_map(qtbot: QtBot, window: MainWindow, track: Track) -> None:
    view = window.page.maps.views[Domain.VOCALS]
    position = view.pixel_of(track.track_id).toPoint()
    qtbot.mouseMove(view.viewport(), position)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=position)


def check_rows(window: MainWindow) -> list[Track]:
    """Return the good tracks, after a look at the others."""
    good = [t for t in tracks(window) if t.state is TrackState.ANALYSED]
    failed = {t.path.name: t.error for t in tracks(window) if t.state is TrackState.FAILED}
    assert len(good) == 6
    assert set(failed) == {"corrupt.mp3", "silent.wav"}
    assert "silent" in failed["silent.wav"]
    assert not any(clause.endswith(".") for clause in failed.values())
    assert any(track.path.name == NON_ASCII for track in good)
    return good


def select_on_the_map(qtbot: QtBot, window: MainWindow, track: Track) -> Track:
    """Click at a track's point; return what is selected then, which may cover it."""
    qtbot.waitUntil(lambda: not window.tasks.running("maps"), timeout=PATIENCE)
    maps = window.page.maps
    view = maps.views[Domain.VOCALS]
    qtbot.waitUntil(lambda: len(view.layout_shown.tracks) == 6, timeout=PATIENCE)
    click_on_the_map(qtbot, window, track)
    qtbot.waitUntil(lambda: window.page.selected_track is not None, timeout=PATIENCE)
    assert all(view.marked_point is not None for view in maps.views.values())
    selected = window.page.selected_track
    assert selected is not None
    return selected


def check_rankings(qtbot: QtBot, window: MainWindow, session: Session, track: Track) -> None:
    qtbot.waitUntil(lambda: len(window.page.matches.list.rows) > 0, timeout=PATIENCE)
    shown = [(row.name, round(row.similarity, 4)) for row in window.page.singers.singers.rows]
    ranked = session.rank_singers(track.track_id)
    assert shown == [(r.singer, round(r.similarity, 4)) for r in ranked]
    assert len(ranked) == 3


@pytest.mark.pulseaudio
def test_drop_look_click_and_hear(
    qtbot: QtBot,
    null_sink: NullSink,
    songs: Path,
    window: MainWindow,
    session: Session,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = contents(songs)
    blocking = Blocking(window)
    drop(window, songs)
    qtbot.waitUntil(lambda: window.scans.running, timeout=PATIENCE)
    qtbot.waitUntil(scanned(window, 8), timeout=PATIENCE)
    with capsys.disabled():
        print(f"\nwhile scanning: {blocking.stop()}")  # noqa: T201 - it is there to be read
    good = check_rows(window)
    assert contents(songs) == before

    track = select_on_the_map(qtbot, window, good[0])
    check_rankings(qtbot, window, session, track)

    match = session.mashups.rank(track.track_id)[0].track
    with null_sink.record() as recording:
        qtbot.mouseClick(window.page.matches.play_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: window.player_bar.slider.value() > 4000, timeout=PATIENCE)
        heard = recording.stop()
    mashup = session.mashups.render(track.track_id, match.track_id)
    start, stop = mashup.sample_rate // 2, int(2.5 * mashup.sample_rate)
    for channel in range(2):
        correlation, _ = best_correlation(heard[channel], mashup.waveform[channel, start:stop])
        assert correlation > 0.95


@pytest.mark.pulseaudio
def test_a_cancelled_second_scan_leaves_the_library_whole(
    qtbot: QtBot, songs: Path, window: MainWindow, session: Session, tmp_path: Path
) -> None:
    drop(window, songs)
    qtbot.waitUntil(scanned(window, 8), timeout=PATIENCE)
    first = {t.track_id: t for t in session.tracks() if t.state is TrackState.ANALYSED}

    more = tmp_path / "more"
    render_library(more, n_singers=2, n_songs=3, seconds=SECONDS, seed=9)
    drop(window, more)

    def analysed() -> int:
        return sum(t.state is TrackState.ANALYSED for t in tracks(window))

    qtbot.waitUntil(lambda: analysed() > len(first), timeout=PATIENCE)
    qtbot.mouseClick(window.scan_bar.cancel_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.scans.running, timeout=PATIENCE)

    reopened = Session(tmp_path / "library")
    kept = {t.track_id: t for t in reopened.tracks() if t.state is TrackState.ANALYSED}
    assert first.items() <= kept.items()
    assert len(first) < len(kept) < len(first) + 6
    summary = reopened.scan([songs, more])
    assert summary.analysed == len(first) + 6 - len(kept)
    assert {f.path.name for f in summary.failed} == {"corrupt.mp3", "silent.wav"}
    reopened.close()
    with closing(sqlite3.connect(tmp_path / "library" / "library.sqlite")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
