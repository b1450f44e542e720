"""Vowels that stay what they are when a voice becomes higher or lower.

A transposed voice has its formants moved with its pitch. Its spectral envelope is estimated
frame by frame ("true envelope": cepstral smoothing, repeated from above until it rests on the
harmonics, Roebel and Rodet, DAFx 2005) and moved back.
"""

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.records.signals import Waveform

FRAME = 2048  # samples
HOP = 1024  # samples
PITCHES = (70.0, 700.0)  # Hz; what a fundamental may be
ROUNDS = 6
STRONGEST = 12.0  # dB by which a frequency is changed at most
_FLOOR = 1e-5  # amplitude under which there is nothing to describe

Levels = NDArray[np.float32]


def restore_formants(sound: Waveform, semitones: float, sample_rate: int) -> Waveform:
    """Give a transposed voice the formants back that it had before.

    Parameters
    ----------
    sound
        The transposed voice, (n_channels, n_samples).
    semitones
        By how much it was made higher.
    sample_rate
        Hz.

    Returns
    -------
    The same shape.
    """
    from scipy.signal import ShortTimeFFT
    from scipy.signal.windows import hann

    transform = ShortTimeFFT(hann(FRAME, sym=False).astype(np.float32), HOP, sample_rate)
    if sound.shape[1] < FRAME:
        return sound
    spectra = transform.stft(sound, axis=-1)
    levels = np.log(np.abs(spectra).mean(axis=0) + _FLOOR).T.astype(np.float32)
    levels = np.ascontiguousarray(levels)
    envelope = _envelope(levels, _order(levels, sample_rate))
    limit = STRONGEST / 20 * np.log(10)
    gains = np.exp(np.clip(_moved(envelope, 2 ** (semitones / 12)) - envelope, -limit, limit))
    restored = transform.istft(spectra * gains.T, k1=sound.shape[1], f_axis=-2, t_axis=-1)
    return np.asarray(restored, np.float32)


def _moved(envelope: Levels, ratio: float) -> Levels:
    """Return what is `ratio` times as high in each frame, (n_frames, n_bins)."""
    places = np.minimum(np.arange(envelope.shape[1]) * ratio, envelope.shape[1] - 1)
    below = places.astype(np.int64)
    above = np.minimum(below + 1, envelope.shape[1] - 1)
    share = (places - below).astype(np.float32)
    return np.asarray(envelope[:, below] * (1 - share) + envelope[:, above] * share)


def _order(levels: Levels, sample_rate: int) -> int:
    """Return how many cepstral coefficients describe an envelope without its harmonics.

    These are half a period of the fundamental, which stands out of the cepstrum.
    """
    from scipy.fft import irfft

    shortest, longest = (round(sample_rate / pitch) for pitch in reversed(PITCHES))
    loud = levels[levels.mean(axis=1) >= np.median(levels.mean(axis=1))]
    periods = irfft(loud, axis=1)[:, shortest:longest].argmax(axis=1) + shortest
    return int(np.median(periods)) // 2


def _envelope(levels: Levels, order: int) -> Levels:
    """Return the true envelope of log magnitudes (n_frames, n_bins), the same shape."""
    from scipy.fft import irfft, rfft

    raised = smooth = levels
    for _ in range(ROUNDS):
        cepstrum = irfft(raised, axis=1)
        cepstrum[:, order + 1 : -order] = 0.0
        smooth = rfft(cepstrum, axis=1).real
        raised = np.maximum(levels, smooth)
    return np.asarray(smooth)
