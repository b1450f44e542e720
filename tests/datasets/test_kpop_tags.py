import json
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from audio_files import write_files
from places import SHARED

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.records.tracks import Failure
from vocal_explorer.datasets.kpop_tags import is_annotation, load_kpop_tags, tag_names

TAGS = ["Thick", "Thin", "Breathy"]


def annotate(folder: Path, *songs: tuple[str, str], ratings: object = None) -> Path:
    folder.mkdir(parents=True)
    segments = [
        {"title": title, "artist": artist, "segID": number, "offset": 10500 + 10000 * number}
        for artist, title in songs
        for number in range(2)
    ]
    (folder / "segments.json").write_text(json.dumps(segments))
    (folder / "tags.json").write_text(json.dumps(TAGS))
    given = np.tile([[0, 1, 2], [3, 2, 1]], (len(songs), 1)) if ratings is None else ratings
    np.save(folder / "ratings.npy", given)
    return folder


def test_a_tag_holds_where_two_of_three_listeners_found_it(tmp_path: Path) -> None:
    annotation = annotate(tmp_path / "kvt", ("Ann", "Song"))
    audio = write_files(tmp_path / "audio", "Ann - Song.mp3")
    first, second = load_kpop_tags(annotation, audio)
    assert (first.tags, second.tags) == (("Breathy",), ("Thick", "Thin"))
    assert (first.start, second.start, second.duration) == (10.5, 20.5, 10.0)
    assert first.track.mix == audio / "Ann - Song.mp3"
    assert (second.excerpt.start, second.excerpt.seconds) == (20.5, 10.0)
    assert first.excerpt.name != second.excerpt.name
    strict = load_kpop_tags(annotation, audio, threshold=3)
    assert [segment.tags for segment in strict] == [(), ("Thick",)]


@pytest.mark.parametrize(
    ("artist", "title", "file"),
    [
        ("Ann", "Song", "ANN - song.flac"),
        ("Ann", "Song", "03. Ann - Song.mp3"),
        ("Ann", "Song", "Ann/Song.mp3"),
        ("Ann", "Song", "Ann/01 Song.mp3"),
        ("윤하 (YOUNHA)", "우산", "윤하 - 우산.mp3"),
        ("윤하 (YOUNHA)", "우산", "Younha - 우산.mp3"),
        ("윤하", "우산", "윤하 (YOUNHA) - 우산.mp3"),
        ("Jessica (제시카)", "Dear Diary", "제시카 (Jessica) - Dear Diary.mp3"),
        ("가인", "Carrie (The First Day)", "가인 - Carrie.mp3"),
        ("강승윤", "본능적으로", "강승윤 - 본능적으로 (Feat. Swings).mp3"),
        ("Ann", "그것만으로...", "Ann - 그것만으로.mp3"),
        ("Ann", "Don't Stop", "ann - Don’t stop!.mp3"),
        ("Ann", unicodedata.normalize("NFD", "나의 소리"), "Ann - 나의 소리.mp3"),
        ("Ann", "나의 소리", unicodedata.normalize("NFD", "Ann - 나의 소리.mp3")),
    ],
)
def test_songs_are_found_under_sensible_names(
    tmp_path: Path, artist: str, title: str, file: str
) -> None:
    annotation = annotate(tmp_path / "kvt", (artist, title))
    audio = write_files(tmp_path / "audio", file)
    found = load_kpop_tags(annotation, audio)
    assert [segment.track.mix for segment in found] == [audio / file] * 2
    assert found[0].track.singer == artist


def test_another_version_of_a_song_is_another_song(tmp_path: Path) -> None:
    annotation = annotate(tmp_path / "kvt", ("Ann", "Song (Live)"), ("Ann", "Song"))
    audio = write_files(tmp_path / "audio", "Ann - Song (Remix).mp3")
    assert {s.track.name for s in load_kpop_tags(annotation, audio)} == {"Ann - Song"}
    write_files(audio, "Ann - Song.mp3", "Ann - Song (Live).mp3")
    files = {s.track.name: s.track.mix for s in load_kpop_tags(annotation, audio)}
    assert files == {f"Ann - {t}": audio / f"Ann - {t}.mp3" for t in ("Song", "Song (Live)")}


def test_missing_songs_are_named_once(tmp_path: Path) -> None:
    annotation = annotate(tmp_path / "kvt", ("Ann", "Song"), ("Bob", "Lost"))
    audio = write_files(tmp_path / "audio", "Ann - Song.mp3", "Bob - Other.mp3")
    missing: list[Failure] = []
    assert len(load_kpop_tags(annotation, audio, on_missing=missing.append)) == 2
    assert [f.reason for f in missing] == [f"there is no such song in {audio}"]


def test_no_song_at_all_is_one_sentence(tmp_path: Path) -> None:
    annotation = annotate(tmp_path / "kvt", ("Ann", "Song"))
    with pytest.raises(VocalExplorerError, match="none of the 1 annotated songs"):
        load_kpop_tags(annotation, write_files(tmp_path / "audio", "Bob - Song.mp3"))


def test_ratings_that_do_not_fit_are_one_sentence(tmp_path: Path) -> None:
    annotation = annotate(tmp_path / "kvt", ("Ann", "Song"), ratings=np.zeros((3, 3)))
    with pytest.raises(VocalExplorerError, match="2 segments and 3 tags"):
        load_kpop_tags(annotation, write_files(tmp_path / "audio", "Ann - Song.mp3"))
    assert is_annotation(annotation)
    (annotation / "tags.json").unlink()
    assert not is_annotation(annotation)
    with pytest.raises(VocalExplorerError, match=r"tags\.json cannot be read"):
        tag_names(annotation)


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the annotation in ../shared")
def test_the_real_annotation_finds_all_songs_that_are_there(tmp_path: Path) -> None:
    annotation = SHARED / "data" / "kvt"
    songs = json.loads((annotation / "songs.json").read_text(encoding="utf-8"))
    names = [f"{artist}/{title.replace('/', '_')}.mp3" for title, artist in songs]
    missing: list[Failure] = []
    segments = load_kpop_tags(annotation, write_files(tmp_path, *names), on_missing=missing.append)
    assert missing == []
    assert len(segments) == 6787
    assert len({segment.track.singer for segment in segments}) == 112
    tags = [tag for segment in segments for tag in segment.tags]
    assert set(tags) == set(tag_names(annotation))
    assert len(tags) / len(segments) == pytest.approx(22.8, abs=0.05)
