from pathlib import Path

import pytest
from audio_files import write_files

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.datasets.artist20 import album_folds, load_artist20
from vocal_explorer.datasets.folder import load_folder


def test_both_layouts_and_albums_are_found(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        "Ann/First.mp3",
        "Ann/An Album/Second.FLAC",
        "Bob/Third/mix.wav",
        "Bob/Third/Vocals.wav",
        "Bob/Third/accompaniment.wav",
        "Bob/An Album/Fourth/vocals.opus",
    )
    found = {track.name: track for track in load_folder(tmp_path)}
    assert list(found) == sorted(found)
    assert {name: (track.singer, track.group) for name, track in found.items()} == {
        "Ann/First.mp3": ("Ann", ""),
        "Ann/An Album/Second.FLAC": ("Ann", "An Album"),
        "Bob/Third": ("Bob", ""),
        "Bob/An Album/Fourth": ("Bob", "An Album"),
    }
    assert found["Ann/First.mp3"].mix == tmp_path / "Ann/First.mp3"
    third = found["Bob/Third"]
    assert (third.mix, third.vocals, third.accompaniment) == tuple(
        tmp_path / "Bob/Third" / f"{name}.wav" for name in ("mix", "Vocals", "accompaniment")
    )
    fourth = found["Bob/An Album/Fourth"]
    assert (fourth.mix, fourth.accompaniment) == (None, None)


def test_what_is_no_track_is_left_out(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        "Ann/Song.mp3",
        "Ann/.hidden.mp3",
        ".trash/Old/Song.mp3",
        "Ann/cover.jpg",
        "Ann/singer.json",
        "jingle.mp3",
        "Ann/Instrumental/accompaniment.wav",
    )
    assert [track.name for track in load_folder(tmp_path)] == ["Ann/Song.mp3"]


def test_a_folder_may_be_named_from_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(tmp_path, "music/Ann/Song.mp3")
    monkeypatch.chdir(tmp_path)
    assert load_folder(Path("music"))[0].mix == tmp_path / "music/Ann/Song.mp3"


def test_a_folder_without_tracks_says_what_is_expected(tmp_path: Path) -> None:
    with pytest.raises(VocalExplorerError, match=r"singer/track\.flac"):
        load_folder(tmp_path)


def artist20(folder: Path, n_artists: int = 4, n_albums: int = 6, n_tracks: int = 3) -> Path:
    return write_files(
        folder,
        *(
            f"artist{artist}/album{artist}{album}/{track}.mp3"
            for artist in range(n_artists)
            for album in range(n_albums)
            for track in range(n_tracks)
        ),
    )


def test_every_album_is_tested_once_and_never_trained_on_then(tmp_path: Path) -> None:
    tracks = load_artist20(artist20(tmp_path))
    folds = album_folds(tracks)
    assert len(folds) == 6
    for fold in folds:
        assert {*fold.training, *fold.test} == set(tracks)
        assert len(fold.training) + len(fold.test) == len(tracks)
        assert not {t.group for t in fold.training} & {t.group for t in fold.test}
        albums = {t.singer: {u.group for u in fold.test if u.singer == t.singer} for t in tracks}
        assert [len(names) for names in albums.values()] == [1] * 4
    assert sorted(t.name for fold in folds for t in fold.test) == [t.name for t in tracks]


def test_two_artists_may_have_albums_of_one_name(tmp_path: Path) -> None:
    names = [f"{who}/{album}/1.mp3" for who in ("A", "B") for album in ("Hits", "Live")]
    for fold in album_folds(load_artist20(write_files(tmp_path, *names))):
        assert sorted(t.singer for t in fold.training) == ["A", "B"]


def test_the_artist_with_the_fewest_albums_says_how_many_folds_there_are(tmp_path: Path) -> None:
    artist20(tmp_path, n_artists=2, n_albums=5)
    write_files(tmp_path, "short/one/1.mp3", "short/two/1.mp3", "short/three/1.mp3")
    assert len(album_folds(load_artist20(tmp_path))) == 3


def test_one_album_is_too_little_for_a_fold(tmp_path: Path) -> None:
    write_files(tmp_path, "A/one/1.mp3", "A/two/1.mp3", "B/only/1.mp3")
    with pytest.raises(VocalExplorerError, match="B has only one album"):
        album_folds(load_artist20(tmp_path))


def test_a_track_outside_an_album_is_named(tmp_path: Path) -> None:
    write_files(tmp_path, "A/one/1.mp3", "A/single.mp3")
    with pytest.raises(VocalExplorerError, match=r"single\.mp3 is in no album"):
        load_artist20(tmp_path)
