from pathlib import Path

import numpy as np
import pytest
from library_fakes import RATE, tone

from vocal_explorer.audio.files import write_audio
from vocal_explorer.base.errors import AudioFileError, VocalExplorerError
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.datasets.labelled import LabelledTrack
from vocal_explorer.datasets.manifest import is_validation
from vocal_explorer.evaluation.embeddings import EmbeddedDataset
from vocal_explorer.evaluation.tasks.leave_one_out import (
    BalancedExcerpts,
    accuracy_table,
    leave_one_out,
    validation_tracks,
)


def dataset(vocals: np.ndarray, mix: np.ndarray, singers: str, groups: str) -> EmbeddedDataset:
    tracks = tuple(
        LabelledTrack(str(n), singer, Path("x"), group=group)
        for n, (singer, group) in enumerate(zip(singers, groups, strict=True))
    )
    segments = tuple(
        {Domain.VOCALS: v[np.newaxis], Domain.MIX: m[np.newaxis]}
        for v, m in zip(vocals, mix, strict=True)
    )
    return EmbeddedDataset(tracks, segments)


def naive_top_1(gallery: np.ndarray, queries: np.ndarray, singers: str) -> float:
    hits = []
    for q, singer in enumerate(singers):
        models = {}
        for name in set(singers):
            rows = [gallery[i] for i, s in enumerate(singers) if s == name and i != q]
            if rows:
                models[name] = np.mean(rows, axis=0)
        scores = {n: queries[q] @ m / np.linalg.norm(m) for n, m in models.items()}
        hits.append(max(scores, key=scores.__getitem__) == singer)
    return float(np.mean(hits))


def test_each_group_equals_a_plain_loop(rng: np.random.Generator) -> None:
    vectors = rng.normal(0, 1, (2, 16, 5)) + np.repeat(rng.normal(0, 1, (8, 5)), 2, axis=0)
    vocals, mix = (vectors / np.linalg.norm(vectors, axis=2, keepdims=True)).astype(np.float32)
    table = accuracy_table(leave_one_out(dataset(vocals, mix, "aabbccdd" * 2, "x" * 8 + "y" * 8)))
    for group, rows in (("x", slice(0, 8)), ("y", slice(8, 16))):
        v, m = vocals[rows], mix[rows]
        assert table[group]["M->V"] == naive_top_1(m, v, "aabbccdd")
        assert table[group]["V->V"] == naive_top_1(v, v, "aabbccdd")
        assert table[group]["chance"] == 0.25
    assert table["mean"]["V->V"] == (table["x"]["V->V"] + table["y"]["V->V"]) / 2


def test_a_singer_with_one_track_is_only_a_distractor() -> None:
    vectors = np.eye(4, dtype=np.float32)[[0, 0, 1, 1, 2]]
    found = leave_one_out(dataset(vectors, vectors, "aabbc", "xxxxx"))["x"]
    assert found.singers == tuple("aabb")
    assert found.n_candidates == 3
    assert found.accuracy("V->V", 1).mean == 1.0


def test_nobody_to_tell_apart_is_one_sentence() -> None:
    vectors = np.eye(3, dtype=np.float32)
    with pytest.raises(VocalExplorerError, match="no two singers"):
        leave_one_out(dataset(vectors, vectors, "aab", "xxx"))


def test_excerpts_are_mixed_at_0_db(tmp_path: Path) -> None:
    for name, sound in (("v", tone(200, 2.0)), ("a", 0.1 * tone(2000, 0.5))):
        write_audio(tmp_path / f"{name}.wav", sound, RATE)
    track = LabelledTrack("t", "Ann", vocals=tmp_path / "v.wav", accompaniment=tmp_path / "a.wav")
    signals = BalancedExcerpts().load(track, Progress())
    music = signals.mix - signals.vocals
    assert np.sqrt(np.mean(music**2)) == pytest.approx(np.sqrt(np.mean(signals.vocals**2)), 0.01)
    assert signals.mix.shape == (1, 2 * RATE)
    with pytest.raises(AudioFileError, match="accompaniment are needed"):
        BalancedExcerpts().load(LabelledTrack("t", "Ann", tmp_path / "v.wav"), Progress())


def test_only_validation_singers_of_comparable_sources_are_judged(tmp_path: Path) -> None:
    kept = [name for name in (f"singer{n}" for n in range(200)) if is_validation(name)][:3]
    known = next(name for name in (f"known{n}" for n in range(9)) if not is_validation(name))
    rows = ["path,singer,domain,source,licence,seconds"]
    for singer, source in ((kept[0], "x"), (kept[1], "x"), (kept[2], "y"), (known, "x")):
        rows += [f"{singer}/{n}.wav,{singer},vocals,{source},l,9" for n in range(2)]
    rows += ["m/1.wav,band,accompaniment,loops,l,9"]
    (tmp_path / "manifest.csv").write_text("\n".join(rows))
    tracks = validation_tracks(tmp_path)
    assert sorted({track.singer for track in tracks}) == sorted(kept[:2])
    assert {track.accompaniment for track in tracks} == {tmp_path / "m/1.wav"}
    (tmp_path / "manifest.csv").write_text("\n".join(rows[:3]))
    with pytest.raises(VocalExplorerError, match="two validation singers"):
        validation_tracks(tmp_path)
