import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import resample

from vocal_explorer.base.records.mashups import MASHUP_LOUDNESS
from vocal_explorer.base.records.signals import Stems, Waveform
from vocal_explorer.features.music.loudness import loudness
from vocal_explorer.mashups.mixdown import HIGHEST_PEAK, mix_down, true_peak

RATE = 8_000


def noise(gain: float, seconds: float, seed: int = 0) -> Waveform:
    samples = np.random.default_rng(seed).standard_normal((2, int(seconds * RATE)))
    return (gain * samples).astype(np.float32)


def mixed(vocals: Waveform, accompaniment: Waveform, *gains: float) -> tuple[Stems, Waveform]:
    stems = mix_down(Stems(vocals, accompaniment, RATE), *gains)
    return stems, stems.vocals + stems.accompaniment


def test_gains_change_the_balance_and_the_sum_is_as_loud_as_music() -> None:
    vocals, accompaniment = noise(0.02, 3), noise(0.02, 3, seed=1)
    stems, mashup = mixed(vocals, accompaniment, -3.0, -9.0)
    balance = loudness(stems.vocals, RATE) - loudness(stems.accompaniment, RATE)
    own = loudness(vocals, RATE) - loudness(accompaniment, RATE)
    assert balance == pytest.approx(own + 6.0, abs=0.01)
    assert loudness(mashup, RATE) == pytest.approx(MASHUP_LOUDNESS, abs=0.1)


@given(st.floats(1e-4, 2), st.floats(1e-4, 2), st.floats(0.1, 2))
@settings(max_examples=20)
def test_it_never_clips_between_samples_either(gain: float, other: float, seconds: float) -> None:
    _, mashup = mixed(noise(gain, seconds), noise(other, seconds, seed=1), 0.0, 6.0)
    assert mashup.dtype == np.float32
    assert 20 * np.log10(true_peak(mashup)) <= HIGHEST_PEAK + 0.01


def test_the_true_peak_lies_between_samples() -> None:
    phase = np.pi / 4  # a quarter of the rate: every sample is 3 dB under the crest
    wave = np.sin(np.pi / 2 * np.arange(4000) + phase) * np.hanning(4000)
    assert np.abs(wave).max() == pytest.approx(np.sqrt(0.5), abs=0.01)
    crest = np.abs(resample(wave, 16 * len(wave))).max()  # by a Fourier transform
    assert true_peak(np.atleast_2d(wave).astype(np.float32)) == pytest.approx(crest, rel=0.02)


def test_the_true_peak_of_a_long_sound_is_found_in_any_block() -> None:
    long = noise(0.001, 80)
    long[1, 2**19 - 1 : 2**19 + 1] = 0.5
    assert true_peak(long) >= 0.5


@pytest.mark.parametrize(("gain", "other"), [(0.0, 0.1), (0.1, 0.0), (0.0, 0.0)])
def test_silence_is_no_obstacle(gain: float, other: float) -> None:
    _, mashup = mixed(noise(gain, 2), noise(other, 2, seed=1), 0.0, 0.0)
    assert np.isfinite(mashup).all()
    assert mashup.any() == bool(gain or other)
