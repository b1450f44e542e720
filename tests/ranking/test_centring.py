"""What a library has in common goes; what tells its voices apart stays."""

import numpy as np

from vocal_explorer.base.vectors import unit_rows
from vocal_explorer.ranking.centring import centred, common_part


def library(rng: np.random.Generator, n_voices: int, n_songs: int, offset: float) -> np.ndarray:
    voices = np.repeat(unit_rows(rng.normal(size=(n_voices, 64))), n_songs, axis=0)
    songs = voices + rng.normal(0, 0.02, voices.shape)
    songs[:, 0] += offset
    return unit_rows(songs)


def test_what_all_have_in_common_goes(rng: np.random.Generator) -> None:
    vectors = library(rng, 80, 2, 1.0)
    left = centred(vectors, common_part(vectors))
    np.testing.assert_allclose(np.linalg.norm(left, axis=1), 1, atol=1e-5)
    assert (vectors @ vectors.T).mean() > 0.4
    assert abs((left @ left.T).mean()) < 0.05


def test_of_few_voices_little_is_taken_off(rng: np.random.Generator) -> None:
    few, many = (np.linalg.norm(common_part(library(rng, n, 3, 1.0))) for n in (2, 100))
    assert few < 0.2 < 0.6 < many


def test_an_act_of_many_songs_counts_little_more_than_others(rng: np.random.Generator) -> None:
    vectors = library(rng, 40, 1, 0.0)
    act = unit_rows(vectors[:1] + rng.normal(0, 0.02, (300, 64)))
    common = common_part(np.concatenate([vectors, act]))
    assert common @ vectors[0] < 0.15


def test_nothing_becomes_nan(rng: np.random.Generator) -> None:
    assert not common_part(np.zeros((0, 8), np.float32)).any()
    nothing = np.zeros((3, 8), np.float32)
    assert not common_part(nothing).any()
    some = np.concatenate([nothing, library(rng, 5, 1, 1.0)[:, :8]]).astype(np.float32)
    left = centred(some, common_part(some))
    assert np.isfinite(left).all()
    assert not left[:3].any()
