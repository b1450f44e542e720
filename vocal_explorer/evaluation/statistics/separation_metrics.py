"""How well a stem is isolated, in decibels."""

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.records.signals import Waveform

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


def si_sdr(reference: Waveform, estimate: Waveform) -> float:
    """Scale-invariant SDR (Le Roux et al., ICASSP 2019), in dB between -100 and 100.

    The SDR of the estimate against the multiple of the reference that is nearest to it;
    offsets do not count. Silence on either side has nothing in common: -100 dB.

    Parameters
    ----------
    reference, estimate
        Waveforms of one shape; all samples and channels count alike.
    """
    wanted, found = _centred(reference), _centred(estimate)
    share = float((wanted * found).sum())  # of `found` that lies along `wanted`
    error = float(np.square(found - share * wanted).sum()) if share else 1.0
    return float(10 * np.log10((share**2 + TINY) / (error + TINY)))


def _centred(waveform: Waveform) -> NDArray[np.float64]:
    """Return a waveform without offset and with energy 1; silence stays silence."""
    centred = waveform.astype(np.float64)
    centred -= centred.mean(axis=-1, keepdims=True)
    energy = np.square(centred).sum()
    silent = energy <= TINY * TINY * max(1, centred.size)
    return np.zeros_like(centred) if silent else np.asarray(centred / np.sqrt(energy))
