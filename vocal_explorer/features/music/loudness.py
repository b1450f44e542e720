"""Integrated loudness (ITU-R BS.1770-4, EBU R 128), of sound that streams by or is there."""

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.records.signals import Waveform

STEP = 0.1  # s; blocks of 0.4 s overlap by three quarters
STEPS_PER_BLOCK = 4
SILENCE = -70.0  # LUFS; the absolute gate
RELATIVE_GATE = -10.0  # LU
_OFFSET = -0.691  # dB


class LoudnessMeter:
    """Measures a recording piece by piece.

    Parameters
    ----------
    sample_rate
        Hz.
    n_channels
        One or two, which count alike.
    """

    def __init__(self, sample_rate: int, n_channels: int = 2) -> None:
        from pyloudnorm.iirfilter import IIRfilter

        shelf = IIRfilter(4.0, 1 / np.sqrt(2), 1500.0, sample_rate, "high_shelf")
        high_pass = IIRfilter(0.0, 0.5, 38.0, sample_rate, "high_pass")
        self._sections = np.array([np.concatenate((f.b, f.a)) for f in (shelf, high_pass)])
        self._state = np.zeros((len(self._sections), n_channels, 2))
        self._n_step = round(STEP * sample_rate)
        self._rest = np.zeros((n_channels, 0))
        self._energies = bytearray()

    def add(self, waveform: Waveform) -> None:
        """Take the next piece, (n_channels, any length)."""
        from scipy.signal import sosfilt

        if not waveform.shape[1]:
            return
        weighted, self._state = sosfilt(self._sections, waveform, axis=1, zi=self._state)
        weighted = np.concatenate((self._rest, weighted), axis=1)
        n_steps = weighted.shape[1] // self._n_step
        used = n_steps * self._n_step
        steps = np.square(weighted[:, :used]).reshape(len(weighted), n_steps, self._n_step)
        self._energies += steps.mean(axis=2).sum(axis=0).tobytes()
        self._rest = weighted[:, used:].copy()

    def integrated(self) -> float:
        """Return the loudness in LUFS of what was heard; -inf for silence or less than 0.4 s."""
        steps = np.frombuffer(self._energies, np.float64)
        if len(steps) < STEPS_PER_BLOCK:
            return float("-inf")
        blocks = np.convolve(steps, np.full(STEPS_PER_BLOCK, 1 / STEPS_PER_BLOCK), "valid")
        loud = blocks[_lufs(blocks) >= SILENCE]
        if not len(loud):
            return float("-inf")
        gate = _lufs(loud.mean()) + RELATIVE_GATE
        return float(_lufs(loud[_lufs(loud) > gate].mean()))


def loudness(waveform: Waveform, sample_rate: int) -> float:
    """Return the integrated loudness in LUFS of (n_channels, n_samples); -inf as the meter."""
    meter = LoudnessMeter(sample_rate, len(waveform))
    meter.add(waveform)
    return meter.integrated()


def _lufs(energy: NDArray[np.float64] | np.floating) -> NDArray[np.float64]:
    return np.asarray(_OFFSET + 10 * np.log10(np.maximum(energy, 1e-12)))
