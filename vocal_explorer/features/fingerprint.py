"""What a recording sounds like from half second to half second, small enough to be kept.

After Haitsma & Kalker (A highly robust audio fingerprinting system, ISMIR 2002): energies in
bands on a logarithmic scale. Here they are kept in whole decibels, 32 bytes a second.
"""

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.records.signals import Waveform

Fingerprint = NDArray[np.int8]
"""Band levels in dB, (n_frames, N_BANDS), FRAMES_PER_SECOND frames a second."""

FRAMES_PER_SECOND = 2
N_BANDS = 16
LOWEST, HIGHEST = 100.0, 4_500.0  # Hz; what codecs and small loudspeakers keep
FLOOR = 1e-10  # power, -100 dB


class Fingerprinter:
    """Takes mono sound piece by piece.

    Parameters
    ----------
    sample_rate
        Hz.
    """

    def __init__(self, sample_rate: int) -> None:
        self._n_frame = sample_rate // FRAMES_PER_SECOND
        edges = np.geomspace(LOWEST, HIGHEST, N_BANDS + 1)
        bins = np.round(edges * self._n_frame / sample_rate).astype(np.int64)
        self._first, self._stop = bins[:-1], bins[-1]
        self._waiting = np.zeros(0, np.float32)
        self._powers: list[NDArray[np.float32]] = []

    def add(self, mono: Waveform) -> None:
        """Take the next piece, (n_samples,)."""
        sound = np.concatenate((self._waiting, mono))
        n_whole = len(sound) // self._n_frame * self._n_frame
        frames = sound[:n_whole].reshape(-1, self._n_frame)
        spectrum = np.fft.rfft(frames, axis=1)[:, : self._stop]
        power = np.square(np.abs(spectrum)) / self._n_frame**2
        self._powers.append(np.add.reduceat(power, self._first, axis=1).astype(np.float32))
        self._waiting = sound[n_whole:].copy()

    def fingerprint(self) -> Fingerprint:
        """Return the fingerprint of all that was taken; a last half frame is left out."""
        power = np.concatenate([*self._powers, np.empty((0, N_BANDS), np.float32)])
        smooth = (power[:-1] + power[1:]) / 2  # so that half a frame of shift matters little
        levels = 10 * np.log10(np.maximum(smooth, FLOOR))
        return np.asarray(np.clip(np.round(levels), -127, 127), dtype=np.int8)
