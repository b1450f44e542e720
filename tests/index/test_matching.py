import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vocal_explorer.index.matching import loudness, mix_match

RATE = 8_000


def noise(gain: float, seconds: float, seed: int = 0) -> np.ndarray:
    samples = np.random.default_rng(seed).standard_normal((2, int(seconds * RATE)))
    return (gain * samples).astype(np.float32)


def test_the_accompaniment_becomes_as_loud_as_the_vocals() -> None:
    vocals, accompaniment = noise(0.02, 3), noise(0.3, 3, seed=1)
    mashup, gains = mix_match(vocals, accompaniment, RATE)
    assert gains["accompaniment_gain_db"] == pytest.approx(20 * np.log10(0.02 / 0.3), abs=0.5)
    assert gains["mashup_gain_db"] == 0
    assert loudness(mashup - vocals, RATE) == pytest.approx(loudness(vocals, RATE), abs=0.1)


@given(st.floats(1e-4, 2), st.floats(1e-4, 2), st.floats(0.1, 2), st.floats(0.1, 2))
@settings(max_examples=20)
def test_it_is_as_long_as_the_vocals_and_never_clips(
    vocal_gain: float, gain: float, vocal_seconds: float, seconds: float
) -> None:
    vocals = noise(vocal_gain, vocal_seconds)
    mashup, _ = mix_match(vocals, noise(gain, seconds, seed=1), RATE)
    assert mashup.shape == vocals.shape
    assert mashup.dtype == np.float32
    assert np.abs(mashup).max() <= 0.99


@pytest.mark.parametrize(("vocal_gain", "gain"), [(0.0, 0.1), (0.1, 0.0), (0.0, 0.0)])
def test_silence_is_no_obstacle(vocal_gain: float, gain: float) -> None:
    mashup, gains = mix_match(noise(vocal_gain, 2), noise(gain, 2, seed=1), RATE)
    assert np.isfinite(mashup).all()
    assert gains["accompaniment_gain_db"] == 0
