"""A mashup is heard on a real sound card while it is made, and while a scan runs beside it."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pulse import NullSink, best_correlation
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from vocal_explorer.audio.playing.outputs import SoundCards
from vocal_explorer.audio.playing.player import Player
from vocal_explorer.base.errors import Cancelled
from vocal_explorer.base.progress import Control, Progress
from vocal_explorer.base.records.signals import Stem
from vocal_explorer.session import Session
from vocal_explorer.synthesis.songs import render_library
from vocal_explorer.ui.base.tasks import Tasks
from vocal_explorer.ui.mashup.audition import Audition, MashupPair

PATIENCE = 60_000  # ms
COMPARED = 4.2  # s
LISTENED = COMPARED + 1.5  # s; the sound card is behind the player


@pytest.fixture(scope="module")
def songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("songs")
    render_library(folder, n_singers=2, n_songs=1, seconds=24.0, seed=5)
    return folder


@pytest.fixture(scope="module")
def more_songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("more")
    render_library(folder, n_singers=3, n_songs=2, seconds=30.0, seed=6)
    return folder


@pytest.fixture(scope="module")
def session(songs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    session = Session(tmp_path_factory.mktemp("library") / "library")
    session.scan([songs])
    yield session
    session.close()


class Stage:
    """What plays mashups, and how soon one was heard."""

    def __init__(self, session: Session) -> None:
        self.cards = SoundCards()
        self.player = Player(self.cards)
        self._parent = QObject()
        self.tasks = Tasks(self._parent)
        self.audition = Audition(self.tasks, session, self.player, self._parent)

    def play(self, qtbot: QtBot, pair: MashupPair) -> float:
        """Return how many seconds pass until the player has samples to play."""
        began = time.perf_counter()
        self.audition.play(pair)
        qtbot.waitUntil(lambda: self.player.position > 0, timeout=PATIENCE)
        return time.perf_counter() - began

    def close(self, qtbot: QtBot) -> None:
        self.tasks.close()
        qtbot.waitUntil(lambda: self.tasks.over, timeout=PATIENCE)
        self.player.close()


@pytest.fixture
def stage(null_sink: NullSink, session: Session, qtbot: QtBot) -> Iterator[Stage]:
    stage = Stage(session)
    yield stage
    stage.close(qtbot)


@pytest.fixture
def pair(session: Session) -> MashupPair:
    return MashupPair(*session.tracks()[:2])


@pytest.fixture
def scanning(session: Session, more_songs: Path) -> Iterator[Control]:
    """A scan that goes on for as long as the test."""
    control, done = Control(), threading.Event()

    def scan() -> None:
        try:
            while not done.is_set():
                session.scan([more_songs], Progress(control=control))
                control.check()
                session.stems.clear()
        except Cancelled:
            pass

    thread = threading.Thread(target=scan)
    thread.start()
    yield control
    done.set()
    control.cancel()
    thread.join()


@pytest.mark.pulseaudio
def test_it_sounds_without_a_gap_while_a_scan_runs(
    qtbot: QtBot,
    stage: Stage,
    session: Session,
    pair: MashupPair,
    scanning: Control,
    null_sink: NullSink,
    capsys: pytest.CaptureFixture[str],
) -> None:
    alignment = session.mashups.align(*pair.ids)
    whole = session.mashups.sound(*pair.ids, alignment, Progress()).whole(Progress())
    mix = whole.vocals * 10 ** (alignment.vocals_gain_db / 20)
    mix = mix + whole.accompaniment * 10 ** (alignment.accompaniment_gain_db / 20)
    with null_sink.record() as recording:
        waited = stage.play(qtbot, pair)
        qtbot.waitUntil(lambda: stage.player.position > LISTENED, timeout=PATIENCE)
        heard = recording.stop()
    with capsys.disabled():
        print(f"\nheard after {1000 * waited:.0f} ms, {stage.cards.n_underruns} underruns")  # noqa: T201
    assert stage.player.waited == 0
    assert stage.cards.n_underruns == 0
    rate = whole.sample_rate
    likeness, _ = best_correlation(heard[0], mix[0, rate // 2 : int(COMPARED * rate)])
    assert likeness > 0.97  # a gap would move all that follows it


@pytest.mark.pulseaudio
def test_stems_that_are_not_kept_are_separated_while_it_plays(
    qtbot: QtBot,
    stage: Stage,
    session: Session,
    pair: MashupPair,
    capsys: pytest.CaptureFixture[str],
) -> None:
    session.stems.clear()
    with qtbot.waitSignal(stage.audition.completed, timeout=PATIENCE):
        waited = stage.play(qtbot, pair)
    with capsys.disabled():
        print(f"\nwithout stems heard after {1000 * waited:.0f} ms")  # noqa: T201
    assert stage.player.waited == 0
    assert session.kept_stem(pair.vocals.track_id, Stem.VOCALS) is not None
    assert np.isfinite(waited)
