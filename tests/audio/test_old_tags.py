"""Tags that are not in Unicode, or where only FFmpeg finds them."""

import logging
from pathlib import Path

import av
import mutagen
import mutagen.id3
import pytest
from sounds import encode, tones, write

from vocal_explorer.audio.files import audio_info, content_id, read_audio
from vocal_explorer.audio.tags import read_tags
from vocal_explorer.base.records.tracks import Tags

RATE = 44_100
RUSSIAN = Tags(title="Группа крови", artist="Кино", album="Альбом", year=1988)


@pytest.fixture
def mp3(tmp_path: Path) -> Path:
    return encode(tmp_path / "song.mp3", "libmp3lame", tones(2, RATE, 0.5), RATE)


def id3v1(tags: Tags, charset: str) -> bytes:
    texts = (tags.title or "", tags.artist or "", tags.album or "")
    fields = b"".join(text.encode(charset)[:30].ljust(30, b"\0") for text in texts)
    return b"TAG" + fields + str(tags.year).encode() + bytes(31)


def test_an_id3v1_tag_in_cyrillic_is_read_and_stops_nothing(
    mp3: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = content_id(mp3)
    mp3.write_bytes(mp3.read_bytes() + id3v1(RUSSIAN, "cp1251"))
    with caplog.at_level(logging.INFO):
        assert read_tags(mp3) == RUSSIAN
    assert "cp1251" in caplog.text
    assert content_id(mp3) == before
    assert audio_info(mp3).n_channels == 2
    assert read_audio(mp3)[1] == RATE


def test_what_id3v2_calls_latin_1_may_be_japanese(mp3: Path) -> None:
    frames = mutagen.id3.ID3()
    wrong = "上を向いて歩こう".encode("cp932").decode("latin-1")
    frames.add(mutagen.id3.TIT2(encoding=0, text=[wrong]))
    frames.save(mp3)
    assert read_tags(mp3).title == "上を向いて歩こう"


def test_vorbis_comments_that_are_no_utf_8(tmp_path: Path) -> None:
    path = write(tmp_path / "song.flac", tones(2, RATE, 0.5), RATE)
    file = mutagen.File(path)
    file["title"] = "x" * 12
    file.save()
    data = path.read_bytes()
    path.write_bytes(data.replace(b"x" * 12, "Группа крови".encode("cp1251")))
    assert read_tags(path).title == "Группа крови"
    assert read_audio(path)[1] == RATE


def test_tags_where_only_ffmpeg_finds_them(tmp_path: Path) -> None:
    for name, container_format in (("song.mka", "matroska"), ("song.wav", "wav")):
        path = tmp_path / name
        with av.open(str(path), "w", format=container_format) as container:
            container.metadata.update({"title": "Song", "artist": "Ann", "date": "20210512"})
            stream = container.add_stream("pcm_s16le", rate=RATE, layout="mono")
            frame = av.AudioFrame.from_ndarray(
                (tones(1, RATE, 0.1) * 32767).astype("int16"), format="s16", layout="mono"
            )
            frame.sample_rate = RATE
            container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        assert read_tags(path) == Tags(title="Song", artist="Ann", year=2021)


@pytest.mark.parametrize(
    ("date", "year"),
    [
        ("20210512", 2021),
        ("2021-05-12", 2021),
        ("12.05.2021", 2021),
        ("202105", 2021),
        ("20210512093000", 2021),
        ("1888", 1888),
        ("123456789", None),
        ("unknown", None),
    ],
)
def test_years_in_all_kinds_of_dates(tmp_path: Path, date: str, year: int | None) -> None:
    path = write(tmp_path / "song.flac", tones(1, RATE, 0.1), RATE)
    file = mutagen.File(path)
    file["date"] = date
    file.save()
    assert read_tags(path).year == year


@pytest.mark.parametrize(
    ("tags", "singers"),
    [
        ({"artist": "Ann feat. Bob"}, ("Ann", "Bob")),
        ({"artist": "Ann (ft. Bob & Cid)"}, ("Ann", "Bob", "Cid")),
        ({"artist": "Ann & Bob featuring Cid"}, ("Ann & Bob", "Cid")),
        ({"artist": "Ann & Bob", "artists": ["Ann", "Bob"]}, ("Ann", "Bob")),
        ({"artist": "Ann", "title": "Song (feat. Bob)"}, ("Ann", "Bob")),
        ({"artist": ["Ann", "Bob"]}, ("Ann", "Bob")),
        ({"artist": "Simon & Garfunkel"}, ()),
        ({"artist": "Featherstone"}, ()),
    ],
)
def test_guests_are_singers_of_their_own(
    tmp_path: Path, tags: dict[str, str | list[str]], singers: tuple[str, ...]
) -> None:
    path = write(tmp_path / "song.flac", tones(1, RATE, 0.1), RATE)
    file = mutagen.File(path)
    file.update(tags)
    file.save()
    assert read_tags(path).artists == singers


def test_artists_one_by_one_in_id3_and_mp4(mp3: Path, tmp_path: Path) -> None:
    frames = mutagen.id3.ID3()
    frames.add(mutagen.id3.TPE1(encoding=3, text=["Ann & Bob"]))
    frames.add(mutagen.id3.TXXX(encoding=3, desc="ARTISTS", text=["Ann", "Bob"]))
    frames.save(mp3)
    m4a = encode(tmp_path / "song.m4a", "aac", tones(1, RATE, 0.2), RATE)
    file = mutagen.File(m4a)
    file["\xa9ART"] = ["Ann & Bob"]
    file["----:com.apple.iTunes:ARTISTS"] = [b"Ann", b"Bob"]
    file.save()
    assert read_tags(mp3).artists == read_tags(m4a).artists == ("Ann", "Bob")


def test_control_characters_stay_in_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "song.flac", tones(1, RATE, 0.1), RATE)
    file = mutagen.File(path)
    file["title"] = "x\x1b]0;owned\x07\x1b[31mred\nand more"
    file["artist"] = "a\x02\u202eb"
    file.save()
    tags = read_tags(path)
    assert (tags.title, tags.artist) == ("x]0;owned[31mred and more", "ab")
