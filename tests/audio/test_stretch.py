"""Sound on another time axis, measured on tones, clicks and noise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from vocal_explorer.audio.stretch import LONGEST_BLOCK, Read, Warp
from vocal_explorer.base.records.signals import Waveform

RATE = 44_100
SECONDS = 8.0


def reader(waveform: Waveform) -> Read:
    def read(first: int, last: int) -> Waveform:
        span = np.zeros((len(waveform), last - first), np.float32)
        begin, end = (min(max(sample, 0), waveform.shape[1]) for sample in (first, last))
        span[:, begin - first : end - first] = waveform[:, begin:end]
        return span

    return read


def anchors(factor: float, wavering: float = 0.0, step: float = 0.5) -> NDArray[np.float64]:
    """Moments of the new axis and of the recording, which is heard `factor` times as fast."""
    sources = np.arange(0, SECONDS - 0.5, step)
    times = sources / factor + wavering * (1 - np.cos(sources))
    return np.stack([times, sources], axis=1)


def stereo(mono: NDArray[np.floating]) -> Waveform:
    return np.stack([mono, mono]).astype(np.float32)


def time() -> NDArray[np.float64]:
    return np.arange(round(SECONDS * RATE)) / RATE


def tone(frequency: float) -> Waveform:
    return stereo(0.4 * np.sin(2 * np.pi * frequency * time()))


def rendered(waveform: Waveform, times: NDArray[np.float64], semitones: float = 0.0) -> Waveform:
    warp = Warp(reader(waveform), times, semitones, RATE)
    return warp.render(0, round(times[-1, 0] * RATE))


def pitch(sound: Waveform) -> float:
    """The frequency of a tone, from its zero crossings between its first and last second."""
    inner = sound[0, RATE:-RATE]
    rising = np.flatnonzero((inner[:-1] < 0) & (inner[1:] >= 0))
    exact = rising - inner[rising] / (inner[rising + 1] - inner[rising])
    return float((len(exact) - 1) * RATE / (exact[-1] - exact[0]))


def test_what_is_not_changed_is_the_recording_itself() -> None:
    noise = np.random.default_rng(0).standard_normal((2, round(SECONDS * RATE)))
    noise = (0.1 * noise).astype(np.float32)
    times = anchors(1.0) + np.array([0.0, 0.25])
    sound = rendered(noise, times)
    start = round(0.25 * RATE)
    np.testing.assert_allclose(sound, noise[:, start : start + sound.shape[1]], atol=1e-6)


@given(first=st.integers(0, 280_000), length=st.integers(0, 90_000))
@settings(max_examples=6, deadline=None)
def test_any_part_is_part_of_the_whole(first: int, length: int) -> None:
    noise = stereo(0.1 * np.random.default_rng(1).standard_normal(round(SECONDS * RATE)))
    times = anchors(1.07, 0.02)
    whole = np.pad(rendered(noise, times), ((0, 0), (0, 400_000)))
    part = Warp(reader(noise), times, 0.0, RATE).render(first, first + length)
    np.testing.assert_array_equal(part, whole[:, first : first + length])


@pytest.mark.parametrize("factor", [0.89, 1.0, 1.12])
@pytest.mark.parametrize("semitones", [-3, 1, 3])
@pytest.mark.parametrize("frequency", [60.0, 220.0, 880.0])
def test_a_tone_is_in_tune(factor: float, semitones: int, frequency: float) -> None:
    found = pitch(rendered(tone(frequency), anchors(factor), semitones))
    cents = 1200 * np.log2(found / (frequency * 2 ** (semitones / 12)))
    assert abs(cents) < 5


@pytest.mark.parametrize(("factor", "wavering"), [(0.93, 0.0), (1.07, 0.02), (1.12, -0.03)])
def test_a_tone_has_no_dips_where_blocks_meet(factor: float, wavering: float) -> None:
    sound = rendered(tone(440.0), anchors(factor, wavering))[0, RATE:-RATE]
    levels = np.abs(sound[: len(sound) // 441 * 441]).reshape(-1, 441).max(axis=1)
    assert len(sound) / RATE > LONGEST_BLOCK
    assert 20 * np.log10(levels.min() / np.median(levels)) > -0.5
    assert 20 * np.log10(levels.max() / np.median(levels)) < 0.5


@pytest.mark.parametrize(("factor", "wavering"), [(0.93, 0.0), (1.07, 0.02), (1.12, -0.03)])
def test_clicks_come_when_they_should(factor: float, wavering: float) -> None:
    times = anchors(factor, wavering)
    track = np.zeros(round(SECONDS * RATE))
    click = np.random.default_rng(2).standard_normal(300) * np.exp(-np.arange(300) / 60)
    for start in (times[:, 1] * RATE).round().astype(int):
        track[start : start + 300] += click
    level = np.abs(rendered(stereo(track), times)[0])
    for moment in times[1:-1, 0]:
        first = round((moment - 0.05) * RATE)
        found = (first + int(level[first : first + RATE // 10].argmax())) / RATE
        assert found == pytest.approx(moment, abs=0.005)


def test_there_is_silence_around_a_recording() -> None:
    times = np.array([[0.0, -2.0], [4.0, 2.0], [14.0, 12.0]])
    sound = rendered(tone(220.0), times)
    assert not sound[:, : round(1.9 * RATE)].any()
    assert sound[:, round(2.1 * RATE) : 3 * RATE].any()
    assert not sound[:, round(10.1 * RATE) :].any()


@pytest.mark.parametrize(
    "times", [[[0.0, 0.0]], [[0.0, 0.0], [1.0, 0.0]], [[0.0, 1.0], [0.0, 2.0]]]
)
def test_time_that_stands_still_is_refused(times: list[list[float]]) -> None:
    with pytest.raises(ValueError, match="increase"):
        Warp(reader(tone(220.0)), np.array(times), 0.0, RATE)
