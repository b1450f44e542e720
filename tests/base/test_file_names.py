from pathlib import Path

import pytest

from vocal_explorer.base.file_names import LONGEST_NAME, cut, file_name
from vocal_explorer.base.files import writing


@pytest.mark.parametrize(
    ("text", "name"),
    [("a:b", "a_b"), ("..", "x"), ("", "x"), ("é ", "é"), ("CON", "_CON"), ("Aux.1", "_Aux.1")],
)
def test_names_are_allowed_everywhere(text: str, name: str) -> None:
    assert file_name(text, "x") == name


@pytest.mark.parametrize("letter", ["a", "é", "歌", "🎵"])
def test_names_are_counted_in_bytes(letter: str, tmp_path: Path) -> None:
    name = file_name(letter * 1000, "x")
    assert len(name) > 40
    (tmp_path / f"{name} (instrumental).flac").touch()
    assert set(name) == {letter}


def test_a_cut_name_is_still_text() -> None:
    assert cut("歌" * 100, 10) == "歌歌歌"
    assert cut("short", LONGEST_NAME) == "short"


def test_a_file_with_the_longest_name_can_be_written(tmp_path: Path) -> None:
    out = tmp_path / "new" / ("é" * 125 + ".csv")
    with writing(out, out.suffix) as temporary:
        temporary.write_text("all")
    assert out.read_text() == "all"
