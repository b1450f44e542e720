"""What is done to mel power against the same done to waveforms."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vocal_explorer.base.config import MelConfig
from vocal_explorer.features.mel import LogMel
from vocal_explorer.training.banks.byte_mels import (
    LARGEST,
    STEP,
    to_byte_mels,
    to_log_mel,
    to_power,
)
from vocal_explorer.training.sampling.mel_effects import (
    frequency_warp,
    mean_square,
    random_band_limit,
    random_equaliser,
    random_room,
)

CONFIG = MelConfig()
FRONT_END = LogMel(CONFIG)
RATE = CONFIG.sample_rate


def power_of(waveform: np.ndarray) -> np.ndarray:
    log_mel = FRONT_END.unnormalised(torch.from_numpy(waveform.astype(np.float32)[None]))[0]
    return (10 ** log_mel.numpy().T - 1) / 1e4


def tone(hertz: float, seconds: float = 3.0) -> np.ndarray:
    return 0.1 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)


@pytest.mark.parametrize("hertz", [200.0, 440.0, 3000.0, 9000.0])
def test_the_mean_square_is_that_of_the_samples(hertz: float) -> None:
    inner = power_of(tone(hertz))[2:-2]
    np.testing.assert_allclose(mean_square(inner, CONFIG), 0.005, rtol=0.1)


def test_noise_and_its_mel_power_are_equally_loud(rng: np.random.Generator) -> None:
    noise = rng.normal(0, 0.1, 3 * RATE)
    assert mean_square(power_of(noise), CONFIG).mean() == pytest.approx(0.01, rel=0.05)


def test_powers_of_two_sounds_add_up_to_that_of_their_sum(rng: np.random.Generator) -> None:
    voice, music = tone(440), rng.normal(0, 0.05, 3 * RATE)
    together = to_log_mel(power_of(voice + music)).mean(axis=0)
    added = to_log_mel(power_of(voice) + power_of(music)).mean(axis=0)
    assert np.abs(together - added).max() < 0.12


@pytest.mark.parametrize("ratio", [0.8, 1.16])
def test_a_warp_moves_frequencies_like_a_tape_played_faster(ratio: float) -> None:
    warped = power_of(tone(600)) @ frequency_warp(CONFIG, ratio)
    faster = power_of(tone(600 * ratio))
    assert abs(warped.mean(axis=0).argmax() - faster.mean(axis=0).argmax()) <= 1
    np.testing.assert_array_equal(frequency_warp(CONFIG, 1.0), np.eye(128, dtype=np.float32))


def test_what_a_warp_moves_out_of_the_band_is_gone() -> None:
    assert not (power_of(tone(10_500))[5:-5] @ frequency_warp(CONFIG, 1.25)).max() > 1e-3


@given(seed=st.integers(0, 1000), decibels=st.floats(0, 12))
def test_an_equaliser_is_smooth_and_stays_within_its_limits(seed: int, decibels: float) -> None:
    gains = 10 * np.log10(random_equaliser(128, decibels, np.random.default_rng(seed)))
    assert np.abs(gains).max() <= decibels + 1e-3
    assert np.abs(np.diff(gains)).max() <= 2 * decibels / (127 / 5) + 1e-3


@given(seed=st.integers(0, 1000))
def test_a_band_limit_leaves_the_lower_half(seed: int) -> None:
    power = np.ones((4, 128), np.float32)
    limited = random_band_limit(power, np.random.default_rng(seed))
    assert (limited[:, :60] == 1).all()
    assert (limited[:, 126:] == np.float32(1e-3)).all()
    assert (power == 1).all()


def test_a_room_goes_on_after_the_sound(rng: np.random.Generator) -> None:
    power = np.zeros((40, 128), np.float32)
    power[10] = 1
    heard = random_room(power, rng)
    assert (heard[:10] == 0).all()
    assert (heard[10] > 1).all()
    assert (np.diff(heard[10:], axis=0) < 0).all()


def test_bytes_keep_a_sound_to_half_a_step(rng: np.random.Generator) -> None:
    waveform = rng.normal(0, 1, 2 * RATE).astype(np.float32)
    mels = to_byte_mels(waveform, FRONT_END)
    assert mels.dtype == np.uint8
    leveled = to_log_mel(power_of(waveform * np.float32(0.1 / waveform.std())))
    assert np.abs(to_log_mel(to_power(mels)) - leveled).max() <= STEP / 2 + 1e-3
    assert leveled.max() < STEP * LARGEST
