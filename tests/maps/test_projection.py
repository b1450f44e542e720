import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vocal_explorer.base.errors import Cancelled
from vocal_explorer.base.progress import Control, Progress
from vocal_explorer.base.vectors import unit_rows
from vocal_explorer.maps.forces import FFT_FROM, Phase, attraction, let_act
from vocal_explorer.maps.frames import Projection, fitted
from vocal_explorer.maps.neighbours import Neighbours
from vocal_explorer.maps.principal import principal_plane
from vocal_explorer.maps.projection import Effort, median_movement, project, project_further


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 9, 10, 40])
def test_any_number_of_tracks_has_a_map(n: int, rng: np.random.Generator) -> None:
    points = project(rng.standard_normal((n, 16)).astype(np.float32)).points
    assert points.shape == (n, 2)
    assert np.isfinite(points).all()
    assert ((points >= 0) & (points <= 1)).all()
    assert len(np.unique(points, axis=0)) == n


@pytest.mark.parametrize("n", [2, 10, 40])
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


def neighbours_kept(vectors: np.ndarray, points: np.ndarray, k: int = 10) -> float:
    """Return the share of the k most similar that are among the k nearest on the map."""
    units = unit_rows(vectors)
    similar = units @ units.T
    near = -np.linalg.norm(points[:, None] - points[None], axis=2)
    for matrix in (similar, near):
        np.fill_diagonal(matrix, -np.inf)
    pairs = zip(*(np.argpartition(-m, k, axis=1)[:, :k] for m in (similar, near)), strict=True)
    return float(np.mean([len(set(a) & set(b)) / k for a, b in pairs]))


