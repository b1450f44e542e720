from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from vocal_explorer.base.records.tracks import Track
from vocal_explorer.export.playlist import playlist


def track(path: Path, title: str = "Song", singer: str = "Ann", seconds: float = 61.6) -> Track:
    return Track("id", path, title, singer, seconds=seconds)


def test_paths_are_relative_to_the_playlist() -> None:
    text = playlist([track(Path("/music/Ann/Söng.mp3"))], Path("/music/lists"))
    assert text == "#EXTM3U\n#EXTINF:62,Ann - Song\n../Ann/Söng.mp3\n"


def test_a_track_without_a_singer_has_its_title_only() -> None:
    assert "#EXTINF:62,Song\n" in playlist([track(Path("/a.mp3"), singer="")], Path("/"))


def test_a_name_that_looks_like_a_comment_is_a_path() -> None:
    assert playlist([track(Path("/music/#1.mp3"))], Path("/music")).endswith("\n./#1.mp3\n")


def test_a_line_break_in_a_name_breaks_no_line() -> None:
    lines = playlist([track(Path("/music/a\nb.mp3"), title="a\nb")], Path("/music")).splitlines()
    assert lines == ["#EXTM3U", "#EXTINF:62,Ann - a b", "file:///music/a%0Ab.mp3"]


@given(st.lists(st.text(st.characters(blacklist_categories=["Cs"]), min_size=1), max_size=5))
def test_there_are_two_lines_for_each_track(titles: list[str]) -> None:
    tracks = [track(Path(f"/music/{n}.mp3"), title=title) for n, title in enumerate(titles)]
    assert len(playlist(tracks, Path("/")).splitlines()) == 1 + 2 * len(titles)
