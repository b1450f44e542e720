import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocal_explorer.evaluation.metrics import sdr
from vocal_explorer.evaluation.singer_identification import EmbeddedTracks, top_1
from vocal_explorer.records import Space


@given(decibels=st.floats(-30, 60))
def test_sdr_of_a_known_error(decibels: float) -> None:
    rng = np.random.default_rng(0)
    signal = rng.normal(0, 1, (2, 1000))
    noise = rng.normal(0, 1, (2, 1000))
    noise *= np.sqrt((signal**2).sum() / (noise**2).sum()) * 10 ** (-decibels / 20)
    estimate = (signal + noise).astype(np.float32)
    assert sdr(signal.astype(np.float32), estimate) == pytest.approx(decibels, abs=0.01)


def test_sdr_of_silence_for_the_signal_is_0_db() -> None:
    signal = np.ones((2, 100), np.float32)
    assert sdr(signal, np.zeros_like(signal)) == pytest.approx(0, abs=1e-6)


def naive_top_1(gallery: np.ndarray, queries: np.ndarray, singers: tuple[str, ...]) -> float:
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


def test_top_1_equals_a_plain_loop(rng: np.random.Generator) -> None:
    singers = tuple("aabbccdd")
    vectors = rng.normal(0, 1, (2, 8, 5)) + np.repeat(rng.normal(0, 1, (4, 5)), 2, axis=0)
    vocals, mix = vectors / np.linalg.norm(vectors, axis=2, keepdims=True)
    tracks = EmbeddedTracks(vocals.astype(np.float32), mix.astype(np.float32), singers)
    assert top_1(tracks, Space.M, Space.V) == naive_top_1(mix, vocals, singers)
    assert top_1(tracks, Space.V, Space.V) == naive_top_1(vocals, vocals, singers)


def test_a_singer_with_one_track_is_only_a_distractor() -> None:
    vectors = np.eye(3, dtype=np.float32)[[0, 0, 1]]
    tracks = EmbeddedTracks(vectors, vectors, ("a", "a", "b"))
    assert top_1(tracks, Space.V, Space.V) == 1.0