def singers(n: int, rng: np.random.Generator) -> np.ndarray:
    middles = rng.standard_normal((n // 15, 32))
    chosen = rng.integers(0, len(middles), n)
    return (middles[chosen] + 0.5 * rng.standard_normal((n, 32))).astype(np.float32)


def test_neighbours_stay_neighbours_far_better_than_on_the_principal_plane(
    rng: np.random.Generator,
) -> None:
    vectors = singers(400, rng)
    kept = neighbours_kept(vectors, project(vectors).points)
    assert kept > 0.5
    assert kept > 2 * neighbours_kept(vectors, principal_plane(vectors))


@pytest.mark.parametrize("n", [3, 4, 9, 10, 12, 30])
def test_a_map_of_few_tracks_is_no_thin_line(n: int, rng: np.random.Generator) -> None:
    for _ in range(3):
        points = project(rng.standard_normal((n, 16)).astype(np.float32)).points
        longest, shortest = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
        assert shortest > 0.3 * longest


@settings(max_examples=25, deadline=None)
@given(
    n=st.integers(0, 15),
    d=st.integers(1, 6),
    values=st.sampled_from(["normal", "tiny", "huge", "zeros", "ones", "few", "line"]),
    seed=st.integers(0, 99),
)
def test_no_input_leaves_the_square(n: int, d: int, values: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    normal = rng.standard_normal((n, d))
    vectors = {
        "normal": normal,
        "tiny": 1e-30 * normal,
        "huge": 1e18 * normal,
        "zeros": np.zeros((n, d)),
        "ones": np.ones((n, d)),
        "few": np.eye(d)[rng.integers(0, min(2, d), n)],
        "line": 1 + 0.1 * np.outer(np.arange(n), np.ones(d)) * np.arange(d),
    }[values].astype(np.float32)
    points = project(vectors).points
    assert points.shape == (n, 2)
    assert ((points >= 0) & (points <= 1)).all()
    before = Projection(np.vstack((points[: n - 1], np.full((min(n, 1), 2), np.nan))), np.ones(2))
    after = project_further(vectors, before).points
    assert after.shape == (n, 2)
    assert ((after >= 0) & (after <= 1)).all()


def test_maps_so_far_are_shown_and_progress_only_grows(rng: np.random.Generator) -> None:
    told, frames = [], []
    vectors = singers(300, rng)
    made = project(
        vectors, progress=Progress(lambda fraction, _: told.append(fraction)), show=frames.append
    )
    assert told == sorted(told)
    assert told[0] == 0
    assert told[-1] == 1
    np.testing.assert_allclose(frames[0], fitted(principal_plane(vectors)).points)
    for points in frames:
        assert points.shape == (300, 2)
        assert ((points >= 0) & (points <= 1)).all()
    np.testing.assert_array_equal(made.points, project(vectors).points)


@pytest.mark.parametrize("share", [0.0, 0.15, 0.6, 0.99])
def test_a_map_is_cancelled_wherever_it_is(share: float, rng: np.random.Generator) -> None:
    control, told = Control(), []

    def listen(fraction: float, _message: str) -> None:
        told.append(fraction)
        if fraction >= share:
            control.cancel()

    with pytest.raises(Cancelled):
        project(singers(200, rng), progress=Progress(listen, control))
    assert told[-1] < share + 0.1
    assert sum(fraction >= share for fraction in told) == 1


def test_of_more_tracks_than_move_the_others_follow(rng: np.random.Generator) -> None:
    vectors, groups = grouped(50, rng)
    frames, told = [], []
    progress = Progress(lambda fraction, _: told.append(fraction))
    made = project(vectors, effort=Effort(most=120), progress=progress, show=frames.append)
    assert told == sorted(told)
    assert made.points.shape == frames[0].shape == (300, 2)
    distances = np.linalg.norm(made.points[:, None] - made.points[None], axis=2)
    np.fill_diagonal(distances, 9)
    assert (groups[distances.argmin(axis=1)] == groups).mean() > 0.95


def test_few_that_join_a_large_map_move_nobody(rng: np.random.Generator) -> None:
    vectors, groups = grouped(50, rng)
    large = Effort(still_from=200, loose=0.1)
    old = project(vectors[:290])
    points = np.vstack((old.points, np.full((10, 2), np.nan)))
    joined = project_further(vectors, Projection(points, old.extent), effort=large)
    np.testing.assert_array_equal(joined.points[:290], old.points)
    assert joined.n_loose == 10
    distances = np.linalg.norm(joined.points[290:, None] - old.points[None], axis=2)
    assert (groups[distances.argmin(axis=1)] == groups[290:]).all()


def test_when_many_joined_one_by_one_all_find_their_places_again(
    rng: np.random.Generator,
) -> None:
    vectors, _ = grouped(50, rng)
    large = Effort(still_from=200, loose=0.1)
    now, moves = project(vectors[:260]), []
    for n in range(270, 301, 10):
        before = np.vstack((now.points, np.full((10, 2), np.nan)))
        now = project_further(
            vectors[:n], Projection(before, now.extent, now.n_loose), effort=large
        )
        moves.append(median_movement(before, now.points))
    assert moves[0] == moves[1] == 0
    assert 0 < moves[2] < 0.06
    assert now.n_loose == 10


def test_the_grid_for_many_tracks_lays_out_groups_too(rng: np.random.Generator) -> None:
    vectors, groups = grouped(FFT_FROM // 6 + 1, rng)
    units = unit_rows(vectors)
    near = Neighbours(units, len(units), Progress()).nearest(units, 15, Progress(), are_own=True)
    start = 1e-4 * fitted(principal_plane(vectors)).points
    steps = (Phase(20, 12.0), Phase(10))
    forces = attraction(*near, Progress())
    places = [let_act(forces, start, steps, Progress(), lambda points: None) for _ in range(2)]
    np.testing.assert_array_equal(*places)
    middles = np.array([places[0][groups == group].mean(axis=0) for group in range(6)])
    nearest = np.linalg.norm(places[0][:, None] - middles[None], axis=2).argmin(axis=1)
    assert (nearest == groups).mean() > 0.9
