import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from library_fakes import (
    RATE,
    FakeEmbedder,
    FakeSeparator,
    fake_session,
    music_folder,
    retag,
    write_song,
)

from vocal_explorer.audio.files import write_audio
from vocal_explorer.base.errors import AudioFileError, Cancelled, VocalExplorerError
from vocal_explorer.base.process_tuning import memory_errors
from vocal_explorer.base.progress import Control, Progress
from vocal_explorer.base.records.signals import Domain, Embedding, Stems, Waveform
from vocal_explorer.base.records.tracks import Track, TrackState
from vocal_explorer.session import Session


@pytest.fixture
def music(tmp_path: Path) -> Path:
    return music_folder(tmp_path / "music")


@pytest.fixture
def separator() -> FakeSeparator:
    return FakeSeparator()


@pytest.fixture
def embedder() -> FakeEmbedder:
    return FakeEmbedder()


@pytest.fixture
def session(tmp_path: Path, separator: FakeSeparator, embedder: FakeEmbedder) -> Session:
    return fake_session(tmp_path / "library", separator, embedder)


def states(session: Session) -> dict[str, TrackState]:
    return {track.path.name: track.state for track in session.tracks()}


def test_a_first_scan_analyses_and_reports_every_file(session: Session, music: Path) -> None:
    seen: dict[Path, list[TrackState]] = {}
    fractions: list[float] = []
    summary = session.scan(
        [music],
        Progress(lambda fraction, _message: fractions.append(fraction)),
        lambda track: seen.setdefault(track.path, []).append(track.state),
    )
    assert (summary.analysed, summary.unchanged, summary.failed) == (4, 0, ())
    assert summary.audio_seconds == pytest.approx(4 * 0.6)
    assert len(seen) == 4
    steps = [TrackState.WAITING, TrackState.ANALYSING, TrackState.ANALYSED]
    assert all(states == steps for states in seen.values())
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    track = session.tracks()[0]
    assert (track.title, track.singer, track.state) == ("Song 00", "Singer 0", TrackState.ANALYSED)
    assert track.seconds == pytest.approx(0.6)


def test_a_second_scan_touches_only_what_changed(
    session: Session, music: Path, separator: FakeSeparator
) -> None:
    session.scan([music])
    write_song(music / "new.flac", 700)
    summary = session.scan([music])
    assert (summary.analysed, summary.unchanged) == (1, 4)
    assert separator.calls == 5


def test_progress_goes_by_seconds_of_sound(session: Session, tmp_path: Path) -> None:
    write_song(tmp_path / "music" / "a.flac", 300, seconds=3)
    write_song(tmp_path / "music" / "b.flac", 310, seconds=1)
    at_finish = []
    latest = [0.0]

    def note(fraction: float, _message: str) -> None:
        latest[0] = fraction

    def finished(track: Track) -> None:
        if track.state is TrackState.ANALYSING:
            at_finish.append(latest[0])

    session.scan([tmp_path / "music"], Progress(note), finished)
    assert at_finish[1] == pytest.approx(0.75, abs=0.03)


def test_new_tags_are_read_without_a_new_analysis(
    session: Session, music: Path, separator: FakeSeparator
) -> None:
    session.scan([music])
    retag(music / "Singer 0" / "Song 00.flac", artist="Somebody Else")
    summary = session.scan([music])
    assert (summary.analysed, summary.unchanged) == (0, 4)
    assert separator.calls == 4
    track = session.find_track("Song 00")
    assert track.singer == "Somebody Else"
    assert track.seconds == pytest.approx(0.6)


def test_moved_files_are_recognised(
    session: Session, music: Path, separator: FakeSeparator
) -> None:
    session.scan([music])
    before = {track.track_id for track in session.tracks()}
    (music / "Singer 0").rename(music / "elsewhere")
    summary = session.scan([music])
    assert (summary.analysed, summary.unchanged, separator.calls) == (0, 4, 4)
    assert {track.track_id for track in session.tracks()} == before
    assert all(track.state is TrackState.ANALYSED for track in session.tracks())
    assert {track.path.parent.name for track in session.tracks()} == {"elsewhere", "Singer 1"}


def test_swapped_names_keep_both_tracks(session: Session, music: Path) -> None:
    session.scan([music])
    a, b = music / "Singer 0" / "Song 00.flac", music / "Singer 0" / "Song 01.flac"
    titles = {track.track_id: track.title for track in session.tracks()}
    a.rename(music / "aside")
    b.rename(a)
    (music / "aside").rename(b)
    summary = session.scan([music])
    assert summary.analysed == 0
    assert {track.track_id: track.title for track in session.tracks()} == titles
    assert session.find_track(str(a)).title == "Song 01"


