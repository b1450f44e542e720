from itertools import pairwise

import numpy as np
import pytest

from vocal_explorer.ui.player.outline import N_LEVELS, outline, with_voice

RATE = 8_000


def noise(levels: list[float], seconds: float = 1.5) -> np.ndarray:
    """Stereo noise, a level each for stretches of some seconds."""
    rng = np.random.default_rng(0)
    n = round(seconds * RATE)
    pieces = [level * rng.uniform(-1, 1, (2, n)) for level in levels]
    return np.concatenate(pieces, axis=1).astype(np.float32)


def test_levels_follow_the_sound() -> None:
    found = outline(noise([0.1, 0.4, 0.0, 0.2]), RATE)
    assert found.seconds == 6.0
    quarters = found.levels.reshape(4, -1).mean(axis=1)
    np.testing.assert_allclose(quarters, np.array([0.25, 1, 0, 0.5]) * quarters.max(), rtol=0.05)
    assert found.levels.max() == 1
    assert found.voiced is None


@pytest.mark.parametrize("n_samples", [1, 7, N_LEVELS + 1, 12_000])
def test_levels_are_those_of_equal_stretches(n_samples: int) -> None:
    wave = noise([0.5])[:, :n_samples]
    edges = [round(i * n_samples / N_LEVELS) for i in range(N_LEVELS + 1)]
    if n_samples < N_LEVELS:
        edges = list(range(n_samples + 1))
    naive = [np.sqrt((wave[:, a:b] ** 2).mean()) for a, b in pairwise(edges)]
    np.testing.assert_allclose(outline(wave, RATE).levels, naive / max(naive), rtol=1e-5)


@pytest.mark.parametrize("n_samples", [0, 10_000])
def test_silence_has_an_outline_too(n_samples: int) -> None:
    silence = np.zeros((2, n_samples), np.float32)
    found = with_voice(outline(silence, RATE), silence, RATE)
    assert not found.levels.any()
    assert found.voiced == ()


def test_the_voice_is_marked_where_it_is() -> None:
    mix = noise([0.3] * 8)[:, : -RATE // 2]
    vocals = noise([0, 0.2, 0.2, 0, 0.2, 0, 0.2, 0.2])[:, : -RATE // 2]
    found = with_voice(outline(mix, RATE), vocals, RATE)
    assert found.voiced == ((1.5, 4.5), (9.0, 11.5))  # a single window is a leak
