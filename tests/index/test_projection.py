import numpy as np
import pytest

from vocal_explorer.index.projection import project


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 5, 6, 40])
def test_any_number_of_tracks_has_a_map(n: int, rng: np.random.Generator) -> None:
    points = project(rng.standard_normal((n, 16)).astype(np.float32))
    assert points.shape == (n, 2)
    assert np.isfinite(points).all()
    assert ((points >= 0) & (points <= 1)).all()
    assert len(np.unique(points, axis=0)) == n


@pytest.mark.parametrize("n", [2, 5, 40])
def test_equal_tracks_do_not_break_it(n: int) -> None:
    points = project(np.ones((n, 16), dtype=np.float32))
    assert np.isfinite(points).all()


def test_the_same_embeddings_give_the_same_map(rng: np.random.Generator) -> None:
    vectors = rng.standard_normal((40, 16)).astype(np.float32)
    np.testing.assert_array_equal(project(vectors, seed=3), project(vectors, seed=3))


def test_groups_stay_together(rng: np.random.Generator) -> None:
    centres = np.repeat(np.eye(4, 16) * 5, 15, axis=0)
    points = project((centres + 0.3 * rng.standard_normal((60, 16))).astype(np.float32))
    groups = np.repeat(np.arange(4), 15)
    distances = np.linalg.norm(points[:, None] - points[None], axis=2) + np.eye(60) * 9
    assert (groups[distances.argmin(axis=1)] == groups).mean() > 0.95
