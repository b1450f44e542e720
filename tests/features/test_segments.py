import numpy as np

from vocal_explorer.features.segments import TARGET_RMS, level, rms
from vocal_explorer.features.vocal_activity import active_segments


def test_level_does_not_depend_on_the_input_gain(rng: np.random.Generator) -> None:
    segments = rng.normal(0, 0.3, (3, 1000)).astype(np.float32)
    leveled = level(segments)
    np.testing.assert_allclose(leveled, level(segments * np.float32(0.01)), rtol=1e-4)
    assert abs(float(np.sqrt(np.mean(leveled**2))) - TARGET_RMS) < 1e-4


def test_silence_stays_finite() -> None:
    silence = np.zeros((2, 100), dtype=np.float32)
    assert np.isfinite(level(silence)).all()
    assert active_segments(rms(silence)).any()


def test_bleeding_is_not_singing(rng: np.random.Generator) -> None:
    gains = np.array([1, 1, 0.7, 0.3, 0.02, 0.01, 0], dtype=np.float32)
    segments = rng.normal(0, 0.1, (7, 2000)).astype(np.float32) * gains[:, None]
    assert active_segments(rms(segments)).tolist() == [True, True, True, True, False, False, False]
    assert rms(segments)[6] == 0
