from pathlib import Path

import mutagen
import mutagen.id3
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sounds import encode, tones, write

from vocal_explorer.audio.files import content_id
from vocal_explorer.audio.tags import guess_label, read_tags
from vocal_explorer.base.records.tracks import Tags

RATE = 44_100
CODECS = {"mp3": "libmp3lame", "m4a": "aac", "opus": "libopus", "wma": "wmav2"}
SUFFIXES = ["mp3", "m4a", "opus", "wma", "flac", "ogg", "wav", "aiff"]
FULL = Tags(title="Où sont les _femmes_", artist="Juvet, Patrick", album="Paris", year=1977)


def song(folder: Path, suffix: str, seed: int = 0) -> Path:
    rate = 48_000 if suffix == "opus" else RATE
    sound = tones(2, rate) + np.float32(0.01 * seed)
    path = folder / f"song{seed}.{suffix}"
    if suffix in CODECS:
        return encode(path, CODECS[suffix], sound, rate)
    return write(path, sound, rate)


def tag(path: Path, tags: Tags) -> None:
    file = mutagen.File(path, easy=True)
    values = [tags.title, tags.artist, tags.album, f"{tags.year}-05-01"]
    if path.suffix in (".wav", ".aiff"):
        file.add_tags()
        frames = ("TIT2", "TPE1", "TALB", "TDRC")
        for frame, value in zip(frames, values, strict=True):
            file.tags.add(getattr(mutagen.id3, frame)(encoding=3, text=[value]))
    else:
        if file.tags is None:
            file.add_tags()
        keys = ["title", "artist", "album", "date"]
        if path.suffix == ".wma":
            keys = ["Title", "Author", "WM/AlbumTitle", "WM/Year"]
        for key, value in zip(keys, values, strict=True):
            file[key] = value
    file.save()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_tags_are_read_and_do_not_change_the_content(tmp_path: Path, suffix: str) -> None:
    path = song(tmp_path, suffix)
    before = content_id(path)
    tag(path, FULL)
    assert read_tags(path) == FULL
    assert content_id(path) == before
    assert content_id(path.rename(tmp_path / f"other name.{suffix}")) == before
    assert content_id(song(tmp_path, suffix, seed=1)) != before


def test_an_ape_tag_behind_an_mp3_does_not_change_the_content(tmp_path: Path) -> None:
    path = song(tmp_path, "mp3")
    before = content_id(path)
    tags = mutagen.apev2.APEv2()
    tags["Title"] = "At the end"
    tags.save(path)
    assert content_id(path) == before


def test_the_content_of_what_cannot_be_decoded_is_the_whole_file(tmp_path: Path) -> None:
    one, same, other = (tmp_path / name for name in ("1.mp3", "2.mp3", "3.mp3"))
    for path, text in ((one, b"text"), (same, b"text"), (other, b"test")):
        path.write_bytes(text * 100)
    assert content_id(one) == content_id(same) != content_id(other)


@pytest.mark.parametrize(
    ("path", "tags", "artist", "title"),
    [
        ("Jonathan_Coulton/Code_Monkey.ogg", Tags(), "Jonathan Coulton", "Code Monkey"),
        ("x/ABBA - Waterloo.mp3", Tags(), "ABBA", "Waterloo"),
        ("x/03 - ABBA - Waterloo.mp3", Tags(), "ABBA", "Waterloo"),
        ("ABBA/03 - Waterloo.mp3", Tags(), "ABBA", "Waterloo"),
        ("ABBA/03. Waterloo.mp3", Tags(), "ABBA", "Waterloo"),
        ("Jay-Z/99 Problems.mp3", Tags(), "Jay-Z", "99 Problems"),
        ("Beyoncé/7-11.mp3", Tags(), "Beyoncé", "7-11"),
        ("ABBA/07.mp3", Tags(), "ABBA", "07"),
        ("x/ABBA - Waterloo.mp3", Tags(artist="ABBA"), "ABBA", "Waterloo"),
        ("x/Live - Waterloo.mp3", Tags(artist="ABBA"), "ABBA", "Live - Waterloo"),
        ("x/ABBA - SOS.mp3", Tags(title="Waterloo"), "ABBA", "Waterloo"),
        ("x/y.mp3", Tags(title="Where_Is", artist="A_B"), "A_B", "Where_Is"),
        ("/y.mp3", Tags(), "Unknown singer", "y"),
    ],
)
def test_label(path: str, tags: Tags, artist: str, title: str) -> None:
    label = guess_label(Path(path), tags)
    assert (label.artist, label.title) == (artist, title)


@given(name=st.text(st.characters(exclude_characters="/\0"), min_size=1), tags=st.just(FULL))
def test_any_name_gets_a_label_and_tags_win(name: str, tags: Tags) -> None:
    label = guess_label(Path("folder") / f"{name}.mp3", Tags(album="A", year=1999))
    assert label.artist
    assert label.title
    assert (label.album, label.year) == ("A", 1999)
    assert guess_label(Path("folder") / f"{name}.mp3", tags) == tags
