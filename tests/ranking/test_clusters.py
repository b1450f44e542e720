import numpy as np
import pytest

from vocal_explorer.base.vectors import unit_rows
from vocal_explorer.ranking.clusters import find_clusters


def blobs(sizes: tuple[int, ...], rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    truth = np.repeat(np.arange(len(sizes)), sizes)
    centres = 6 * np.eye(len(sizes), 24)
    return unit_rows((centres[truth] + rng.normal(0, 0.5, (len(truth), 24))).astype("f4")), truth


def test_groups_that_lie_apart_are_found_biggest_first(rng: np.random.Generator) -> None:
    vectors, truth = blobs((12, 40, 25), rng)
    found = find_clusters(vectors)
    for group, number in ((1, 0), (2, 1), (0, 2)):
        labels = found[truth == group]
        assert set(labels.tolist()) <= {number, -1}
        assert (labels == number).mean() > 0.6


def test_of_many_tracks_a_sample_decides_and_the_rest_joins(rng: np.random.Generator) -> None:
    vectors, truth = blobs((150, 100, 50), rng)
    found = find_clusters(vectors, seed=3, most=60)
    for group in range(3):
        labels = found[truth == group]
        values, counts = np.unique(labels[labels >= 0], return_counts=True)
        assert counts.max() / counts.sum() > 0.95
        assert len(values) >= 1
    np.testing.assert_array_equal(found, find_clusters(vectors, seed=3, most=60))


@pytest.mark.parametrize("n", [0, 1, 5, 6, 9])
def test_few_or_equal_tracks_do_not_break_it(n: int) -> None:
    found = find_clusters(unit_rows(np.ones((n, 8), np.float32)))
    assert found.shape == (n,)
    assert (found >= -1).all()
