"""What happens to sounds between a singer and a listener, done to mel power (n_frames, n_mels)."""

from functools import cache

import librosa
import numpy as np
import scipy.signal
from numpy.typing import NDArray

from vocal_explorer.base.config import MelConfig

Power = NDArray[np.float32]

EQUALISER_POINTS = 6
CUT = 1e-3  # what a band limit leaves of the power above it


def mean_square(power: Power, config: MelConfig) -> NDArray[np.float32]:
    """Return the mean square of the samples under each frame, (n_frames,), by Parseval."""
    return np.asarray(power @ _band_energy(config), dtype=np.float32)


def random_equaliser(n_mels: int, decibels: float, rng: np.random.Generator) -> Power:
    """Return smooth gains of mel power (n_mels,) of up to `decibels`."""
    corners = np.linspace(0, n_mels - 1, EQUALISER_POINTS)
    gains = rng.uniform(-decibels, decibels, EQUALISER_POINTS)
    return np.asarray(10 ** (np.interp(np.arange(n_mels), corners, gains) / 10), dtype=np.float32)


def random_band_limit(power: Power, rng: np.random.Generator) -> Power:
    """Cut everything above a random band of the upper half."""
    limited = power.copy()
    limited[:, int(rng.uniform(0.47, 0.98) * power.shape[1]) :] *= CUT
    return limited


def random_room(power: Power, rng: np.random.Generator) -> Power:
    """Add a room's sound: power that dies away over 0.1 to 0.5 s."""
    stay = rng.uniform(0.5, 0.85)
    room = scipy.signal.lfilter([1 - stay], [1, -stay], power, axis=0)
    return np.asarray(power + rng.uniform(0.1, 0.6) * room, dtype=np.float32)


@cache
def _band_energy(config: MelConfig) -> NDArray[np.float32]:
    """Return what one unit of each band's mel power is in mean square, (n_mels,)."""
    edges = librosa.mel_frequencies(config.n_mels + 2, fmin=0, fmax=config.sample_rate / 2)
    widths = (edges[2:] - edges[:-2]) / 2  # the filterbank divides by them
    window = scipy.signal.get_window("hann", config.n_fft)
    scale = 2 / (config.n_fft * float(np.sum(window**2)))
    return np.asarray(widths * scale, dtype=np.float32)


@cache
def frequency_warp(config: MelConfig, ratio: float) -> Power:
    """Return the matrix (n_mels, n_mels) that multiplies every frequency: power @ matrix.

    Formants and harmonics move together, as at another playback speed, but the tempo stays.
    """
    highest = config.sample_rate / 2
    frequencies = librosa.mel_frequencies(config.n_mels, fmin=0, fmax=highest)
    bands = np.arange(config.n_mels)
    sources = np.interp(frequencies / ratio, frequencies, bands)
    lower = np.clip(sources.astype(int), 0, config.n_mels - 2)
    share = sources - lower
    inside = frequencies / ratio <= highest
    matrix = np.zeros((config.n_mels, config.n_mels), dtype=np.float32)
    matrix[lower[inside], bands[inside]] += 1 - share[inside]
    matrix[lower[inside] + 1, bands[inside]] += share[inside]
    return matrix
