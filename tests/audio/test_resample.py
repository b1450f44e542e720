import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sounds import level, loudest_hertz, tones

from vocal_explorer.audio.resample import resample, to_channels

RATES = st.sampled_from([8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])


@given(source=RATES, target=RATES, n_channels=st.integers(1, 3))
def test_resampling_keeps_length_level_and_pitch(source: int, target: int, n_channels: int) -> None:
    sound = tones(n_channels, source, 0.5)
    resampled = resample(sound, source, target)
    assert resampled.dtype == np.float32
    assert resampled.shape == (n_channels, pytest.approx(sound.shape[1] * target / source, abs=1))
    np.testing.assert_allclose(level(resampled), level(sound), rtol=0.02)
    np.testing.assert_allclose(loudest_hertz(resampled, target), loudest_hertz(sound, source), 0.03)


def test_resampling_does_not_delay_and_does_not_alias() -> None:
    time = np.arange(44_100) / 44_100
    low, high = np.sin(2 * np.pi * 440 * time), np.sin(2 * np.pi * 15_000 * time)
    expected = low[::2]
    resampled = resample((low + high).astype(np.float32), 44_100, 22_050)
    np.testing.assert_allclose(resampled[2000:-2000], expected[2000:-2000], atol=1e-3)


@given(n_channels=st.integers(1, 9), wanted=st.sampled_from([1, 2]))
def test_equal_channels_keep_their_level(n_channels: int, wanted: int) -> None:
    sound = np.repeat(tones(1, 8000, 0.1), n_channels, axis=0)
    expected = np.repeat(sound[:1], wanted, axis=0)
    np.testing.assert_allclose(to_channels(sound, wanted), expected, atol=1e-6)


def test_mono_is_the_mean_and_one_dimension_is_mono() -> None:
    stereo = np.array([[1, 0], [0, 0.5]], np.float32)
    np.testing.assert_array_equal(to_channels(stereo, 1), [[0.5, 0.25]])
    np.testing.assert_array_equal(to_channels(stereo[0], 2), [[1, 0], [1, 0]])


@pytest.mark.parametrize("n_channels", range(3, 10))
def test_left_stays_left_and_nothing_gets_louder(n_channels: int) -> None:
    left = np.zeros((n_channels, 1), np.float32)
    left[0] = 1
    stereo = to_channels(left, 2)
    assert stereo[0] > 0
    assert stereo[1] == 0
    assert np.abs(to_channels(np.ones((n_channels, 1), np.float32), 2)).max() <= 1 + 1e-6


def test_other_channel_counts_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="cannot make 3 channels from 2"):
        to_channels(np.zeros((2, 5), np.float32), 3)
