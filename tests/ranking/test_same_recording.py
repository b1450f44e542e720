from collections.abc import Callable

import numpy as np
import pytest

from vocal_explorer.audio.resample import resample
from vocal_explorer.base.records.signals import Waveform
from vocal_explorer.features.fingerprint import Fingerprint, Fingerprinter
from vocal_explorer.ranking.same_recording import SAME, alikeness, same_recording
from vocal_explorer.synthesis.songs import synthetic_song

RATE = 22_050


def fingerprint(mix: Waveform) -> Fingerprint:
    maker = Fingerprinter(RATE)
    maker.add(mix.mean(axis=0))
    return maker.fingerprint()


def song(singer: int, number: int) -> Waveform:
    return synthetic_song(singer, number, seconds=40.0, sample_rate=RATE).mix


@pytest.fixture(scope="module")
def mix() -> Waveform:
    return song(0, 0)


def remastered(mix: Waveform) -> Waveform:
    """Brighter, and 8 dB into a limiter."""
    brighter = mix - 0.6 * np.pad(mix, ((0, 0), (1, 0)))[:, :-1]
    return np.tanh(2.5 * brighter / np.abs(brighter).max())


COPIES: dict[str, Callable[[Waveform], Waveform]] = {
    "itself": lambda mix: mix,
    "quieter": lambda mix: mix * np.float32(0.05),
    "noisy": lambda mix: mix + np.random.default_rng(0).normal(0, 0.005, mix.shape),
    "remastered": remastered,
    "cut": lambda mix: mix[:, round(7.3 * RATE) :],
    "silence in front": lambda mix: np.pad(mix, ((0, 0), (5 * RATE, 0))),
    "faster": lambda mix: resample(mix, round(1.02 * RATE), RATE),
    "slower": lambda mix: resample(mix, round(0.97 * RATE), RATE),
}


@pytest.mark.parametrize("kind", COPIES)
def test_a_copy_is_recognised_either_way(mix: Waveform, kind: str) -> None:
    copy = fingerprint(COPIES[kind](mix).astype(np.float32))
    assert same_recording(fingerprint(mix), copy)
    assert same_recording(copy, fingerprint(mix))


@pytest.mark.parametrize("other", [(0, 1), (0, 2), (1, 0), (2, 5)])
def test_other_songs_are_not_taken_for_copies(mix: Waveform, other: tuple[int, int]) -> None:
    """Also of the same singer, with the same band."""
    assert not same_recording(fingerprint(mix), fingerprint(song(*other)))


def test_silence_noise_and_moments_are_copies_of_nothing(mix: Waveform) -> None:
    silence = np.full((80, 16), -100, np.int8)
    rng = np.random.default_rng(0)
    noise = rng.integers(-60, -30, (80, 16)).astype(np.int8)
    moment = fingerprint(mix)[:10]
    for one in (silence, noise, moment):
        for two in (silence, fingerprint(mix), moment):
            assert not same_recording(one, two)


def test_alikeness_equals_a_loop_over_shifts(rng: np.random.Generator) -> None:
    one = rng.normal(0, 5, (40, 16)).astype(np.float32)
    two = np.concatenate([rng.normal(0, 5, (7, 16)), one[:30] + rng.normal(0, 1, (30, 16))])
    two = two.astype(np.float32)

    def changes(levels: np.ndarray) -> np.ndarray:
        tilted = levels - levels.mean(axis=1, keepdims=True)
        padded = np.pad(tilted, ((8, 8), (0, 0)), mode="reflect")
        return np.stack([row - padded[n : n + 17].mean(axis=0) for n, row in enumerate(tilted)])

    a, b = changes(one), changes(two)
    best = -1.0
    for shift in range(-len(b) + 1, len(a)):
        x, y = a[max(shift, 0) : len(b) + shift], b[max(-shift, 0) : len(a) - shift]
        if len(x) >= 18:  # half of the shorter one
            best = max(best, float((x * y).sum() / np.sqrt((x * x).sum() * (y * y).sum())))
    assert alikeness(one, two) == pytest.approx(best, abs=1e-4)
    assert best > SAME
