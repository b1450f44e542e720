import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vocal_explorer.ui.maps.lasso import inside

COORDINATE = st.floats(0, 10, width=32)
POINTS = st.lists(st.tuples(COORDINATE, COORDINATE), min_size=1, max_size=20)


@given(POINTS, COORDINATE, COORDINATE, COORDINATE, COORDINATE)
def test_a_rectangle_holds_what_lies_between_its_sides(
    points: list, x0: float, y0: float, x1: float, y1: float
) -> None:
    outline = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
    low, high = np.minimum((x0, y0), (x1, y1)), np.maximum((x0, y0), (x1, y1))
    for point, found in zip(points, inside(np.array(points), outline), strict=True):
        if (low < point).all() and (point < high).all():
            assert found
        if (point < low).any() or (point > high).any():
            assert not found


def test_the_bay_of_a_u_is_outside() -> None:
    outline = np.array([(0, 0), (9, 0), (9, 9), (6, 9), (6, 3), (3, 3), (3, 9), (0, 9)], float)
    points = np.array([(1.5, 6), (7.5, 6), (4.5, 6), (4.5, 1), (12, 1)])
    assert inside(points, outline).tolist() == [True, True, False, True, False]


def test_a_line_holds_nothing() -> None:
    points = np.array([(1.0, 1.0)])
    assert not inside(points, np.array([(0.0, 0.0), (2.0, 2.0)])).any()
    assert not inside(points, np.empty((0, 2))).any()
