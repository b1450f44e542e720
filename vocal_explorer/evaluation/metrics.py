"""How well a stem is isolated, in decibels."""

import numpy as np

from vocal_explorer.records import Waveform

TINY = 1e-10


def sdr(reference: Waveform, estimate: Waveform) -> float:
    """Signal-to-distortion ratio 10 log10(|s|^2 / |s - estimate|^2), in dB.

    Parameters
    ----------
    reference, estimate
        Waveforms of one shape; all samples and channels count alike.
    """
    signal = np.square(reference, dtype=np.float64).sum()
    error = np.square(reference - estimate, dtype=np.float64).sum()
    return float(10 * np.log10((signal + TINY) / (error + TINY)))