def test_a_copy_is_the_same_track_and_takes_over(
    session: Session, music: Path, separator: FakeSeparator
) -> None:
    original = music / "Singer 0" / "Song 00.flac"
    shutil.copy(original, music / "copy.flac")
    session.scan([music])
    assert len(session.tracks()) == 4
    assert separator.calls == 4
    assert session.find_track(str(original)) == session.find_track(str(music / "copy.flac"))
    original.unlink()
    session.scan([music])
    track = session.find_track("Song 00")
    assert (track.path, track.state) == (music / "copy.flac", TrackState.ANALYSED)


def test_missing_files_are_kept_and_marked_and_come_back(
    session: Session, music: Path, tmp_path: Path, separator: FakeSeparator
) -> None:
    other = write_song(tmp_path / "other" / "there.flac", 900)
    session.scan([music, other])
    other.rename(tmp_path / "hidden")
    music.rename(tmp_path / "unplugged")
    summary = session.scan([music])
    assert "no such file or folder" in summary.failed[0].reason
    assert states(session)["there.flac"] is TrackState.ANALYSED  # its folder was not scanned
    assert list(states(session).values()).count(TrackState.MISSING) == 4
    (tmp_path / "unplugged").rename(music)
    assert session.scan([music]).unchanged == 4
    assert TrackState.MISSING not in states(session).values()
    assert separator.calls == 5


def test_failures_are_stored_with_their_reason_and_tried_again_only_when_changed(
    session: Session, music: Path, separator: FakeSeparator
) -> None:
    (music / "corrupt.mp3").write_bytes(b"this is no music at all" * 100)
    (music / "empty.flac").touch()
    write_audio(music / "silent.wav", np.zeros((1, RATE), np.float32), RATE)
    summary = session.scan([music])
    assert summary.analysed == 4
    reasons = {failure.path.name: failure.reason for failure in summary.failed}
    assert set(reasons) == {"corrupt.mp3", "empty.flac", "silent.wav"}
    assert reasons["silent.wav"] == "it is silent"
    failed = session.find_track(str(music / "silent.wav"))
    assert (failed.state, failed.error) == (TrackState.FAILED, reasons["silent.wav"])

    seen: list[Track] = []
    again = session.scan([music], on_track=seen.append)
    assert {failure.path.name: failure.reason for failure in again.failed} == reasons
    assert TrackState.ANALYSING not in {track.state for track in seen}

    write_song(music / "silent.flac", 820).replace(music / "silent.wav")
    repaired = session.scan([music])
    assert (repaired.analysed, len(repaired.failed)) == (1, 2)
    assert states(session)["silent.wav"] is TrackState.ANALYSED


def test_an_analysed_file_that_breaks_becomes_a_failure(session: Session, music: Path) -> None:
    session.scan([music])
    (music / "Singer 0" / "Song 00.flac").write_bytes(b"broken")
    session.scan([music])
    assert states(session)["Song 00.flac"] is TrackState.FAILED


