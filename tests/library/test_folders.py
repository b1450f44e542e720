import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from library_fakes import FakeEmbedder, FakeSeparator, fake_session, music_folder, write_song

from vocal_explorer.base.errors import Cancelled
from vocal_explorer.base.progress import Control, Progress
from vocal_explorer.base.records.library import ScanOptions
from vocal_explorer.base.records.tracks import TrackState
from vocal_explorer.library.folders import Folders
from vocal_explorer.library.store.database import Database
from vocal_explorer.library.watching import FolderWatcher
from vocal_explorer.session import Session


@pytest.fixture
def music(tmp_path: Path) -> Path:
    return music_folder(tmp_path / "music")


@pytest.fixture
def separator() -> FakeSeparator:
    return FakeSeparator()


@pytest.fixture
def session(tmp_path: Path, separator: FakeSeparator) -> Iterator[Session]:
    session = fake_session(tmp_path / "library", separator)
    yield session
    session.close()


def test_folders_are_remembered_and_none_lies_in_another(session: Session, music: Path) -> None:
    session.scans.run([music / "Singer 1"])
    assert session.folders.paths() == [music / "Singer 1"]
    session.scans.run([music, music / "Singer 0" / "Song 00.flac"])
    session.scans.run([music / "Singer 0"])
    assert session.folders.paths() == [music]
    state = session.folders.states()[0]
    assert (state.n_tracks, state.n_failed, state.there, state.watched) == (4, 0, True, False)


def test_a_similar_name_is_another_folder(session: Session, music: Path) -> None:
    write_song(music.with_name("music 2") / "a.flac", 700)
    (music / "bad.flac").write_bytes(b"no music")
    session.scans.run([music, music.with_name("music 2")])
    counts = [(s.path.name, s.n_tracks, s.n_failed) for s in session.folders.states()]
    assert counts == [("music", 4, 1), ("music 2", 1, 0)]


def test_a_removed_folder_leaves_the_library_and_its_files_alone(
    session: Session, music: Path, tmp_path: Path, separator: FakeSeparator
) -> None:
    other = write_song(tmp_path / "other" / "there.flac", 900)
    session.scans.run([music, other.parent])
    track = session.library.find("Song 00")
    session.labels.change([track.track_id], ["Somebody"])
    session.folders.remove(music)
    assert [t.path for t in session.library.tracks()] == [other]
    assert session.folders.paths() == [other.parent]
    assert len(list(music.rglob("*.flac"))) == 4
    assert session.scans.run([music]).unchanged == 4
    assert separator.calls == 5
    assert session.library.find("Song 00").singer == "Somebody"


def test_a_missing_drive_is_told_and_comes_back_with_everything(
    session: Session, music: Path, separator: FakeSeparator
) -> None:
    session.scans.run([music])
    session.labels.change([session.library.find("Song 00").track_id], ["Somebody"])
    music.rename(music.with_name("unplugged"))
    session.scans.run([music], options=ScanOptions(refresh=False))
    assert {track.state for track in session.library.tracks()} == {TrackState.MISSING}
    assert not session.folders.states()[0].there
    assert session.folders.states()[0].n_tracks == 4
    music.with_name("unplugged").rename(music)
    session.scans.run([music], options=ScanOptions(refresh=False))
    assert {track.state for track in session.library.tracks()} == {TrackState.ANALYSED}
    assert session.library.find("Song 00").singer == "Somebody"
    assert separator.calls == 4


def test_nothing_is_analysed_again_without_being_asked(
    session: Session, music: Path, tmp_path: Path
) -> None:
    session.scans.run([music])
    newer = fake_session(tmp_path / "library", embedder=FakeEmbedder("model-2"))
    write_song(music / "new.flac", 700)
    assert newer.scans.run([music], options=ScanOptions(refresh=False)).analysed == 1
    states = sorted(track.state for track in newer.library.tracks())
    assert states == [TrackState.ANALYSED] + [TrackState.STALE] * 4
    assert newer.scans.run([music]).analysed == 4


def test_a_cancelled_scan_stays_unfinished_until_it_is_finished_or_forgotten(
    music: Path, tmp_path: Path
) -> None:
    control = Control()
    separator = FakeSeparator(before=lambda n: control.cancel() if n == 2 else None)
    session = fake_session(tmp_path / "library", separator)
    with pytest.raises(Cancelled):
        session.scans.run([music], Progress(control=control))
    assert session.scans.interrupted() == [music]
    session.scans.forget_interrupted()
    assert session.scans.interrupted() == []
    session.scans.run([music])
    assert session.scans.interrupted() == []


