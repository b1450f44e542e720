import numpy as np
import pytest

from vocal_explorer.maps.frames import Projection
from vocal_explorer.maps.projection import median_movement, project, project_further


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 5, 6, 40])
def test_any_number_of_tracks_has_a_map(n: int, rng: np.random.Generator) -> None:
    points = project(rng.standard_normal((n, 16)).astype(np.float32)).points
    assert points.shape == (n, 2)
    assert np.isfinite(points).all()
    assert ((points >= 0) & (points <= 1)).all()
    assert len(np.unique(points, axis=0)) == n


@pytest.mark.parametrize("n", [2, 5, 40])
def test_equal_tracks_do_not_break_it(n: int) -> None:
    points = project(np.ones((n, 16), dtype=np.float32)).points
    assert np.isfinite(points).all()


def test_the_same_embeddings_give_the_same_map(rng: np.random.Generator) -> None:
    vectors = rng.standard_normal((40, 16)).astype(np.float32)
    np.testing.assert_array_equal(project(vectors, seed=3).points, project(vectors, seed=3).points)


def test_groups_stay_together(rng: np.random.Generator) -> None:
    centres = np.repeat(np.eye(4, 16) * 5, 15, axis=0)
    points = project((centres + 0.3 * rng.standard_normal((60, 16))).astype(np.float32)).points
    groups = np.repeat(np.arange(4), 15)
    distances = np.linalg.norm(points[:, None] - points[None], axis=2) + np.eye(60) * 9
    assert (groups[distances.argmin(axis=1)] == groups).mean() > 0.95


def grouped(n_each: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    groups = np.tile(np.arange(6), n_each)
    vectors = 5 * np.eye(6, 16)[groups] + rng.standard_normal((len(groups), 16))
    return vectors.astype(np.float32), groups


@pytest.mark.parametrize("n_new", [1, 30, 100])
def test_new_tracks_join_and_the_others_stay(n_new: int, rng: np.random.Generator) -> None:
    vectors, groups = grouped(40, rng)
    n_old = len(vectors) - n_new
    old = project(vectors[:n_old])
    before = np.full((len(vectors), 2), np.nan)
    before[:n_old] = old.points
    after = project_further(vectors, Projection(before, old.extent))
    moved = median_movement(before, after.points)
    assert moved < 0.05
    assert moved < 0.5 * median_movement(before, project(vectors).points)
    assert ((after.points >= 0) & (after.points <= 1)).all()
    distances = np.linalg.norm(after.points[:, None] - after.points[None], axis=2)
    np.fill_diagonal(distances, 9)
    assert (groups[distances.argmin(axis=1)] == groups)[n_old:].mean() > 0.9


def test_many_small_steps_do_not_lose_the_map(rng: np.random.Generator) -> None:
    vectors, groups = grouped(25, rng)
    now = project(vectors[:100])
    for n in range(110, 151, 10):
        before = np.full((n, 2), np.nan)
        before[: n - 10] = now.points
        now = project_further(vectors[:n], Projection(before, now.extent))
        assert median_movement(before, now.points) < 0.06
    assert np.ptp(now.points, axis=0).min() > 0.5
    distances = np.linalg.norm(now.points[:, None] - now.points[None], axis=2)
    np.fill_diagonal(distances, 9)
    assert (groups[distances.argmin(axis=1)] == groups).mean() > 0.9


def test_too_little_is_no_start(rng: np.random.Generator) -> None:
    vectors, _ = grouped(5, rng)
    before = np.full((30, 2), np.nan)
    before[:6] = rng.uniform(size=(6, 2))
    fresh = project(vectors)
    np.testing.assert_array_equal(
        project_further(vectors, Projection(before, np.ones(2))).points, fresh.points
    )
    before = np.full((30, 2), 0.5)
    np.testing.assert_array_equal(
        project_further(vectors, Projection(before, np.ones(2))).points, fresh.points
    )
    assert (
        project_further(
            np.empty((0, 4), np.float32), Projection(np.empty((0, 2)), np.ones(2))
        ).points.size
        == 0
    )


def test_movement_is_that_of_the_middle_point() -> None:
    before = np.array([(0.0, 0.0), (0.5, 0.5), (1.0, 1.0), (np.nan, np.nan)])
    after = np.array([(0.0, 0.1), (0.5, 0.5), (0.7, 0.6), (0.2, 0.2)])
    assert median_movement(before, after) == pytest.approx(0.1)
