"""Isolation in mel power: mostly the voice, never more than the mix, other mistakes each time."""

import numpy as np

from vocal_explorer.training.sampling.mel_isolation import imperfectly_isolated


def sounds(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A voice in the lower half of the bands, music in the upper half."""
    voice, music = (rng.uniform(0.5, 1, (129, 128)).astype(np.float32) for _ in range(2))
    voice[:, 64:] *= 1e-4
    music[:, :64] *= 1e-4
    return voice, music


def test_the_voice_stays_and_most_music_goes(rng: np.random.Generator) -> None:
    voice, music = sounds(rng)
    left = np.mean([imperfectly_isolated(voice, music, rng) for _ in range(40)], axis=0)
    assert left[:, :64].mean() > 0.6 * voice[:, :64].mean()
    assert left[:, 64:].mean() < 0.1 * music[:, 64:].mean()


def test_there_is_never_more_than_the_mix(rng: np.random.Generator) -> None:
    voice, music = sounds(rng)
    for _ in range(10):
        left = imperfectly_isolated(voice, music, rng)
        assert left.shape == voice.shape
        assert left.dtype == np.float32
        assert (left <= voice + music).all()
        assert (left >= 0).all()


def test_silence_is_isolated_from_silence(rng: np.random.Generator) -> None:
    nothing = np.zeros((129, 128), np.float32)
    assert not imperfectly_isolated(nothing, nothing, rng).any()


def test_mistakes_follow_from_the_generator(rng: np.random.Generator) -> None:
    voice, music = sounds(rng)
    first, same, other = (
        imperfectly_isolated(voice, music, np.random.default_rng(seed)) for seed in (3, 3, 4)
    )
    np.testing.assert_array_equal(first, same)
    assert not np.array_equal(first, other)
