import numpy as np
import pytest

from vocal_explorer.base.records.music import Phrase
from vocal_explorer.features.music.phrases import LevelListener, find_phrases

RATE = 8_000


def levels(*stretches: tuple[float, float]) -> np.ndarray:
    """Levels every tenth of a second from (seconds, level) pairs."""
    return np.concatenate([np.full(round(10 * seconds), level) for seconds, level in stretches])


def found(vocals: np.ndarray, accompaniment: float = 0.1) -> list[tuple[float, float]]:
    phrases = find_phrases(vocals, np.full(len(vocals), accompaniment))
    return [(round(p.start, 3), round(p.stop, 3)) for p in phrases]


def test_a_breath_belongs_to_a_phrase_and_a_pause_ends_it() -> None:
    vocals = levels((1, 0), (2, 0.3), (0.5, 0), (1, 0.3), (0.8, 0), (1.5, 0.3), (1, 0))
    assert found(vocals) == [(1, 4.5), (5.3, 6.8)]


def test_what_a_separator_leaks_and_what_is_very_short_is_no_phrase() -> None:
    vocals = levels((2, 0.3), (2, 0.01), (0.2, 0.3), (2, 0.01))
    assert found(vocals) == [(0, 2)]
    assert found(levels((3, 0.02)), accompaniment=0.5) == []
    assert find_phrases(np.zeros(20), np.ones(20)) == ()


def test_nothing_at_all_has_no_phrases() -> None:
    assert find_phrases(np.zeros(0), np.zeros(0)) == ()


@pytest.mark.parametrize("cut", [100, 799, 8000])
def test_levels_are_root_mean_squares_however_sound_is_cut(cut: int) -> None:
    mono = np.random.default_rng(0).standard_normal(3 * RATE).astype(np.float32)
    listener = LevelListener(RATE)
    for start in range(0, len(mono), cut):
        listener.add(mono[start : start + cut])
    expected = [np.sqrt(np.mean(tenth**2)) for tenth in mono.reshape(-1, RATE // 10)]
    np.testing.assert_allclose(listener.levels(), expected, rtol=1e-5)


def test_a_phrase_is_in_seconds() -> None:
    assert find_phrases(levels((1, 0.3)), levels((1, 0.1))) == (Phrase(0.0, 1.0),)
