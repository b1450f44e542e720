import base64
from pathlib import Path

import mutagen
import numpy as np
import pytest
from mutagen.flac import Picture
from mutagen.id3 import APIC
from mutagen.mp4 import MP4Cover

from vocal_explorer.analysis.cover import read_cover
from vocal_explorer.audio.artwork import LARGEST
from vocal_explorer.audio.files import write_audio

PICTURE = b"\xff\xd8\xff an encoded picture"


@pytest.fixture
def song(tmp_path: Path) -> Path:
    write_audio(tmp_path / "song.flac", np.full((1, 4410), 0.1, np.float32), 44_100)
    return tmp_path / "song.flac"


def flac_picture() -> Picture:
    picture = Picture()
    picture.data, picture.mime, picture.type = PICTURE, "image/jpeg", 3
    return picture


def test_a_picture_in_flac_is_found(song: Path) -> None:
    file = mutagen.File(song)
    file.add_picture(flac_picture())
    file.save()
    (song.parent / "cover.jpg").write_bytes(b"another")
    assert read_cover(song) == PICTURE


def test_a_picture_in_id3_is_found(song: Path) -> None:
    wav = song.with_suffix(".wav")
    write_audio(wav, np.full((1, 4410), 0.1, np.float32), 44_100)
    file = mutagen.File(wav)
    file.add_tags()
    file.tags.add(APIC(encoding=3, mime="image/jpeg", type=3, desc="", data=PICTURE))
    file.save()
    assert read_cover(wav) == PICTURE


@pytest.mark.parametrize(
    "tags",
    [
        {"covr": [MP4Cover(PICTURE)]},
        {"metadata_block_picture": [base64.b64encode(flac_picture().write()).decode()]},
    ],
)
def test_pictures_in_mp4_and_ogg_are_found(
    tags: dict[str, object], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class File:
        def __init__(self, _path: Path) -> None:
            self.tags = tags

    monkeypatch.setattr("vocal_explorer.audio.artwork.mutagen.File", File)
    assert read_cover(tmp_path / "song.m4a") == PICTURE


@pytest.mark.parametrize("name", ["cover.jpg", "Folder.JPG", "front.png"])
def test_a_picture_beside_the_song_is_found(song: Path, name: str) -> None:
    assert read_cover(song) is None
    (song.parent / "back.jpg").write_bytes(b"the back")
    (song.parent / name).write_bytes(PICTURE)
    assert read_cover(song) == PICTURE


def test_damaged_tags_huge_pictures_and_missing_folders_are_no_cover(song: Path) -> None:
    with (song.parent / "cover.jpg").open("wb") as file:
        file.truncate(LARGEST + 1)
    assert read_cover(song) is None
    song.write_bytes(b"fLaC broken")
    assert read_cover(song) is None
    assert read_cover(song.parent / "gone" / "song.flac") is None
