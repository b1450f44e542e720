import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vocal_explorer.features.segments import TARGET_RMS, cut_segments, level, rms
from vocal_explorer.features.vocal_activity import active_segments


@given(n_samples=st.integers(1, 500), length=st.integers(1, 100))
def test_segments_without_overlap_give_the_waveform_back(n_samples: int, length: int) -> None:
    waveform = np.arange(1, n_samples + 1, dtype=np.float32)
    segments = cut_segments(waveform, length, length)
    flat = segments.ravel()
    np.testing.assert_array_equal(flat[:n_samples], waveform)
    assert not flat[n_samples:].any()
    assert len(flat) - n_samples < length


def test_level_does_not_depend_on_the_input_gain(rng: np.random.Generator) -> None:
    segments = rng.normal(0, 0.3, (3, 1000)).astype(np.float32)
    leveled = level(segments)
    np.testing.assert_allclose(leveled, level(segments * np.float32(0.01)), rtol=1e-4)
    assert abs(float(np.sqrt(np.mean(leveled**2))) - TARGET_RMS) < 1e-4


def test_silence_stays_finite() -> None:
    silence = np.zeros((2, 100), dtype=np.float32)
    assert np.isfinite(level(silence)).all()
    assert active_segments(silence).any()


def test_bleeding_is_not_singing(rng: np.random.Generator) -> None:
    gains = np.array([1, 1, 0.7, 0.3, 0.02, 0.01, 0], dtype=np.float32)
    segments = rng.normal(0, 0.1, (7, 2000)).astype(np.float32) * gains[:, None]
    assert active_segments(segments).tolist() == [True, True, True, True, False, False, False]
    assert rms(segments)[6] == 0
