from pathlib import Path

import numpy as np
import pytest

from vocal_explorer.audio.files import read_audio
from vocal_explorer.base.errors import Cancelled, VocalExplorerError
from vocal_explorer.base.progress import Control, Progress
from vocal_explorer.datasets.artist20 import album_folds, load_artist20
from vocal_explorer.datasets.folder import load_folder
from vocal_explorer.datasets.labelled import LabelledTrack
from vocal_explorer.datasets.synthetic_dataset import (
    SyntheticPlan,
    render_dataset,
    song_facts,
)
from vocal_explorer.synthesis.names import singer_name
from vocal_explorer.synthesis.songs import synthetic_song


def stamps(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*.flac")}


def test_a_dataset_has_the_planned_songs_and_says_what_they_were_made_from(tmp_path: Path) -> None:
    plan = SyntheticPlan(n_singers=2, n_songs=2, seconds=1.5, seed=3, first_singer=7)
    assert render_dataset(tmp_path, plan, n_processes=2) == 4
    tracks = load_folder(tmp_path)
    assert sorted({track.singer for track in tracks}) == sorted(singer_name(n, 3) for n in (7, 8))
    assert {(f["singer"], f["song"]) for f in map(song_facts, tracks)} == set(plan.songs())
    for track in tracks:
        facts = song_facts(track)
        song = synthetic_song(facts["singer"], facts["song"], seconds=1.5, seed=3)
        np.testing.assert_allclose(read_audio(track.path)[0], song.mix, atol=1e-4)
        assert facts["voice"]["breath"] == song.voice.breath
        assert facts["pitches"] == [note.pitch for note in song.notes]


def test_what_is_whole_is_not_rendered_again(tmp_path: Path) -> None:
    plan = SyntheticPlan(n_singers=1, n_songs=3, seconds=1.0, stems=True)
    assert render_dataset(tmp_path, plan, n_processes=1) == 3
    before = stamps(tmp_path)
    facts = sorted(tmp_path.rglob("*.json"))
    facts[0].unlink()  # as if stopped before the song was whole
    assert render_dataset(tmp_path, plan, n_processes=1) == 1
    after = stamps(tmp_path)
    changed = {path.parent for path in before if after[path] != before[path]}
    assert changed == {facts[0].parent}
    tracks = load_folder(tmp_path)
    assert all(t.mix and t.vocals and t.accompaniment and song_facts(t) for t in tracks)
    longer = SyntheticPlan(n_singers=1, n_songs=3, seconds=1.2, stems=True)
    assert render_dataset(tmp_path, longer, n_processes=1) == 3


def test_albums_make_folds(tmp_path: Path) -> None:
    plan = SyntheticPlan(n_singers=2, n_songs=4, seconds=1.0, n_albums=2)
    render_dataset(tmp_path, plan, n_processes=2)
    folds = album_folds(load_artist20(tmp_path))
    assert [(len(fold.training), len(fold.test)) for fold in folds] == [(4, 4), (4, 4)]


def test_a_stopped_rendering_goes_on(tmp_path: Path) -> None:
    control = Control()
    stop = Progress(lambda fraction, _name: control.cancel() if fraction else None, control)
    plan = SyntheticPlan(n_singers=1, n_songs=8, seconds=1.0)
    with pytest.raises(Cancelled):
        render_dataset(tmp_path, plan, n_processes=1, progress=stop)
    n_done = len(list(tmp_path.rglob("*.json")))
    assert 0 < n_done < 8
    assert render_dataset(tmp_path, plan, n_processes=1) == 8 - n_done


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(VocalExplorerError, match="folder cannot be made"):
        render_dataset(tmp_path / "taken", SyntheticPlan(1, 1, 1.0), n_processes=1)


def test_other_tracks_have_no_facts(tmp_path: Path) -> None:
    with pytest.raises(VocalExplorerError, match="not rendered from known parameters"):
        song_facts(LabelledTrack("a", "Ann", tmp_path / "a.mp3"))
