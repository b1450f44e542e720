"""Libraries of before the program asked for pitch ranges, fingerprints, tempo and key."""

import sqlite3
from pathlib import Path

import pytest
from library_fakes import FakeEmbedder, FakeSeparator, fake_session, music_folder, write_song

from vocal_explorer.base.errors import AudioFileError, Cancelled
from vocal_explorer.base.paths import DATABASE_FILE
from vocal_explorer.base.progress import Control, Progress
from vocal_explorer.base.records.tracks import TrackState
from vocal_explorer.library.scanning.missing import Measurement, missing
from vocal_explorer.library.store.database import Database
from vocal_explorer.session import Session

ALL = frozenset(Measurement)


@pytest.fixture
def separator() -> FakeSeparator:
    return FakeSeparator()


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = music_folder(tmp_path / "music")
    write_song(folder / "Singer 1" / "Song 11.flac", 300, title="Song 11", seconds=3.0)
    return folder


@pytest.fixture
def old(tmp_path: Path, music: Path, separator: FakeSeparator) -> Session:
    """A library of four songs as an older version left it."""
    session = fake_session(tmp_path / "library", separator)
    session.scan([music])
    forget(tmp_path, "pitch_ranges", "fingerprints", "music")
    return session


def forget(tmp_path: Path, *tables: str) -> None:
    with sqlite3.connect(tmp_path / "library" / DATABASE_FILE) as connection:
        for table in tables:
            connection.execute(f"DELETE FROM {table}")
        connection.execute("UPDATE revision SET number = number + 1")
    connection.close()


def left(tmp_path: Path) -> dict[str, frozenset[Measurement]]:
    return missing(Database(tmp_path / "library"), "fake-1")


def test_the_next_scan_finds_what_is_missing_in_what_is_kept(
    old: Session, music: Path, separator: FakeSeparator, tmp_path: Path
) -> None:
    assert list(left(tmp_path).values()) == [ALL] * 4
    told: list[str] = []
    summary = old.scan([music], Progress(lambda _share, text: told.append(text)))
    assert (summary.analysed, summary.unchanged, summary.completed) == (0, 4, 4)
    assert "completing 4 of 4: Song 11" in told
    assert separator.calls == 4  # at the first scan
    assert left(tmp_path) == {}
    new = fake_session(tmp_path / "new library")
    new.scan([music])
    (voice,) = (track.pitch_range for track in old.tracks() if track.pitch_range)
    (expected,) = (track.pitch_range for track in new.tracks() if track.pitch_range)
    assert voice.median == pytest.approx(expected.median, abs=0.1)
    assert old.scan([music]).completed == 0


def test_only_what_is_missing_counts(old: Session, music: Path, tmp_path: Path) -> None:
    old.scan([music])
    forget(tmp_path, "music")
    assert list(left(tmp_path).values()) == [{Measurement.MUSIC}] * 4
    assert old.scan([music]).completed == 4


def test_new_songs_come_first_and_stems_that_are_not_kept_are_separated_again(
    old: Session, music: Path, separator: FakeSeparator
) -> None:
    old.stems.clear()
    write_song(music / "Singer 1" / "new.flac", 777, title="New")
    seen: list[str] = []
    summary = old.scan(
        [music],
        on_track=lambda t: seen.append(t.title) if t.state is TrackState.ANALYSING else None,
    )
    assert (summary.analysed, summary.completed) == (1, 4)
    assert seen[0] == "new"
    assert len(seen) == 5
    assert separator.calls == 9


def test_a_look_for_changes_completes_nothing(old: Session, music: Path) -> None:
    assert old.scan([music], refresh=False).completed == 0


def test_a_cancelled_scan_keeps_what_is_completed(
    old: Session, music: Path, tmp_path: Path
) -> None:
    control, states = Control(), []

    def listen(_share: float, text: str) -> None:
        if text.startswith("completing 3"):
            control.cancel()

    with pytest.raises(Cancelled):
        old.scan([music], Progress(listen, control), lambda track: states.append(track.state))
    assert len(left(tmp_path)) == 2
    assert states[-1] is TrackState.ANALYSED
    assert old.scan([music]).completed == 2


def test_what_cannot_be_completed_stays_as_it_was(
    old: Session, music: Path, tmp_path: Path
) -> None:
    def refuse(_call: int) -> None:
        raise AudioFileError(music, "it is broken")

    old.stems.clear()
    other = fake_session(tmp_path / "library", FakeSeparator(before=refuse))
    summary = other.scan([music])
    assert (summary.completed, summary.unchanged, summary.failed) == (0, 4, ())
    assert {track.state for track in other.tracks()} == {TrackState.ANALYSED}


def test_a_voice_without_a_pitch_is_not_listened_to_again(
    tmp_path: Path, music: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("library_fakes.pitch_range", lambda _segments, _rate: None)
    session = fake_session(tmp_path / "library", FakeSeparator(), FakeEmbedder())
    session.scan([music])
    assert all(track.pitch_range is None for track in session.tracks())
    assert left(tmp_path) == {}
    assert session.scan([music]).completed == 0