def test_a_file_that_may_not_be_read_is_tried_at_every_scan(
    session: Session, music: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(path: Path, *_arguments: object) -> None:
        raise AudioFileError(path, "it may not be read")

    with monkeypatch.context() as context:
        context.setattr("vocal_explorer.analysis.jobs.content_id", forbidden)
        context.setattr("vocal_explorer.library.scanning.recorder.os.access", lambda *_: False)
        assert len(session.scan([music]).failed) == 4
    assert session.scan([music]).analysed == 4


def test_other_weights_make_embeddings_stale_and_reuse_the_stems(
    session: Session, music: Path, tmp_path: Path, separator: FakeSeparator
) -> None:
    session.scan([music])
    newer = fake_session(tmp_path / "library", separator, FakeEmbedder("model-2"))
    assert set(states(newer).values()) == {TrackState.STALE}
    write_song(music / "new.flac", 700)
    newer.scan([music / "new.flac"])
    new = newer.find_track("new")
    assert newer.similar_tracks(new.track_id) == []  # nothing of the other space is compared
    assert newer.scan([music]).analysed == 4
    assert separator.calls == 5
    assert len(newer.similar_tracks(new.track_id)) == 4
    assert len(session.similar_tracks(session.find_track("Song 00").track_id)) == 3


def test_another_separator_makes_embeddings_stale_and_separates_again(
    session: Session, music: Path, tmp_path: Path
) -> None:
    session.scan([music])
    other = FakeSeparator("2")
    newer = fake_session(tmp_path / "library", other)
    assert set(states(newer).values()) == {TrackState.STALE}
    assert newer.scan([music]).analysed == 4
    assert other.calls == 4


def test_cancelling_keeps_finished_tracks_and_no_half_ones(music: Path, tmp_path: Path) -> None:
    control = Control()
    separator = FakeSeparator(before=lambda n: control.cancel() if n == 3 else None)
    session = fake_session(tmp_path / "library", separator)
    seen: dict[Path, TrackState] = {}
    with pytest.raises(Cancelled):
        session.scan(
            [music],
            Progress(control=control),
            lambda track: seen.update({track.path: track.state}),
        )
    assert list(states(session).values()) == [TrackState.ANALYSED] * 2
    assert sorted(seen.values()) == ["analysed", "analysed", "waiting", "waiting"]
    summary = session.scan([music])
    assert (summary.analysed, summary.unchanged) == (2, 2)


def test_looking_for_changes_can_be_cancelled(session: Session, music: Path) -> None:
    session.scan([music])
    control, told = Control(), []

    def listen(track: Track) -> None:
        told.append(track)
        control.cancel()

    with pytest.raises(Cancelled):
        session.scan([music], Progress(control=control), listen)
    assert len(told) == 1
    assert list(states(session).values()) == [TrackState.ANALYSED] * 4


def test_a_paused_scan_goes_on_when_resumed(session: Session, music: Path) -> None:
    control, started = Control(), threading.Event()
    control.pause()
    thread = threading.Thread(
        target=lambda: (started.set(), session.scan([music], Progress(control=control)))
    )
    thread.start()
    started.wait()
    assert session.tracks() == ()
    control.resume()
    thread.join()
    assert len(session.tracks()) == 4


def test_numbers_that_are_none_are_never_stored(music: Path, tmp_path: Path) -> None:
    class Broken(FakeEmbedder):
        def embed_vocals(self, *_arguments: object) -> Embedding:
            return np.full(16, np.nan, np.float32)

    class BrokenSeparator(FakeSeparator):
        def stream(
            self, mix: Iterable[Waveform], n_samples: int, progress: Progress
        ) -> Iterator[Stems]:
            for stems in super().stream(mix, n_samples, progress):
                yield Stems(stems.vocals * np.float32(np.nan), stems.accompaniment, RATE)

    for name, separator, embedder in (
        ("a", FakeSeparator(), Broken()),
        ("b", BrokenSeparator(), FakeEmbedder()),
    ):
        session = fake_session(tmp_path / name, separator, embedder)
        assert len(session.scan([music]).failed) == 4
        assert set(states(session).values()) == {TrackState.FAILED}
        assert session.track_map(Domain.MIX) == []


def allocate_too_much() -> None:
    with memory_errors():
        torch.empty(2**55)


def raise_memory_error() -> None:
    raise MemoryError


@pytest.mark.parametrize("fail", [raise_memory_error, allocate_too_much])
def test_a_track_too_big_for_the_memory_fails_alone_and_is_tried_again(
    music: Path, tmp_path: Path, fail: Callable[[], None]
) -> None:
    def before(call: int) -> None:
        if call == 2:
            fail()

    session = fake_session(tmp_path / "library", FakeSeparator(before=before))
    summary = session.scan([music])
    assert (summary.analysed, len(summary.failed)) == (3, 1)
    assert "not enough memory" in summary.failed[0].reason
    assert session.scan([music]).analysed == 1


def test_odd_names_survive(session: Session, tmp_path: Path) -> None:
    names = ["Ünïcödé 日本.flac", "a 'quote' \"$x$\" %s.flac", os.fsdecode(b"caf\xe9.flac")]
    for number, name in enumerate(names):
        try:
            write_song(tmp_path / "plain.flac", 300 + 9 * number).rename(tmp_path / name)
        except OSError:
            pytest.skip("this file system takes only valid text as names")
    assert session.scan([tmp_path]).analysed == 3
    assert {track.path.name for track in session.tracks()} == set(names)
    assert all(track.title.encode() for track in session.tracks())
    (tmp_path / names[2]).write_bytes(b"broken")
    assert "caf" in session.scan([tmp_path]).failed[0].path.name
    assert session.scan([tmp_path / names[0]]).unchanged == 1


def test_the_music_folder_is_left_as_it_was(session: Session, music: Path) -> None:
    def contents() -> dict[Path, tuple[int, bytes]]:
        files = [path for path in music.rglob("*") if path.is_file()]
        return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files}

    before = contents()
    session.scan([music])
    assert contents() == before


def test_stems_that_cannot_be_kept_end_the_scan_with_one_sentence(
    session: Session, music: Path, tmp_path: Path
) -> None:
    (tmp_path / "library" / "stems").write_text("in the way")
    with pytest.raises(VocalExplorerError, match="stems cannot be kept"):
        session.scan([music])
