import numpy as np
import pytest

from vocal_explorer.base.vectors import unit_rows
from vocal_explorer.ranking.hubness import (
    MAX_REFERENCES,
    csls,
    hubness,
    mean_neighbour_similarity,
    reference_rows,
)


def naive_mean(vectors: np.ndarray, row: int, references: list[int], k: int) -> float:
    similarities = [float(vectors[row] @ vectors[j]) for j in references if j != row]
    nearest = sorted(similarities, reverse=True)[:k]
    return sum(nearest) / len(nearest)


def naive_hubness(vectors: np.ndarray, k: int, *, corrected: bool) -> tuple[int, float]:
    n = len(vectors)
    r = [naive_mean(vectors, i, list(range(n)), k) for i in range(n)]
    counts = [0] * n
    for i in range(n):
        scores = {}
        for j in range(n):
            if j != i:
                s = float(vectors[i] @ vectors[j])
                scores[j] = 2 * s - r[i] - r[j] if corrected else s
        for j in sorted(scores, key=lambda j: -scores[j])[:k]:
            counts[j] += 1
    mean = sum(counts) / n
    spread = (sum((c - mean) ** 2 for c in counts) / n) ** 0.5
    return max(counts), sum((c - mean) ** 3 for c in counts) / n / spread**3


@pytest.mark.parametrize("corrected", [False, True])
def test_hubness_is_what_a_loop_counts(rng: np.random.Generator, *, corrected: bool) -> None:
    vectors = unit_rows((rng.standard_normal((40, 12)) + 0.4).astype(np.float32))
    found = hubness(vectors, corrected=corrected, k=5)
    most, skewness = naive_hubness(vectors, 5, corrected=corrected)
    assert (found.most, found.n_tracks, found.k) == (most, 40, 5)
    assert found.skewness == pytest.approx(skewness, abs=1e-6)


def test_neighbour_means_are_those_of_a_loop(rng: np.random.Generator) -> None:
    vectors = unit_rows(rng.standard_normal((30, 6)).astype(np.float32))
    references = [1, 4, 5, 9, 20, 29]
    means = mean_neighbour_similarity(vectors, np.array(references), k=3)
    expected = [naive_mean(vectors, row, references, 3) for row in range(30)]
    np.testing.assert_allclose(means, expected, atol=1e-6)


def test_a_planted_hub_is_found_less_often(rng: np.random.Generator) -> None:
    vectors = rng.standard_normal((200, 24)).astype(np.float32)
    vectors[0] = vectors[1:].sum(axis=0)  # near to everything
    vectors += 0.15 * unit_rows(vectors[:1])
    before = hubness(unit_rows(vectors), corrected=False)
    after = hubness(unit_rows(vectors), corrected=True)
    assert after.most < 0.8 * before.most
    assert after.skewness < before.skewness


def test_csls_of_several_queries_is_that_of_each() -> None:
    similarities = np.array([[0.5, 0.2], [0.1, 0.9]], np.float32)
    queries, tracks = np.array([0.3, 0.4], np.float32), np.array([0.2, 0.1], np.float32)
    both = csls(similarities, queries[:, None], tracks)
    for i in range(2):
        np.testing.assert_allclose(both[i], csls(similarities[i], float(queries[i]), tracks))
    np.testing.assert_allclose(both, [[0.5, 0.0], [-0.4, 1.3]], atol=1e-6)


def test_big_libraries_are_sampled_small_ones_are_not(rng: np.random.Generator) -> None:
    marks = rng.integers(0, 2**32, MAX_REFERENCES * 3, dtype=np.uint32)
    there = np.arange(len(marks)) % 8 > 0
    assert reference_rows(marks[:8], there[:8]).tolist() == list(range(1, 8))
    rows = reference_rows(marks, there)
    assert MAX_REFERENCES * 0.5 < len(rows) <= MAX_REFERENCES
    assert there[rows].all()


def test_a_sample_grows_with_its_library_and_keeps_what_it_has(rng: np.random.Generator) -> None:
    marks = rng.integers(0, 2**32, MAX_REFERENCES * 3, dtype=np.uint32)
    before, after = (
        set(reference_rows(marks[:n], np.ones(n, np.bool_)).tolist()) for n in (9000, 10_000)
    )
    assert before < after


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_few_tracks_have_a_hubness(n: int) -> None:
    vectors = unit_rows(np.ones((n, 4), np.float32))
    found = hubness(vectors, corrected=True)
    assert found.n_tracks == n
    assert np.isfinite(found.skewness)
