import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vocal_explorer.maps.label_placement import (
    GAPS,
    MARGIN,
    _candidates,
    middle_points,
    place_labels,
)

AREA = (400.0, 300.0)
pixels = st.tuples(st.floats(0, AREA[0]), st.floats(0, AREA[1]))
labels = st.lists(st.tuples(pixels, st.floats(10, 150)), min_size=1, max_size=25)


@given(labels)
def test_names_never_overlap_and_stay_inside(
    labels: list[tuple[tuple[float, float], float]],
) -> None:
    anchors = np.array([anchor for anchor, _ in labels])
    sizes = [(width, 14.0) for _, width in labels]
    placed = place_labels(anchors, sizes, anchors, AREA, 20)
    boxes = [(x, y, x + sizes[i][0], y + sizes[i][1]) for i, (x, y) in placed.items()]
    assert len(boxes) <= 20
    for i, a in enumerate(boxes):
        assert a[0] >= 0
        assert a[1] >= 0
        assert a[2] <= AREA[0]
        assert a[3] <= AREA[1]
        for b in boxes[:i]:
            gap = max(b[0] - a[2], a[0] - b[2], b[1] - a[3], a[1] - b[3])
            assert gap >= MARGIN - 1e-6


def test_a_name_prefers_the_side_without_points() -> None:
    anchor = np.array([[200.0, 150.0]])
    crowd = np.array([[200.0 + dx, 138.0] for dx in range(-40, 41, 8)])
    (_, top), *_ = place_labels(anchor, [(60.0, 14.0)], crowd, AREA, 5).values()
    assert top > 142


def test_the_middle_point_of_a_group_is_one_of_its_points(rng: np.random.Generator) -> None:
    points, groups = rng.random((50, 2)), np.arange(50) % 4
    middles = middle_points(points, groups, 4)
    for group, middle in enumerate(middles):
        members = np.flatnonzero(groups == group)
        far = np.hypot(*(points[members] - points[members].mean(axis=0)).T)
        assert middle == members[far.argmin()]


def test_no_singers_no_middle_points() -> None:
    assert len(middle_points(np.empty((0, 2)), np.empty(0, np.int64), 0)) == 0


@given(st.lists(st.tuples(st.floats(0, 399), st.floats(0, 299)), min_size=1, max_size=40))
def test_a_name_covers_a_point_only_where_all_places_do(points: list) -> None:
    places = np.array(points)
    size = (60.0, 14.0)
    placed = place_labels(places[:1], [size], places, (400.0, 300.0), 1)
    boxes = [
        np.concatenate([corner, np.add(corner, size)])
        for corner in _candidates(places[0], size, GAPS)[:, :2]
    ]

    def covers(box: np.ndarray) -> bool:
        return bool(((places > box[:2]) & (places < box[2:])).all(axis=1).any())

    def far_from_all(box: np.ndarray) -> bool:
        near = ((places > box[:2] - 10.5) & (places < box[2:] + 10.5)).all(axis=1)
        inside = (box[:2] >= 0).all() and (box[2:] <= (400, 300)).all()
        return bool(inside and not near.any())

    if 0 in placed and any(map(far_from_all, boxes)):
        corner = np.array(placed[0])
        assert not covers(np.concatenate([corner, corner + size]))


def test_a_name_without_room_nearby_goes_farther_off_where_that_is_allowed() -> None:
    anchors, size = np.full((17, 2), (200.0, 150.0)), (60.0, 14.0)
    near = place_labels(anchors, [size] * 17, anchors, AREA, 17, gaps=(13.0,))
    farther = place_labels(anchors, [size] * 17, anchors, AREA, 17, gaps=(13.0, 40.0))
    assert len(near) < len(farther)
    assert near.items() <= farther.items()


def test_without_room_there_is_no_name() -> None:
    anchor = np.array([[200.0, 150.0]])
    assert place_labels(anchor, [(500.0, 12.0)], anchor, AREA, 5) == {}
