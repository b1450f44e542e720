import unicodedata
from pathlib import Path

import pytest

from vocal_explorer.base.errors import TrackNotFoundError
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.library.search import find_track

TRACKS = [
    Track("id1", Path("/m/1.mp3"), "Home", "Anna Björk"),
    Track("id2", Path("/m/2.mp3"), "Homeward", "Anna Björk", "Roads"),
    Track("id3", Path("/m/björk.mp3"), "Sea", "Carl"),
]
TRACK_AT = {track.path: track for track in TRACKS} | {Path("/copy/1.mp3"): TRACKS[0]}


@pytest.mark.parametrize(
    ("text", "track_id"),
    [
        ("id2", "id2"),
        ("/m/2.mp3", "id2"),
        ("/copy/1.mp3", "id1"),
        ("/m/../m/2.mp3", "id2"),
        (unicodedata.normalize("NFD", "/m/björk.mp3"), "id3"),
        ("home", "id1"),
        ("anna björk - HOMEWARD", "id2"),
        (unicodedata.normalize("NFD", "björk roads"), "id2"),
        ("car sea", "id3"),
        ("album:roads home", "id2"),
        ("singer:carl", "id3"),
    ],
)
def test_finds_the_one_track(text: str, track_id: str) -> None:
    assert find_track(text, TRACKS, TRACK_AT).track_id == track_id


def test_several_fitting_tracks_are_listed() -> None:
    with pytest.raises(TrackNotFoundError, match=r'"anna" fits 2 tracks: .*Home.*Homeward'):
        find_track("anna", TRACKS, TRACK_AT)


@pytest.mark.parametrize("text", ["zzz", "", "  "])
def test_nothing_fits(text: str) -> None:
    with pytest.raises(TrackNotFoundError, match=r"No track|not in the library"):
        find_track(text, TRACKS, TRACK_AT)


def test_a_file_outside_the_library_and_an_empty_library_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(TrackNotFoundError, match="scan it first"):
        find_track(str(tmp_path), TRACKS, TRACK_AT)
    with pytest.raises(TrackNotFoundError, match="scan a folder"):
        find_track("song", [], {})
