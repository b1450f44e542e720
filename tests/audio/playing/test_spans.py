import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vocal_explorer.audio.playing.spans import Spans

LENGTH = 30
PIECES = st.lists(st.tuples(st.integers(0, LENGTH), st.integers(0, LENGTH)), max_size=8)


def both(pieces: list[tuple[int, int]]) -> tuple[Spans, np.ndarray]:
    """The spans of some pieces, and the same as a mask."""
    spans, mask = Spans(), np.zeros(LENGTH, bool)
    for first, last in pieces:
        spans = spans.joined(first, last)
        mask[first:last] = True
    return spans, mask


@given(PIECES)
def test_they_are_what_was_joined_in_order_and_apart(pieces: list[tuple[int, int]]) -> None:
    spans, mask = both(pieces)
    edges = np.flatnonzero(np.diff(mask, prepend=False, append=False))
    assert spans.spans == tuple(map(tuple, edges.reshape(-1, 2).tolist()))


@given(PIECES, st.integers(0, LENGTH - 1))
def test_what_is_needed_next_lies_behind_the_head_or_else_first(
    pieces: list[tuple[int, int]], head: int
) -> None:
    spans, mask = both(pieces)
    missing = np.flatnonzero(~mask)
    behind = missing[missing >= head]
    expected = [*behind.tolist(), *missing.tolist(), None][0]
    assert spans.missing(head, LENGTH) == expected
    there = np.flatnonzero(~mask[head:])
    assert spans.end_from(head) == head + (there[0] if len(there) else LENGTH - head)
