"""Levels, and a random equaliser for waveforms."""

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.records.signals import Waveform

TILT_POINTS = 6
SILENCE = 1e-3  # rms


def rms(waveform: Waveform) -> float:
    """Root mean square of all samples."""
    return float(np.sqrt(np.mean(np.square(waveform))))


def tilt_curve(n_bins: int, rng: np.random.Generator, decibels: float = 6.0) -> NDArray[np.float32]:
    """Return the random equaliser's amplitude at each bin, (n_bins,)."""
    corners = np.log(np.geomspace(1.0, n_bins, TILT_POINTS))
    gains = rng.uniform(-decibels, decibels, TILT_POINTS)
    curve = np.interp(np.log(np.arange(1, n_bins + 1)), corners, gains)
    return np.asarray(10 ** (curve / 20), dtype=np.float32)
