import json
from pathlib import Path

import numpy as np
import pytest

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.datasets.kpop_tags import load_kpop_tags, tag_names
from vocal_explorer.datasets.synthetic_annotation import annotate_synthetic
from vocal_explorer.datasets.synthetic_dataset import SyntheticPlan, render_dataset
from vocal_explorer.synthesis.songs import synthetic_song
from vocal_explorer.synthesis.tags import TRAITS, rate

SEED, SECONDS = 4, 22.0


@pytest.fixture(scope="module")
def audio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("audio")
    render_dataset(folder, SyntheticPlan(2, 1, SECONDS, SEED), n_processes=1)
    return folder


def test_the_stand_in_is_read_like_the_real_annotation(audio: Path, tmp_path: Path) -> None:
    assert annotate_synthetic(audio, tmp_path) == 4
    segments = load_kpop_tags(tmp_path, audio)
    assert tag_names(tmp_path) == [trait.tag for trait in TRAITS]
    assert [(s.start, s.duration) for s in segments] == 2 * [(2.0, 10.0), (12.0, 10.0)]
    for number in (0, 1):
        song = synthetic_song(number, 0, seconds=SECONDS, sample_rate=16_000, seed=SEED)
        votes = rate([song.voice])[0]
        expected = tuple(t.tag for t, n in zip(TRAITS, votes, strict=True) if n >= 2)
        found = [segment.tags for segment in segments if segment.track.singer == song.singer]
        assert found == [expected, expected]


def test_the_files_have_the_shapes_of_the_real_ones(audio: Path, tmp_path: Path) -> None:
    annotate_synthetic(audio, tmp_path / "new" / "annotation")
    folder = tmp_path / "new" / "annotation"
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
    assert not list(folder.glob(".*"))


def test_what_cannot_be_described_is_refused(audio: Path, tmp_path: Path) -> None:
    short = tmp_path / "short"
    render_dataset(short, SyntheticPlan(1, 1, 2.0), n_processes=1)
    with pytest.raises(VocalExplorerError, match="12 s of a segment"):
        annotate_synthetic(short, tmp_path / "annotation")
    next(short.rglob("*.json")).unlink()
    with pytest.raises(VocalExplorerError, match="known parameters"):
        annotate_synthetic(short, tmp_path / "annotation")
    (tmp_path / "file").write_text("")
    with pytest.raises(VocalExplorerError, match="cannot be written"):
        annotate_synthetic(audio, tmp_path / "file" / "annotation")
