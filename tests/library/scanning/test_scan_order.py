"""What comes next in a scan, how long it takes still, and what is tried again."""

import itertools
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from library_fakes import FakeSeparator, fake_session, music_folder, write_song

from vocal_explorer.base.progress import Control, Progress, Steering
from vocal_explorer.base.records.tracks import Track, TrackState
from vocal_explorer.library.scanning.pace import SHORTEST_MEASURE, Pace
from vocal_explorer.library.scanning.scan_queue import ScanQueue

WAITING = [Track(f"{folder}{n}", Path(f"/{folder}/{n}"), "", "") for folder in "abc" for n in "12"]


def order(queue: ScanQueue) -> list[str]:
    return [queue.take()[0].track_id for _ in range(len(queue))]


def test_what_is_wanted_comes_first_and_the_rest_keeps_its_order() -> None:
    queue = ScanQueue()
    queue.add(WAITING, 10.0)
    queue.put_first([Path("/b"), Path("/c/2")])
    assert queue.rest == 60.0
    assert order(queue) == ["c2", "b1", "b2", "a1", "a2", "c1"]
    assert queue.rest == 0.0


@given(st.lists(st.sampled_from([track.path for track in WAITING])))
def test_no_wish_loses_or_doubles_a_track(wishes: list[Path]) -> None:
    queue = ScanQueue()
    queue.add(WAITING, 1.0)
    queue.put_first(wishes)
    taken = [queue.take()[0] for _ in range(len(queue))]
    assert sorted(track.track_id for track in taken) == [track.track_id for track in WAITING]
    if wishes:
        assert taken[0].path == wishes[-1]


def finished_order(wish: Callable[[Path, Steering], None], music: Path, library: Path) -> list[str]:
    steering, seen = Steering(), []

    def on_track(track: Track) -> None:
        if track.state is TrackState.ANALYSED:
            seen.append(track.path.stem)
            if len(seen) == 1:
                wish(music, steering)

    session = fake_session(library)
    summary = session.scan([music], None, on_track, steering)
    assert (summary.analysed, summary.unchanged) == (len(seen), 0)
    return seen


def test_a_track_that_is_looked_at_jumps_the_queue(tmp_path: Path) -> None:
    music = music_folder(tmp_path / "music")
    chosen = music / "Singer 1" / "Song 11.flac"
    seen = finished_order(lambda _m, steering: steering.want([chosen]), music, tmp_path / "l")
    assert seen == ["Song 00", "Song 11", "Song 01", "Song 10"]


def test_a_folder_that_is_dropped_during_a_scan_comes_next(tmp_path: Path) -> None:
    music = music_folder(tmp_path / "music")
    write_song(tmp_path / "dropped" / "new.flac", 900)
    seen = finished_order(
        lambda _m, steering: steering.want([tmp_path / "dropped", music / "Singer 0"]),
        music,
        tmp_path / "l",
    )
    assert seen == ["Song 00", "Song 01", "new", "Song 10", "Song 11"]


def test_what_is_done_already_is_not_done_again(tmp_path: Path) -> None:
    music = music_folder(tmp_path / "music")
    seen = finished_order(lambda _m, steering: steering.want([music]), music, tmp_path / "l")
    assert len(seen) == 4


@pytest.mark.parametrize("seed", range(8))
def test_the_time_left_is_right_within_a_quarter_after_a_minute(seed: int) -> None:
    """Tracks of 20 s to an hour, a machine of changing speed, copies that cost nothing."""
    rng = np.random.default_rng(seed)
    lengths = np.clip(np.exp(rng.normal(5.3, 0.7, 300)), 20, 3600)
    is_copy = rng.random(300) < 0.1
    costs = 1.0 + lengths / 40 * np.exp(rng.normal(0, 0.25, 300))
    costs[is_copy] = 0.01
    now, rest, errors = 0.0, lengths.sum(), []
    pace = Pace(lambda: now)
    for number, (length, cost, copy) in enumerate(zip(lengths, costs, is_copy, strict=True)):
        pace.begin()
        estimate, true = pace.left(rest, 0.0), costs[number:].sum()
        if now >= 60 and true >= 60:
            assert estimate is not None
            errors.append(abs(estimate / true - 1))
        now += cost
        rest -= length
        (pace.skip if copy else pace.finish)(length)
    assert np.mean(np.array(errors) <= 0.25) >= 0.98
    assert np.median(errors) < 0.1


def test_the_running_track_counts_while_it_runs() -> None:
    now = 0.0
    pace = Pace(lambda: now)
    pace.begin()
    assert pace.left(3600.0, 0.0) is None
    now = 10.0
    assert pace.left(3600.0, 400.0) == pytest.approx(3200 / 40)
    assert Pace(lambda: SHORTEST_MEASURE / 2).left(100.0, 50.0) is None


def test_a_scan_says_how_long_it_takes_still_and_a_pause_does_not_count(tmp_path: Path) -> None:
    clock = itertools.count(step=4.0)
    music, steering, control = music_folder(tmp_path / "music"), Steering(), Control()
    told = []
    session = fake_session(tmp_path / "library", FakeSeparator(before=lambda _n: time.sleep(0.01)))
    with pytest.MonkeyPatch.context() as context:
        context.setattr(
            "vocal_explorer.library.scanning.scanner.time.monotonic", lambda: float(next(clock))
        )
        session.scan(
            [music],
            Progress(lambda _f, _m: told.append(steering.seconds_left), control),
            steering=steering,
        )
    numbers = [left for left in told if left is not None]
    assert numbers
    assert numbers[-1] < numbers[0]
    assert numbers[-1] < 20


def test_failures_are_tried_again_when_asked_for(tmp_path: Path) -> None:
    music = music_folder(tmp_path / "music")
    bad = music / "bad.flac"
    bad.write_bytes(b"no music")
    session = fake_session(tmp_path / "library", FakeSeparator())
    assert len(session.scan([music]).failed) == 1
    seen: list[Track] = []
    session.scan([music], on_track=seen.append)
    assert TrackState.ANALYSING not in {track.state for track in seen}
    session.try_again([bad, music / "Singer 0" / "Song 00.flac"])
    seen.clear()
    again = session.scan([music], on_track=seen.append)
    tried = [track.path for track in seen if track.state is TrackState.ANALYSING]
    assert tried == [bad]
    assert (len(again.failed), again.unchanged) == (1, 4)