def test_a_scan_finishes_what_lies_in_its_folders_however_they_are_named(
    music: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = write_song(tmp_path / "other.flac", 500)
    session = fake_session(tmp_path / "library")
    for cancelled in (music / "Singer 1", music, other):
        control = Control()
        control.cancel()
        with pytest.raises(Cancelled):
            session.scans.run([cancelled], Progress(control=control))
    assert session.scans.interrupted() == [music / "Singer 1", music, other]
    monkeypatch.chdir(tmp_path)
    session.scans.run([Path("music")])
    assert session.scans.interrupted() == [other]
    session.close()


class Told:
    """What a watcher told, waited for."""

    def __init__(self) -> None:
        self.folders: list[Path] = []
        self._event = threading.Event()

    def __call__(self, folders: list[Path]) -> None:
        self.folders += folders
        self._event.set()

    def wait(self) -> list[Path]:
        assert self._event.wait(20), "nothing was told"
        self._event.clear()
        folders, self.folders = self.folders, []
        return folders

    def stays_silent(self) -> bool:
        return not self._event.wait(0.6)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def watcher(told: Told, music: Path) -> Iterator[FolderWatcher]:
    watcher = FolderWatcher(told, settled=0.2, look=0.3)
    watcher.watch([music])
    yield watcher
    watcher.close()


def test_changes_deep_in_a_tree_are_told_and_reading_is_none(
    watcher: FolderWatcher, told: Told, music: Path
) -> None:
    song = music / "Singer 0" / "Song 00.flac"
    song.read_bytes()
    (music / "notes.txt").write_text("no song")
    assert told.stays_silent()
    write_song(music / "new" / "deep" / "song.flac", 500)
    assert set(told.wait()) <= {music, music / "new" / "deep", music / "new"}
    song.rename(music / "Singer 1" / "moved.flac")
    assert {music / "Singer 0", music / "Singer 1"} <= set(told.wait())
    shutil.rmtree(music / "new")
    assert music in told.wait()


def test_what_lies_above_a_watched_folder_is_never_scanned(
    watcher: FolderWatcher, told: Told, music: Path
) -> None:
    write_song(music.parent / "other" / "song.flac", 500)
    assert told.stays_silent()
    shutil.rmtree(music)
    assert set(told.wait()) <= {music, music / "Singer 0", music / "Singer 1"}


def test_a_folder_that_goes_and_comes_is_told_and_watched_again(
    watcher: FolderWatcher, told: Told, music: Path
) -> None:
    assert watcher.watched(music)
    music.rename(music.with_name("unplugged"))
    assert music in told.wait()
    assert not watcher.watched(music)
    music.with_name("unplugged").rename(music)
    assert told.wait() == [music]
    assert watcher.watched(music)
    write_song(music / "new.flac", 500)
    assert music in told.wait()


def test_what_is_not_watched_any_more_is_not_told(
    watcher: FolderWatcher, told: Told, music: Path
) -> None:
    watcher.watch([])
    write_song(music / "new.flac", 500)
    assert told.stays_silent()


def test_watching_other_folders_while_much_changes_never_hangs(
    watcher: FolderWatcher, told: Told, music: Path
) -> None:
    done = threading.Event()

    def change() -> None:
        for number in range(300):
            (music / f"{number}.flac").touch()
        done.set()

    thread = threading.Thread(target=change)
    thread.start()
    for _ in range(30):
        watcher.watch([])
        watcher.watch([music])
    thread.join(20)
    assert done.is_set()
    (music / "last.flac").touch()
    assert music in told.wait()


def test_folders_watch_what_is_added(music: Path, tmp_path: Path) -> None:
    database, told = Database(tmp_path / "library"), Told()
    folders = Folders(database)
    folders.watch(told)
    folders.add([music])
    assert folders.states()[0].watched
    write_song(music / "new.flac", 500)
    assert told.wait() == [music]
    folders.close()
    database.close()


def test_another_drive_at_the_same_place_is_told_and_watched(
    watcher: FolderWatcher, told: Told, music: Path
) -> None:
    """A mount point stays when its drive goes: the folder there is another one."""
    music.rename(music.with_name("drive"))
    music.mkdir()
    assert music in told.wait()
    write_song(music / "new.flac", 500)
    assert music in told.wait()


def test_a_drive_that_comes_inside_a_folder_is_told(
    told: Told, music: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("")
    monkeypatch.setattr("vocal_explorer.library.watching.MOUNTS", mounts)
    watcher = FolderWatcher(told, settled=0.2, look=0.3)
    watcher.watch([music])
    mounts.write_text(f"/dev/sdb1 {music}/Singer\\0400 ext4 rw 0 0\n/dev/sdc1 /other ext4 rw 0 0\n")
    assert told.wait() == [music]
    watcher.close()


def test_a_folder_that_does_not_answer_is_not_there_and_ends_nothing(
    watcher: FolderWatcher, told: Told, music: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.stat

    def stat(path: Path, **options: object) -> os.stat_result:
        if os.fspath(path) == str(music):
            raise PermissionError(13, "Permission denied")
        return real(path, **options)

    with monkeypatch.context() as context:
        context.setattr(os, "stat", stat)
        assert music in told.wait()
    assert told.wait() == [music]
    assert watcher.watched(music)
