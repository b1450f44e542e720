import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from vocal_explorer.base.records.tracks import INSTRUMENTAL_BELOW
from vocal_explorer.features.vocal_activity import vocal_presence

Levels = NDArray[np.float64]
level = st.floats(0, 1, allow_subnormal=False)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Levels, Levels]:
    n_windows = draw(st.integers(1, 40))
    return draw(arrays(float, n_windows, elements=level)), draw(
        arrays(float, n_windows, elements=level)
    )


def by_hand(vocals: Levels, mix: Levels) -> float:
    """Count windows one by one, as the definition says it."""
    if not max(mix):
        return 0.0
    loud = np.percentile(mix, 90)
    sounding = [m > loud * 10 ** (-30 / 20) for m in mix]
    enough = [
        s and v >= m * 10 ** (-10 / 20) for s, v, m in zip(sounding, vocals, mix, strict=True)
    ]
    voiced = 0
    for i in range(len(mix)):
        beside = [enough[max(i - 1, 0)], enough[min(i + 1, len(mix) - 1)]]
        voiced += enough[i] and any(beside)
    return voiced / sum(sounding)


@given(pairs())
def test_it_is_the_share_of_windows_that_the_definition_counts(pair: tuple[Levels, Levels]) -> None:
    presence = vocal_presence(*pair)
    assert 0 <= presence <= 1
    assert presence == pytest.approx(by_hand(*pair))


@given(pairs(), st.integers(-20, 20))
def test_the_loudness_of_the_recording_does_not_matter(
    pair: tuple[Levels, Levels], power: int
) -> None:
    vocals, mix = pair
    assert vocal_presence(vocals * 2.0**power, mix * 2.0**power) == vocal_presence(vocals, mix)


@given(pairs(), st.data())
def test_louder_vocals_are_never_less_present(
    pair: tuple[Levels, Levels], data: st.DataObject
) -> None:
    vocals, mix = pair
    more = data.draw(arrays(float, len(vocals), elements=level))
    assert vocal_presence(vocals + more, mix) >= vocal_presence(vocals, mix)


@pytest.mark.parametrize("n_windows", [0, 1, 30])
def test_silence_has_no_voice(n_windows: int) -> None:
    assert vocal_presence(np.zeros(n_windows), np.zeros(n_windows)) == 0


def test_vocals_alone_are_all_voice_and_leaks_are_none() -> None:
    levels = np.random.default_rng(0).uniform(0.1, 0.5, 40).astype(np.float32)
    assert vocal_presence(levels, levels) == 1
    assert vocal_presence(levels * np.float32(10 ** (-12 / 20)), levels) == 0


def test_pauses_count_neither_way() -> None:
    mix = np.array([1.0] * 10 + [0.001] * 10)
    sung = np.array([1.0] * 5 + [0.0] * 5 + [0.001] * 10)
    assert vocal_presence(sung, mix) == 0.5


def test_single_windows_are_taken_for_leaks() -> None:
    mix = np.ones(40)
    leaks = np.zeros(40)
    leaks[5:35:4] = 1
    assert vocal_presence(leaks, mix) == 0
    leaks[6:36:4] = 1
    assert vocal_presence(leaks, mix) == 0.4 > INSTRUMENTAL_BELOW
