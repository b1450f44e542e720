import json
from pathlib import Path

import numpy as np
import pytest

from vocal_explorer.audio.io import audio_info
from vocal_explorer.datasets.artist20 import album_folds, load_artist20
from vocal_explorer.datasets.kpop_tags import load_kpop_tags, tag_names
from vocal_explorer.datasets.synthetic import synthetic_song
from vocal_explorer.datasets.synthetic_sets import render_artist20, render_kpop_tags
from vocal_explorer.datasets.synthetic_tags import TRAITS, rate
from vocal_explorer.progress import Progress


@pytest.fixture(scope="module")
def tagged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tagged")
    sizes = {"n_singers": 2, "n_songs": 1, "seconds": 22.0, "seed": 4}
    render_kpop_tags(folder / "annotation", folder / "audio", **sizes, progress=Progress())
    return folder


def test_the_stand_in_is_read_like_the_real_annotation(tagged: Path) -> None:
    segments = load_kpop_tags(tagged / "annotation", tagged / "audio")
    assert tag_names(tagged / "annotation") == [trait.tag for trait in TRAITS]
    assert [(s.start, s.duration) for s in segments] == 2 * [(2.0, 10.0), (12.0, 10.0)]
    songs = [synthetic_song(singer, 0, seconds=22.0, sample_rate=16_000, seed=4)
             for singer in (0, 1)]  # fmt: skip
    assert [s.track.singer for s in segments[::2]] == [song.singer for song in songs]
    for segment, row in zip(segments[::2], rate([song.voice for song in songs]), strict=True):
        expected = [trait.tag for trait, votes in zip(TRAITS, row, strict=True) if votes >= 2]
        assert list(segment.tags) == expected
    assert segments[0].tags == segments[1].tags
    assert audio_info(segments[0].track.path).seconds == pytest.approx(22.0)


def test_the_files_have_the_shapes_of_the_real_ones(tagged: Path) -> None:
    folder = tagged / "annotation"
    artists, songs, segments = (
        json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("artists", "songs", "segments")
    )
    assert len(artists) == len(songs) == 2
    assert songs[0] == [segments[0]["title"], segments[0]["artist"]]
    assert segments[1] == {**segments[0], "segID": 1, "offset": 12_000}
    ratings = np.load(folder / "ratings.npy")
    assert ratings.shape == (len(segments), len(TRAITS))
    assert set(np.unique(ratings)) <= {0, 1, 2, 3}


def test_a_song_too_short_for_a_segment_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="12 s"):
        render_kpop_tags(tmp_path, tmp_path, n_singers=1, n_songs=1, seconds=11.0,
                         progress=Progress())  # fmt: skip


def test_albums_divide_the_songs_of_each_artist(tmp_path: Path) -> None:
    sizes = {"n_artists": 2, "n_albums": 3, "n_songs": 2, "seconds": 1.0}
    render_artist20(tmp_path, **sizes, progress=Progress())
    tracks = load_artist20(tmp_path)
    assert len(tracks) == 12
    folds = album_folds(tracks)
    assert len(folds) == 3
    assert [len(fold.test) for fold in folds] == [4, 4, 4]
    assert all(len({track.singer for track in fold.test}) == 2 for fold in folds)
