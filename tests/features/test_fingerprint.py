import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vocal_explorer.base.records.signals import Waveform
from vocal_explorer.features.fingerprint import FRAMES_PER_SECOND, N_BANDS, Fingerprinter

RATE = 22_050


def whole(sound: Waveform) -> np.ndarray:
    maker = Fingerprinter(RATE)
    maker.add(sound)
    return maker.fingerprint()


@settings(max_examples=20)
@given(st.lists(st.integers(1, 30_000), max_size=5))
def test_how_the_sound_is_cut_does_not_matter(lengths: list[int]) -> None:
    sound = np.random.default_rng(0).normal(0, 0.1, 3 * RATE).astype(np.float32)
    maker = Fingerprinter(RATE)
    for piece in np.split(sound, np.cumsum(lengths)):
        maker.add(piece)
    np.testing.assert_array_equal(maker.fingerprint(), whole(sound))


def test_a_tone_is_loud_in_its_own_band_only() -> None:
    time = np.arange(10 * RATE) / RATE
    levels = whole((0.5 * np.sin(2 * np.pi * 1000 * time)).astype(np.float32))
    assert levels.shape == (10 * FRAMES_PER_SECOND - 1, N_BANDS)
    edges = np.geomspace(100, 4500, N_BANDS + 1)
    band = int(np.searchsorted(edges, 1000)) - 1
    assert set(levels.argmax(axis=1)) == {band}
    assert np.delete(levels, band, axis=1).max() < levels[:, band].min() - 40


def test_twice_the_amplitude_is_six_decibels() -> None:
    sound = np.random.default_rng(0).normal(0, 0.1, 4 * RATE).astype(np.float32)
    np.testing.assert_allclose(whole(2 * sound) - whole(sound).astype(int), 6, atol=1)


@pytest.mark.parametrize("n_samples", [0, 1, RATE // 2])
def test_a_moment_has_an_empty_fingerprint(n_samples: int) -> None:
    assert whole(np.ones(n_samples, np.float32)).shape == (0, N_BANDS)
