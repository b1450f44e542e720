"""Vowels that stay what they are, on a voice whose formants are known."""

import numpy as np
import pytest
from numpy.typing import NDArray

from vocal_explorer.audio.formants import restore_formants
from vocal_explorer.audio.stretch import Warp
from vocal_explorer.base.records.signals import Waveform

RATE = 44_100
FORMANTS = ((700, 90), (1200, 110), (2600, 160), (3500, 200))  # Hz and width, of an "a"
SECONDS = 3.0


def resonance(frequency: float) -> float:
    gain = 1.0
    for centre, width in FORMANTS:
        gain *= centre**2 / np.hypot(frequency**2 - centre**2, frequency * width)
    return gain


def vowel(pitch: float) -> NDArray[np.float64]:
    time = np.arange(round(SECONDS * RATE)) / RATE
    vibrato = 1 + 0.01 * np.sin(2 * np.pi * 5.5 * time)
    phase = 2 * np.pi * np.cumsum(pitch * vibrato) / RATE
    partials = range(1, int(9000 / pitch))
    wave = sum(resonance(n * pitch) / n * np.sin(n * phase) for n in partials)
    return 0.3 * wave / np.abs(wave).max()


def partials(wave: NDArray[np.floating], pitch: float) -> NDArray[np.float64]:
    """Levels of the partials up to 5 kHz, in dB around their mean."""
    spectrum = np.abs(np.fft.rfft(wave[RATE : 2 * RATE] * np.hanning(RATE))) ** 2
    near = [spectrum[int(n * pitch * 0.97) : int(n * pitch * 1.03) + 1].sum()
            for n in range(1, int(5000 / pitch))]  # fmt: skip
    levels = 10 * np.log10(np.array(near))
    return levels - levels.mean()


def transposed(wave: NDArray[np.float64], semitones: int, *, keep: bool) -> Waveform:
    sound = np.stack([wave, wave]).astype(np.float32)
    times = np.stack([np.linspace(0, SECONDS, 7)] * 2, axis=1)

    def read(first: int, last: int) -> Waveform:
        wide = np.pad(sound, ((0, 0), (RATE, RATE)))
        return wide[:, first + RATE : last + RATE]

    return Warp(read, times, semitones, RATE, keep_formants=keep).render(0, sound.shape[1])


@pytest.mark.parametrize("pitch", [110.0, 220.0])
@pytest.mark.parametrize("semitones", [-3, -1, 1, 3])
def test_a_vowel_stays_nearly_what_it_is(pitch: float, semitones: int) -> None:
    higher = pitch * 2 ** (semitones / 12)
    wanted = partials(vowel(higher), higher)
    plain, kept = (
        np.sqrt(
            np.mean(
                (partials(transposed(vowel(pitch), semitones, keep=k)[0], higher) - wanted) ** 2
            )
        )
        for k in (False, True)
    )
    assert kept < 0.75 * plain


def test_what_is_too_short_to_be_a_vowel_is_left_alone() -> None:
    short = np.ones((2, 300), np.float32)
    np.testing.assert_array_equal(restore_formants(short, 2.0, RATE), short)


def test_silence_stays_silent() -> None:
    assert not restore_formants(np.zeros((2, RATE), np.float32), 3.0, RATE).any()
