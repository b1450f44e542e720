import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocal_explorer.base.records.music import Key, MusicSummary
from vocal_explorer.mashups.music_fit import (
    BEAT_RATIOS,
    MusicColumns,
    fit_energy,
    fit_keys,
    fit_tempo,
    semitones_between,
)

TEMPI = st.floats(50, 200)
KEYS = st.builds(Key, st.integers(0, 11), st.booleans(), st.just(1.0))
MAJOR = frozenset((0, 2, 4, 5, 7, 9, 11))
MINOR = frozenset((0, 2, 3, 5, 7, 8, 10))


def columns(*summaries: MusicSummary | None) -> MusicColumns:
    return MusicColumns.of(summaries)


def scale(key: Key) -> set[int]:
    return {(key.tonic + step) % 12 for step in (MINOR if key.minor else MAJOR)}


@given(TEMPI, st.lists(TEMPI, min_size=1, max_size=5))
def test_stretched_vocals_have_the_tempo_of_the_accompaniment(
    vocals: float, others: list[float]
) -> None:
    fit = fit_tempo(np.array([vocals]), np.array(others))
    for row, tempo in enumerate(others):
        sung, played = BEAT_RATIOS[fit.ratios[row]]
        assert vocals * fit.stretches[row] / sung == pytest.approx(tempo / played)
        assert 0 <= fit.parts[row] <= 1


@given(TEMPI)
def test_the_same_half_and_double_tempo_need_no_stretch(tempo: float) -> None:
    fit = fit_tempo(np.array([tempo]), tempo * np.array([1.0, 0.5, 2.0]))
    np.testing.assert_allclose(fit.stretches, 1.0)
    assert [BEAT_RATIOS[ratio] for ratio in fit.ratios] == [(1, 1), (2, 1), (1, 2)]
    assert fit.parts[0] == pytest.approx(1.0)


def test_a_few_per_cent_are_better_than_many_and_a_tempo_may_be_unknown() -> None:
    fit = fit_tempo(np.array([100.0]), np.array([103, 110, 0, np.nan]))
    assert fit.parts[0] > fit.parts[1]
    assert np.isnan(fit.parts[2:]).all()
    assert np.isnan(fit.stretches[2:]).all()


@given(KEYS, KEYS)
def test_transposed_vocals_have_the_notes_of_the_other_key(vocals: Key, other: Key) -> None:
    steps = semitones_between(vocals, other)
    shared = [len(scale(vocals.transposed(n)) & scale(other)) for n in range(-6, 6)]
    assert shared[steps + 6] >= 6
    nearer = [n for n in range(-6, 6) if abs(n) < abs(steps) and shared[n + 6] == 7]
    assert not nearer
    assert abs(steps) <= 3


def test_keys_that_are_near_and_sure_are_worth_more() -> None:
    c, d = Key(0, False), Key(2, False)
    own = columns(MusicSummary(120, 1, c, 0))
    others = columns(
        MusicSummary(120, 1, c, 0),
        MusicSummary(120, 1, Key(9, True), 0),  # the relative minor
        MusicSummary(120, 1, d, 0),
        MusicSummary(120, 1, Key(2, False, 0.0), 0),
        None,
    )
    fit = fit_keys(own, others)
    assert fit.parts[0] == fit.parts[1] == 1
    assert fit.parts[0] > fit.parts[2] > fit.parts[3] == 0.5
    assert fit.semitones[:4].tolist() == [0, 0, 2, 2]
    assert np.isnan(fit.parts[4])


def test_energies_are_compared_by_what_there_is() -> None:
    parts = fit_energy(1.0, np.array([1.0, 2.0, 3.0, np.nan]))
    assert parts[0] == 1
    assert parts[0] > parts[1] > parts[2] >= 0
    assert np.isnan(parts[3])
    assert fit_energy(1.0, np.array([1.0, 1.0])).tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("key", "name", "camelot"),
    [
        (Key(0, False), "C major", "8B"),
        (Key(9, True), "A minor", "8A"),
        (Key(7, False), "G major", "9B"),
        (Key(6, True), "F♯ minor", "11A"),
        (Key(3, True), "E♭ minor", "2A"),
        (Key(11, False), "B major", "1B"),
        (Key(5, False), "F major", "7B"),
        (Key(8, True), "A♭ minor", "1A"),
        (Key(1, True), "D♭ minor", "12A"),
    ],
)
def test_keys_have_the_names_that_djs_use(key: Key, name: str, camelot: str) -> None:
    assert (key.name, key.camelot) == (name, camelot)
