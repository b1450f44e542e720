import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vocal_explorer.maps.frames import Frames, Projection, aligned, fitted, upright

PLACES = arrays(
    np.float64,
    st.tuples(st.integers(1, 12), st.just(2)),
    elements=st.floats(-1e6, 1e6, width=32),
)


@given(PLACES, st.sampled_from([1.0, 3.0, 20.0]))
def test_anything_fits_the_square(points: np.ndarray, most_stretch: float) -> None:
    made = fitted(points, most_stretch)
    assert ((made.points >= 0) & (made.points <= 1)).all()
    assert (made.extent > 0).all()


def test_the_narrower_axis_is_stretched_but_not_without_end() -> None:
    flat = np.array([(0.0, 0.0), (9.0, 0.3), (4.0, 0.1)])
    assert np.ptp(fitted(flat).points, axis=0) == pytest.approx((1, 0.1))
    assert np.ptp(fitted(2 * flat + 5).points, axis=0) == pytest.approx((1, 0.1))


def test_what_lies_in_a_line_is_put_upright() -> None:
    line = np.array([(0.0, 0.0), (1.0, 1.1), (2.0, 1.9), (3.0, 3.0)])
    along, across = np.ptp(upright(line), axis=0)
    assert along == pytest.approx(np.hypot(3, 3), rel=0.05)
    assert across < 0.2


def test_of_four_ways_to_turn_the_nearest_is_taken(rng: np.random.Generator) -> None:
    points = rng.standard_normal((20, 2)) * (1.0, 4.0) @ np.array([(0.9, 0.4), (-0.4, 0.9)])
    turned = upright(points)
    for axis in (0, 1):
        assert np.corrcoef(points[:, axis], turned[:, axis])[0, 1] > 0.5


def test_old_points_stay_and_new_ones_make_room(rng: np.random.Generator) -> None:
    before = rng.uniform(size=(10, 2))
    before[0], before[1] = (0, 0), (1, 1)
    made = aligned(before * (7, 3) - 2, before)
    np.testing.assert_allclose(made.points, before, atol=1e-9)
    np.testing.assert_allclose(made.extent, (7, 3))
    further = np.vstack((before * (7, 3), [(14.0, 3.0)]))
    wider = aligned(further, np.vstack((before, [(np.nan, np.nan)])))
    np.testing.assert_allclose(wider.points[-1], (1, 1))
    np.testing.assert_allclose(wider.points[:-1], before * (0.5, 1), atol=1e-9)


def test_frames_come_less_often_the_longer_it_takes() -> None:
    now, shown = [0.0], []
    frames = Frames(
        lambda _: shown.append(now[0]),
        lambda points: Projection(points, np.ones(2)),
        clock=lambda: now[0],
    )
    frames.show_now(np.zeros((1, 2)))
    for tick in range(1, 400):
        now[0] = tick / 4
        frames.show(lambda: np.ones((1, 2)))
    pauses = np.diff(shown)
    assert pauses.min() == 0.5
    assert (np.diff(pauses) >= 0).all()
    assert 8 <= pauses.max() <= 11
