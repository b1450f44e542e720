import os
from pathlib import Path

import pytest

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
    assert "gone" in found.failures[0].reason
    assert "no such file or folder" in found.failures[0].reason
