"""Pairs and their effects: what stays the same, and that effects do what they are called."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from voices import noises, tones

from vocal_explorer.base.records.signals import Waveform
from vocal_explorer.training.banks.audio_bank import Clip
from vocal_explorer.training.sampling.effects import (
    MUSIC,
    SPEEDS,
    Odds,
    source_length,
    with_effects,
)
from vocal_explorer.training.sampling.stem_mixer import FAVOUR, StemMixer

N = 8192
NONE = Odds(speed=0, tilt=0, low_pass=0, room=0)


def tone(n_samples: int, cycles: float) -> np.ndarray:
    phase = 2 * np.pi * cycles * np.arange(n_samples) / n_samples
    return np.sin(phase).astype(np.float32)[None]


def test_without_effects_nothing_changes(rng: np.random.Generator) -> None:
    given_ = rng.normal(0, 0.1, (2, N)).astype(np.float32)
    np.testing.assert_allclose(with_effects(given_, N, NONE, rng), given_, atol=1e-6)


@pytest.mark.parametrize("speed", SPEEDS)
def test_speed_keeps_waves_and_their_height(rng: np.random.Generator, speed: float) -> None:
    played = with_effects(tone(int(N * speed), 100), N, NONE, rng)
    np.testing.assert_allclose(played, tone(N, 100), atol=1e-3)


def test_a_low_pass_leaves_lows_and_takes_highs(rng: np.random.Generator) -> None:
    odds = Odds(speed=0, tilt=0, low_pass=1, room=0)
    low, high = tone(N, 40), tone(N, N / 2 - 40)
    for _ in range(10):
        np.testing.assert_allclose(with_effects(low + high, N, odds, rng), low, atol=1e-5)


def test_a_room_rings_on_and_differs_left_and_right(rng: np.random.Generator) -> None:
    n_samples = 2 * 44_100
    click = np.zeros((1, n_samples), np.float32)
    click[0, 100] = 1
    heard = with_effects(click, n_samples, Odds(speed=0, tilt=0, low_pass=0, room=1), rng)
    assert heard.shape == (2, n_samples)
    np.testing.assert_allclose(heard[:, 100], 1, atol=1e-3)
    assert np.abs(heard[:, :100]).max() < 1e-3
    tail = np.square(heard[:, 101:]).sum(axis=1)
    assert (tail > 1e-4).all()
    assert abs(np.corrcoef(heard[:, 101:])[0, 1]) < 0.5


@given(st.integers(0, 1000))
def test_source_lengths_are_among_the_speeds(seed: int) -> None:
    length = source_length(N, MUSIC, np.random.default_rng(seed))
    assert length / N in {1, *SPEEDS}


def test_favoured_singers_are_drawn_more_often(rng: np.random.Generator) -> None:
    drawn: list[str] = []

    class Listening(StemMixer):
        def _excerpt(self, clip: Clip, odds: Odds, rng: np.random.Generator) -> Waveform:
            drawn.append(clip.recording.singer)
            return super()._excerpt(clip, odds, rng)

    voices = list(tones(3, 1))
    singers = sorted({voice.recording.singer for voice in voices})
    mixer = Listening(voices, list(noises(rng)), 1024, favoured=[singers[0]])
    for _ in range(300):
        mixer.pair(rng)
    counts = [drawn.count(singer) for singer in singers]
    ratio = counts[0] / np.mean(counts[1:])
    assert FAVOUR / 1.6 < ratio < FAVOUR * 1.6
