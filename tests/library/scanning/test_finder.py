import errno
import os
from pathlib import Path

import pytest

from vocal_explorer.base.presence import NOT_THERE
from vocal_explorer.base.records.tracks import Failure
from vocal_explorer.library.scanning.finder import find_files


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def found_names(*paths: Path, library: Path) -> list[str]:
    return [path.name for path in find_files(paths, library).files]


def test_finds_music_by_suffix_and_nothing_hidden(tmp_path: Path) -> None:
    for name in ("a.mp3", "b.FLAC", "c.txt", "._d.mp3", ".e.mp3", ".hidden/f.mp3", "g.mp3/h.wav"):
        touch(tmp_path / "music" / name)
    names = found_names(tmp_path / "music", library=tmp_path / "library")
    assert names == ["a.mp3", "b.FLAC", "h.wav"]


def test_a_file_named_directly_is_always_taken(tmp_path: Path) -> None:
    path = touch(tmp_path / ".song.xyz")
    assert find_files([path], tmp_path / "library").files == (path,)


def test_the_librarys_own_folder_is_not_music(tmp_path: Path) -> None:
    touch(tmp_path / "library" / "stems" / "vocals.flac")
    touch(tmp_path / "song.flac")
    assert found_names(tmp_path, library=tmp_path / "library") == ["song.flac"]


def test_link_loops_and_broken_links_end(tmp_path: Path) -> None:
    touch(tmp_path / "a" / "song.mp3")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    (tmp_path / "broken.mp3").symlink_to(tmp_path / "nowhere.mp3")
    assert find_files([tmp_path], tmp_path / "library").files == (tmp_path / "a" / "song.mp3",)


def test_a_linked_folder_outside_is_searched(tmp_path: Path) -> None:
    touch(tmp_path / "disk" / "song.mp3")
    (tmp_path / "music").mkdir()
    (tmp_path / "music" / "link").symlink_to(tmp_path / "disk")
    assert found_names(tmp_path / "music", library=tmp_path / "library") == ["song.mp3"]


def test_overlapping_paths_give_each_file_once(tmp_path: Path) -> None:
    song = touch(tmp_path / "a" / "song.mp3")
    assert find_files([tmp_path, tmp_path / "a", song], tmp_path / "library").files == (song,)


def test_names_that_are_no_text_survive(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9 \xff.mp3")
    try:
        path.touch()
    except OSError:
        pytest.skip("this file system takes only valid text as names")
    assert find_files([tmp_path], tmp_path / "library").files == (path,)


def test_what_is_not_there_is_a_failure_with_its_name(tmp_path: Path) -> None:
    found = find_files([tmp_path / "gone"], tmp_path / "library")
    assert found.files == ()
    assert found.failures == (Failure(tmp_path / "gone", NOT_THERE),)


def test_names_may_begin_with_dots_that_hide_nothing(tmp_path: Path) -> None:
    shown = ["...And Justice for All/1.flac", "...Baby One More Time.mp3", ".38 Special.mp3"]
    hidden = [".word.mp3", "._word.mp3", ".Trash-1000/a.mp3", ".@__thumb/a.mp3"]
    for name in [*shown, *hidden]:
        touch(tmp_path / "music" / name)
    found = find_files([tmp_path / "music"])
    names = {path.relative_to(tmp_path / "music").as_posix() for path in found.files}
    assert names == set(shown)


def test_what_is_no_music_is_passed_over_in_folders_and_named_when_it_is_named(
    tmp_path: Path,
) -> None:
    names = ["a.cue", "a.jpg", "a.txt", "a.m3u8", "a.log"]
    paths = [touch(tmp_path / "music" / name) for name in names]
    assert find_files([tmp_path / "music"]) == find_files([tmp_path / "music", tmp_path / "music"])
    assert not find_files([tmp_path / "music"]).failures
    found = find_files(paths)
    assert found.files == ()
    reasons = {failure.path.name: failure.reason for failure in found.failures}
    assert set(reasons) == set(names)
    assert "CUE sheet" in reasons["a.cue"]
    assert "names no files" in reasons["a.m3u8"]


def test_a_playlist_stands_for_the_files_in_it(tmp_path: Path) -> None:
    here = touch(tmp_path / "lists" / "ä song.mp3")
    there = touch(tmp_path / "music" / "b c.mp3")
    bytes_name = touch(tmp_path / "lists" / os.fsdecode(b"caf\xe9.mp3"))
    playlist = tmp_path / "lists" / "l.m3u8"
    lines = ["\ufeff#EXTM3U", "#EXTINF:1,x", "ä song.mp3", r"..\music\b c.mp3", "", "gone.mp3"]
    lines += [there.as_uri(), "http://localhost/radio.mp3", "l.m3u8", "..", "notes.txt"]
    touch(tmp_path / "lists" / "notes.txt")
    data = "\r\n".join(lines).encode() + b"\r\ncaf\xe9.mp3\n"
    playlist.write_bytes(data)
    found = find_files([playlist])
    assert set(found.files) == {here, there, bytes_name}
    assert {failure.path.name for failure in found.failures} == {"gone.mp3", "notes.txt"}
    assert all(map(found.covers, (here, there, playlist.with_name("gone.mp3"))))
    assert not found.covers(touch(tmp_path / "lists" / "other.mp3"))


def test_an_old_playlist_is_read_in_its_own_encoding(tmp_path: Path) -> None:
    song = touch(tmp_path / "Группа крови.mp3")
    (tmp_path / "l.m3u").write_bytes("Группа крови.mp3\n".encode("cp1251"))
    assert find_files([tmp_path / "l.m3u"]).files == (song,)


@pytest.mark.parametrize("number", [errno.EACCES, errno.ESTALE, errno.EIO, errno.ENOTCONN])
def test_a_folder_that_does_not_answer_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    song, dead = touch(tmp_path / "alive" / "song.mp3"), tmp_path / "dead"
    dead.mkdir()
    real = os.stat

    def stat(path: Path, **options: object) -> os.stat_result:
        if os.fspath(path).startswith(str(dead)):
            raise OSError(number, os.strerror(number))
        return real(path, **options)

    monkeypatch.setattr(os, "stat", stat)
    found = find_files([dead, tmp_path / "alive"])
    assert found.files == (song,)
    ((path, reason),) = [(failure.path, failure.reason) for failure in found.failures]
    assert path == dead
    assert "open it" in reason or "opened" in reason
