import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from vocal_explorer.maps.label_placement import Frame, place_labels

FRAME = Frame(0, 0, 400, 300)


@given(st.integers(1, 40), st.integers(0, 1000))
@settings(max_examples=25)
def test_placed_labels_cover_neither_each_other_nor_points(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    anchors = rng.uniform((0, 0), (400, 300), (n, 2))
    sizes = np.stack((rng.uniform(20, 90, n), np.full(n, 12.0)), axis=1)
    middles = place_labels(anchors, sizes, anchors, FRAME)
    placed = np.flatnonzero(~np.isnan(middles[:, 0]))
    low, high = middles - sizes / 2, middles + sizes / 2
    for i in placed:
        assert (low[i] >= 0).all()
        assert (high[i] <= (400, 300)).all()
        assert not ((anchors > low[i]) & (anchors < high[i])).all(axis=1).any()
        for j in placed[placed < i]:
            assert (low[i] >= high[j]).any() or (high[i] <= low[j]).any()


def test_a_label_with_room_lies_just_right_of_its_point() -> None:
    anchor = np.array([[200.0, 150.0]])
    middle = place_labels(anchor, np.array([[60.0, 12.0]]), anchor, FRAME)[0]
    assert middle.tolist() == [239.0, 150.0]


def test_without_room_there_is_no_label() -> None:
    anchor = np.array([[200.0, 150.0]])
    assert np.isnan(place_labels(anchor, np.array([[500.0, 12.0]]), anchor, FRAME)).all()
