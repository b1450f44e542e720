import errno
from contextlib import suppress
from pathlib import Path

import pytest

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.files import replacing, require_room, temporary_beside, write_text, writing


def test_a_text_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "results.md"
    write_text(path, "old\n")
    write_text(path, "Zoë\r\n")
    assert path.read_bytes() == "Zoë\r\n".encode()
    assert list(path.parent.iterdir()) == [path]


def test_a_name_that_is_no_text_comes_back_as_it_was(tmp_path: Path) -> None:
    write_text(tmp_path / "list.m3u8", "caf\udce9.mp3")
    assert (tmp_path / "list.m3u8").read_bytes() == b"caf\xe9.mp3"


def test_a_failure_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "kept.bin"
    path.write_bytes(b"old")
    with suppress(KeyError), replacing(path) as temporary:
        temporary.write_bytes(b"half")
        raise KeyError
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_two_writers_of_one_file_do_not_meet(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with replacing(path) as first, replacing(path) as second:
        first.write_text("first")
        second.write_text("second")
    assert path.read_text() == "first"  # which is moved last
    assert list(tmp_path.iterdir()) == [path]


def test_a_temporary_name_is_hidden_and_has_the_suffix_that_is_asked_for(tmp_path: Path) -> None:
    with temporary_beside(tmp_path / "map.png", ".png") as temporary:
        assert (temporary.parent, temporary.suffix) == (tmp_path, ".png")
        assert temporary.name.startswith(".")


def test_a_file_where_a_folder_is_needed_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(VocalExplorerError, match=r"results\.md cannot be written: Not a directory"):
        write_text(tmp_path / "taken" / "deep" / "results.md", "text")
    with pytest.raises(VocalExplorerError, match=r"results\.md cannot be written: File exists"):
        write_text(tmp_path / "taken" / "results.md", "text")


def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    sentence = "a cannot be written: No space left on device."
    with pytest.raises(VocalExplorerError, match=sentence), writing(tmp_path / "a"):
        raise full


def test_too_little_room_is_one_sentence(tmp_path: Path) -> None:
    require_room(tmp_path, 0)
    with pytest.raises(VocalExplorerError, match=r"not enough room in .*000,000 MB are needed"):
        require_room(tmp_path, 10**24)
