"""What a scan notices of files that it knows, and what it makes of odd ones."""

import logging
import os
import shutil
from pathlib import Path

import av
import mutagen
import numpy as np
import pytest
from library_fakes import FakeSeparator, fake_session, music_folder, retag, write_song

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.tracks import Track, TrackState
from vocal_explorer.session import Session


@pytest.fixture
def separator() -> FakeSeparator:
    return FakeSeparator()


@pytest.fixture
def session(tmp_path: Path, separator: FakeSeparator) -> Session:
    return fake_session(tmp_path / "library", separator)


def retag_in_secret(path: Path, title: str) -> None:
    """Keep size and time of modification, as careful taggers do."""
    status = path.stat()
    file = mutagen.File(path, easy=True)
    file["title"] = title
    file.save()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (status.st_size, status.st_mtime_ns)


def test_new_tags_are_noticed_although_size_and_time_are_kept(
    session: Session, tmp_path: Path, separator: FakeSeparator
) -> None:
    song = write_song(tmp_path / "music" / "s.flac", 300, title="Before")
    session.scan([song.parent])
    retag_in_secret(song, "After")
    seen: list[Track] = []
    summary = session.scan([song.parent], on_track=seen.append)
    assert (summary.analysed, summary.unchanged, separator.calls) == (0, 1, 1)
    assert session.tracks()[0].title == "After"
    assert seen[-1].title == "After"
    seen.clear()
    session.scan([song.parent], on_track=seen.append)
    assert len(seen) == 1  # noticed once


def test_all_tags_can_be_read_again(session: Session, tmp_path: Path) -> None:
    music = music_folder(tmp_path / "music")
    session.scan([music])
    read: list[str] = []
    summary = session.scan([music], Progress(lambda _f, message: read.append(message)), reread=True)
    assert (summary.analysed, summary.unchanged) == (0, 4)
    assert "reading lengths and tags" in read


def test_each_copy_keeps_its_own_tags(session: Session, tmp_path: Path) -> None:
    music = tmp_path / "music"
    album = write_song(music / "Album" / "1.flac", 300, title="Song", artist="Ann")
    best = music / "Best of" / "9.flac"
    best.parent.mkdir()
    shutil.copy(album, best)
    retag(best, title="Song (Remastered)", artist="Ann & Bob", album="Best of")
    session.scan([music])
    (track,) = session.tracks()
    assert (track.path, track.title, track.album) == (album, "Song", "")
    album.unlink()
    session.scan([music])
    (track,) = session.tracks()
    assert (track.path, track.title, track.album) == (best, "Song (Remastered)", "Best of")
    assert track.singer == "Ann & Bob"
    session.labels.change([track.track_id], ["Me"])
    album.parent.joinpath("again.flac").write_bytes(best.read_bytes())
    session.scan([music])
    assert session.tracks()[0].singer == "Me"


def silent_film(path: Path) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=5)
        stream.width = stream.height = 32
        stream.pix_fmt = "yuv420p"
        for _ in range(5):
            picture = np.zeros((32, 32, 3), np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return path


def test_a_silent_film_in_a_folder_is_passed_over(session: Session, tmp_path: Path) -> None:
    film = silent_film(write_song(tmp_path / "music" / "s.flac", 300).with_name("film.mp4"))
    seen: list[Track] = []
    summary = session.scan([film.parent], on_track=seen.append)
    assert (summary.analysed, summary.failed) == (1, ())
    assert film not in {track.path for track in seen}
    assert film not in {track.path for track in session.tracks()}
    assert [failure.path for failure in session.scan([film]).failed] == [film]


def test_what_was_named_and_is_no_music_gets_no_row(session: Session, tmp_path: Path) -> None:
    for name in ("notes.xyz", "sheet.cue"):
        (tmp_path / name).write_text("no music")
        (failure,) = session.scan([tmp_path / name]).failed
        assert failure.path.name == name
    assert session.tracks() == ()


class OddSeparator(FakeSeparator):
    """Meets what nobody expected at its second call."""

    def __init__(self) -> None:
        super().__init__(before=self._fail)

    def _fail(self, call: int) -> None:
        if call == 2:
            raise AttributeError("'NoneType' object has no attribute 'name'")


def test_what_nobody_expected_is_one_files_failure(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    music = music_folder(tmp_path / "music")
    session = fake_session(tmp_path / "library", OddSeparator())
    summary = session.scan([music])
    assert (summary.analysed, len(summary.failed)) == (3, 1)
    assert "AttributeError" in summary.failed[0].reason
    (record,) = [r for r in caplog.records if r.levelno >= logging.WARNING]
    assert record.exc_info is not None
    caplog.clear()
    states = [track.state for track in session.tracks()]
    assert states.count(TrackState.FAILED) == 1
    assert session.scan([music]).unchanged == 3  # it is not repeated at every start
    assert session.unfinished() == []
