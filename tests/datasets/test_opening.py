from collections import Counter
from pathlib import Path

import pytest
from audio_files import write_files
from library_fakes import FakeEmbedder, FakeSeparator, write_song

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.records.tracks import Failure
from vocal_explorer.datasets.library import load_library
from vocal_explorer.datasets.manifest import labelled_tracks, load_manifest
from vocal_explorer.datasets.opening import open_dataset
from vocal_explorer.session import Session

HEADER = "path,singer,domain,source,licence,seconds\n"


def library(folder: Path, music: Path) -> Session:
    session = Session(
        folder,
        make_separator=lambda _name: FakeSeparator(),
        make_embedder=lambda _folder: FakeEmbedder(),
    )
    session.scans.run([music])
    return session


def test_a_library_gives_its_labels_and_files(tmp_path: Path) -> None:
    music = tmp_path / "music"
    tagged = write_song(music / "x" / "one.flac", 200, artist="Ann", title="One")
    named = write_song(music / "x" / "Bob - Two.flac", 300)
    session = library(tmp_path / "library", music)
    relabelled = session.library.find("one")
    session.labels.change([relabelled.track_id], ["Anna"])
    session.close()
    tracks = {track.mix: track for track in open_dataset(tmp_path / "library")}
    assert {path: track.singer for path, track in tracks.items()} == {tagged: "Anna", named: "Bob"}
    assert tracks[tagged].name == relabelled.track_id


def test_tracks_whose_file_is_gone_are_named(tmp_path: Path) -> None:
    music = tmp_path / "music"
    gone, moved = write_song(music / "a.flac", 200), write_song(music / "b.flac", 300)
    write_song(music / "copy of b.flac", 300)
    library(tmp_path / "library", music).close()
    gone.unlink()
    moved.unlink()
    missing: list[Failure] = []
    tracks = load_library(tmp_path / "library", missing.append)
    assert [track.mix for track in tracks] == [music / "copy of b.flac"]
    assert [failure.path for failure in missing] == [gone]


def test_a_folder_without_a_library_stays_without_one(tmp_path: Path) -> None:
    with pytest.raises(VocalExplorerError, match="no library"):
        load_library(tmp_path)
    assert list(tmp_path.iterdir()) == []


def manifest(folder: Path, *rows: str) -> Path:
    (folder / "manifest.csv").write_text(HEADER + "".join(f"{row},CC0,9\n" for row in rows))
    return folder


def test_a_manifest_gives_songs_with_their_own_accompaniment(tmp_path: Path) -> None:
    manifest(
        tmp_path,
        "s/1/accompaniment.opus,Ann,accompaniment,src",
        "s/1/vocals.opus,Ann,vocals,src",
        "t/Song.mp3,Bob,mix,tagged",
        "u/talk.opus,Cat,speech,said",
        "m/loop.opus,band,accompaniment,loops",
    )
    own, mix = open_dataset(tmp_path)
    assert (own.name, own.singer, own.group) == ("s/1", "Ann", "src")
    assert (own.vocals, own.accompaniment) == (
        tmp_path / "s/1/vocals.opus",
        tmp_path / "s/1/accompaniment.opus",
    )
    assert (mix.name, mix.mix, mix.vocals) == ("t/Song", tmp_path / "t/Song.mp3", None)


def test_lone_vocals_get_an_accompaniment_by_seed(tmp_path: Path) -> None:
    voices = [f"v/{n}.opus,Ann,vocals,src" for n in range(60)]
    music = [f"m/{n}.opus,band,accompaniment,loops" for n in range(3)]
    manifest(tmp_path, *voices, *music)
    first, again, other = (open_dataset(tmp_path, seed=seed) for seed in (1, 1, 2))
    assert first == again != other
    counts = Counter(track.accompaniment for track in first)
    assert len(counts) == 3
    assert min(counts.values()) > 8
    alone = labelled_tracks(load_manifest(tmp_path), tmp_path, music=[])
    assert {track.accompaniment for track in alone} == {None}


def test_kinds_are_told_apart(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "folder", "Ann/album/Song.mp3")
    assert open_dataset(folder)[0].group == open_dataset(folder, "artist20")[0].group == "album"
    track_id = "TRAAAAA128F0000001"
    lists = write_files(tmp_path / "msd", f"{track_id}.mp3")
    (lists / "train.csv").write_text(f"track_id,singer\n{track_id},Ann\n")
    for path in (lists, lists / "train.csv"):
        assert open_dataset(path)[0].name == track_id
    elsewhere = write_files(tmp_path / "audio", f"A/{track_id}.flac")
    found = open_dataset(lists, "msd-singer", audio=elsewhere)
    assert found[0].mix == elsewhere / "A" / f"{track_id}.flac"
    tags = write_files(tmp_path / "kvt", "ratings.npy", "segments.json", "tags.json")
    with pytest.raises(VocalExplorerError, match="vocal-tagging"):
        open_dataset(tags)
