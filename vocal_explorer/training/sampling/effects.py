"""What studios and listeners do to stems: filters, rooms, speed, width. Shapes are (1 or 2, n)."""

from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from vocal_explorer.base.config import STEM_SAMPLE_RATE
from vocal_explorer.base.records.signals import Waveform
from vocal_explorer.training.sampling.augment import tilt_curve

SPEEDS = (3 / 4, 7 / 8, 15 / 16, 17 / 16, 9 / 8, 5 / 4)  # times as long: keeps FFTs short
ROOM_SECONDS = (0.15, 1.2)  # the time in which a room's sound falls by 60 dB
ROOM_LEVEL = (0.05, 0.5)  # of the room's sound against the direct one


@dataclass(frozen=True)
class Odds:
    """How often each effect is drawn for one kind of stem."""

    speed: float
    tilt: float
    low_pass: float
    room: float


VOCALS = Odds(speed=0.5, tilt=0.4, low_pass=0.15, room=0.4)
MUSIC = Odds(speed=0.5, tilt=0.4, low_pass=0.1, room=0.25)


def source_length(n_samples: int, odds: Odds, rng: np.random.Generator) -> int:
    """Draw how many samples of a source `with_effects` turns into `n_samples`."""
    if rng.random() >= odds.speed:
        return n_samples
    return int(n_samples * SPEEDS[rng.integers(len(SPEEDS))])


def with_effects(
    waveform: Waveform, n_samples: int, odds: Odds, rng: np.random.Generator
) -> Waveform:
    """Return (1 or 2, n_samples) of a source (1 or 2, any length), in one pass over its spectrum.

    Another length than n_samples changes speed and pitch together. The sound of a room is
    different left and right, so it also makes mono sources wide.
    """
    spectrum = scipy.fft.rfft(waveform, workers=1) * np.float32(n_samples / waveform.shape[1])
    n_bins = n_samples // 2 + 1
    if spectrum.shape[1] > n_bins:
        spectrum = spectrum[:, :n_bins]
    else:
        spectrum = np.pad(spectrum, ((0, 0), (0, n_bins - spectrum.shape[1])))
    if rng.random() < odds.tilt:
        spectrum *= tilt_curve(n_bins, rng)
    if rng.random() < odds.low_pass:
        spectrum[:, int(rng.uniform(0.15, 0.8) * n_bins) :] = 0
    if rng.random() < odds.room:
        spectrum = spectrum * scipy.fft.rfft(_room(rng), n_samples)
    return np.asarray(scipy.fft.irfft(spectrum, n_samples), dtype=np.float32)


def _room(rng: np.random.Generator) -> NDArray[np.float32]:
    """Return an impulse response (2, n): the direct sound, then noise that dies away."""
    seconds = rng.uniform(*ROOM_SECONDS)
    n_samples = int(seconds * STEM_SAMPLE_RATE)
    decay = 10 ** (-3 * np.linspace(0, 1, n_samples, dtype=np.float32))
    tail = rng.standard_normal((2, n_samples), dtype=np.float32) * decay
    tail[:, : int(rng.uniform(0.0, 0.03) * STEM_SAMPLE_RATE)] = 0
    tail *= np.float32(rng.uniform(*ROOM_LEVEL)) / np.sqrt(np.square(tail).sum(axis=1)).max()
    tail[:, 0] += 1
    return tail
