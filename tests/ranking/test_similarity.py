import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vocal_explorer.base.records.ranking import Space
from vocal_explorer.base.vectors import unit_rows
from vocal_explorer.ranking.similarity import best, blend_vectors, cosine, space_vectors

VECTORS = arrays(np.float32, (5, 4), elements=st.integers(-100, 100))


def naive_cosine(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.dot(a, b) / (np.linalg.norm(a) * np.linalg.norm(b)))


def test_each_space_is_what_the_paper_says(rng: np.random.Generator) -> None:
    vocals = rng.standard_normal((6, 8)).astype(np.float32)
    mix = rng.standard_normal((6, 8)).astype(np.float32)
    v, m = unit_rows(vocals), unit_rows(mix)
    expected = {
        Space.V: vocals,
        Space.M: mix,
        Space.SUM: v + m,
        Space.JOINT: np.concatenate((m, v), axis=1),
    }
    for space, vectors in expected.items():
        rows = space_vectors(vocals, mix, space)
        for i in range(6):
            for j in range(6):
                similarity = cosine(rows[i], rows)[j]
                assert similarity == pytest.approx(naive_cosine(vectors[i], vectors[j]), abs=1e-5)


@given(VECTORS, VECTORS, st.sampled_from(list(Space)))
def test_similarities_are_cosines_and_never_nan(
    vocals: np.ndarray, mix: np.ndarray, space: Space
) -> None:
    rows = space_vectors(vocals, mix, space)
    similarities = cosine(rows[0], rows)
    assert np.isfinite(similarities).all()
    assert (np.abs(similarities) <= 1 + 1e-5).all()


@given(VECTORS, st.floats(0.01, 100))
def test_loudness_of_an_embedding_does_not_matter(vectors: np.ndarray, factor: float) -> None:
    np.testing.assert_allclose(
        unit_rows(vectors * np.float32(factor)), unit_rows(vectors), atol=1e-5
    )


def test_best_ranks_leaves_out_and_cuts() -> None:
    similarities = np.array([0.1, 0.9, -np.inf, 0.9, 0.5], dtype=np.float32)
    assert best(similarities, 10).tolist() == [1, 3, 4, 0]
    assert best(similarities, 2).tolist() == [1, 3]
    assert best(similarities, 0).tolist() == []
    assert best(np.empty(0, np.float32), 3).tolist() == []


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 1.0])
def test_a_blend_is_the_weighted_mean_of_both_similarities(
    rng: np.random.Generator, share: float
) -> None:
    vocals = rng.standard_normal((6, 8)).astype(np.float32)
    mix = rng.standard_normal((6, 8)).astype(np.float32)
    rows = blend_vectors(vocals, mix, share)
    for i in range(6):
        for j in range(6):
            v, m = naive_cosine(vocals[i], vocals[j]), naive_cosine(mix[i], mix[j])
            expected = share * v + (1 - share) * m
            assert cosine(rows[i], rows)[j] == pytest.approx(expected, abs=1e-5)


def test_half_a_blend_is_the_joint_space_of_the_evaluation(rng: np.random.Generator) -> None:
    vocals, mix = rng.standard_normal((2, 6, 8)).astype(np.float32)
    np.testing.assert_allclose(
        blend_vectors(vocals, mix, 0.5), space_vectors(vocals, mix, Space.JOINT), atol=1e-6
    )
