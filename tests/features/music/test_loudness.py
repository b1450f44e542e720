import numpy as np
import pytest
from pyloudnorm import Meter

from vocal_explorer.features.music.loudness import LoudnessMeter, loudness

RATE = 44_100


def sound(seconds: float, seed: int = 0) -> np.ndarray:
    """Noise that comes and goes, with a bass under it."""
    time = np.arange(round(seconds * RATE)) / RATE
    noise = np.random.default_rng(seed).standard_normal((2, len(time)))
    swell = 10 ** (-1 - np.sin(2 * np.pi * time / 7))
    return (0.2 * swell * noise + 0.1 * np.sin(2 * np.pi * 60 * time)).astype(np.float32)


@pytest.mark.parametrize("gain", [1.0, 0.03])
@pytest.mark.parametrize("cut", [RATE, 7777, 10**9])
def test_it_is_that_of_the_whole_recording(gain: float, cut: int) -> None:
    waveform = gain * sound(12.3)
    meter = LoudnessMeter(RATE)
    for start in range(0, waveform.shape[1], cut):
        meter.add(waveform[:, start : start + cut])
    expected = Meter(RATE).integrated_loudness(waveform.T.astype(np.float64))
    assert meter.integrated() == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize("n_channels", [1, 2])
def test_a_whole_recording_has_that_of_pyloudnorm(n_channels: int) -> None:
    waveform = sound(5.0)[:n_channels]
    expected = Meter(RATE).integrated_loudness(waveform.T.astype(np.float64))
    assert loudness(waveform, RATE) == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize("waveform", [np.zeros((2, 3 * RATE)), sound(0.3), np.zeros((2, 0))])
def test_silence_and_hardly_any_sound_have_none(waveform: np.ndarray) -> None:
    meter = LoudnessMeter(RATE)
    meter.add(waveform)
    assert meter.integrated() == float("-inf")
