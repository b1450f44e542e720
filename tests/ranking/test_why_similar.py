from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocal_explorer.analysis.embedder import load_embedder
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Domain, Waveform
from vocal_explorer.base.records.tracks import PitchRange
from vocal_explorer.base.vectors import unit_rows
from vocal_explorer.ranking.why_similar import Voice, best_pairs, pitch_overlap
from vocal_explorer.synthesis.songs import synthetic_song

HALF = 32_768 / 22_050  # s; segments overlap by half
RATE = 44_100


def voice(n_segments: int, seed: int) -> Voice:
    rng = np.random.default_rng(seed)
    places = np.sort(rng.choice(3 * n_segments, n_segments, replace=False))
    return Voice(places * HALF, unit_rows(rng.normal(size=(n_segments, 4))), None)


def by_hand(first: Voice, second: Voice, top_n: int) -> list[tuple[float, float, float]]:
    """Take the best pair, forget all that overlap with it, and so on."""
    left = [
        (float(a @ b), float(s), float(t))
        for (a, s), (b, t) in product(
            zip(first.segments, first.starts, strict=True),
            zip(second.segments, second.starts, strict=True),
        )
    ]
    taken = []
    while left and len(taken) < top_n:
        best = max(left)
        taken.append(best)
        left = [
            pair
            for pair in left
            if abs(pair[1] - best[1]) >= 1.9 * HALF and abs(pair[2] - best[2]) >= 1.9 * HALF
        ]
    return taken


@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 99), st.integers(0, 6))
def test_the_best_pairs_are_those_that_a_loop_takes(n: int, m: int, seed: int, top_n: int) -> None:
    first, second = voice(n, seed), voice(m, seed + 1000)
    found = best_pairs(first, second, top_n)
    expected = by_hand(first, second, top_n)
    flat = [(pair.similarity, pair.first_start, pair.second_start) for pair in found]
    assert np.shape(flat) == np.shape(expected)
    np.testing.assert_allclose(flat, expected, atol=1e-5)


@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 99))
def test_who_comes_first_does_not_matter(n: int, m: int, seed: int) -> None:
    first, second = voice(n, seed), voice(m, seed + 1000)
    there, back = best_pairs(first, second), best_pairs(second, first)
    assert [(p.second_start, p.first_start) for p in there] == [
        (p.first_start, p.second_start) for p in back
    ]


def heard(vocals: Waveform) -> Voice:
    with load_embedder().listen(RATE) as listener:
        listener.hear(Domain.VOCALS, vocals)
        found = listener.embed(Progress())
    return Voice(found.starts, found.segments[Domain.VOCALS], found.pitch_range)


def test_a_copied_phrase_is_found() -> None:
    """A phrase of one singer's song, laid into another singer's song elsewhere."""
    first, second = (synthetic_song(n, n, seconds=24.0).vocals for n in (1, 4))
    start, place, length = (round(n * HALF * RATE) for n in (4, 9, 3))
    untouched = best_pairs(heard(first), heard(second))[0]
    second[:, place : place + length] = first[:, start : start + length]
    best = best_pairs(heard(first), heard(second))[0]
    assert (best.first_start, best.second_start) in [
        pytest.approx((n * HALF, (n + 5) * HALF), abs=0.01) for n in (4, 5)
    ]
    assert best.similarity > 0.97 > untouched.similarity + 0.05


def test_a_phrase_that_lies_between_segments_is_found_where_it_was_put() -> None:
    first, second = (synthetic_song(n, n, seconds=24.0).vocals for n in (1, 4))
    second[:, round(13.1 * RATE) : round(17.1 * RATE)] = first[:, 5 * RATE : 9 * RATE]
    assert 12.6 <= best_pairs(heard(first), heard(second))[0].second_start <= 15.1


def test_pitch_overlap_by_hand() -> None:
    low, high, wide = PitchRange(48, 52, 59), PitchRange(60, 62, 71), PitchRange(48, 55, 71)
    assert pitch_overlap(low, low) == 1
    assert pitch_overlap(low, high) == 0
    assert pitch_overlap(low, wide) == pytest.approx(12 / 24)
    assert pitch_overlap(low, None) is None
    note = PitchRange(60, 60, 60)
    assert pitch_overlap(note, note) == 1


ranges = st.tuples(st.floats(36, 84), st.floats(36, 84)).map(
    lambda two: PitchRange(min(two), sum(two) / 2, max(two))
)


@given(ranges, ranges, st.floats(-12, 12))
def test_pitch_overlap_is_a_symmetric_share_that_a_transposition_keeps(
    first: PitchRange, second: PitchRange, by: float
) -> None:
    overlap = pitch_overlap(first, second)
    assert overlap is not None
    assert 0 <= overlap <= 1
    assert pitch_overlap(second, first) == overlap
    moved = [PitchRange(r.low + by, r.median + by, r.high + by) for r in (first, second)]
    assert pitch_overlap(*moved) == pytest.approx(overlap, abs=1e-9)
