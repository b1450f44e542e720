"""Change a waveform's sample rate and its number of channels."""

import numpy as np
import soxr
from numpy.typing import NDArray

from vocal_explorer.base.records.signals import Waveform

FULL_SCALE = 2**15  # of 16-bit samples
_ASIDE = 0.5**0.5  # amplitude (-3 dB) at which centre and back channels join left and right

# Which channels make left and right; the order is WAV's and FFmpeg's (front left, front right,
# centre, low frequencies, back or side left, right ...). Low frequencies are left out.
_LEFT_AND_RIGHT: dict[int, tuple[dict[int, float], dict[int, float]]] = {
    3: ({0: 1, 2: _ASIDE}, {1: 1, 2: _ASIDE}),
    4: ({0: 1, 2: _ASIDE}, {1: 1, 3: _ASIDE}),
    5: ({0: 1, 2: _ASIDE, 3: _ASIDE}, {1: 1, 2: _ASIDE, 4: _ASIDE}),
    6: ({0: 1, 2: _ASIDE, 4: _ASIDE}, {1: 1, 2: _ASIDE, 5: _ASIDE}),
    7: ({0: 1, 2: _ASIDE, 4: 0.5, 5: _ASIDE}, {1: 1, 2: _ASIDE, 4: 0.5, 6: _ASIDE}),
    8: (
        {0: 1, 2: _ASIDE, 4: _ASIDE, 6: _ASIDE},
        {1: 1, 2: _ASIDE, 5: _ASIDE, 7: _ASIDE},
    ),
}


def resample(waveform: Waveform, source_rate: int, target_rate: int) -> Waveform:
    """Change the sample rate with a linear-phase filter; nothing is delayed.

    Parameters
    ----------
    waveform
        Shape (n_channels, n_samples) or (n_samples,).
    source_rate, target_rate
        Hz.

    Returns
    -------
    Waveform
        The same number of dimensions, about n_samples * target_rate / source_rate samples.
    """
    if source_rate == target_rate or waveform.shape[-1] == 0:
        return waveform
    resampled: Waveform = soxr.resample(waveform.T, source_rate, target_rate)
    return np.ascontiguousarray(resampled.T, dtype=np.float32)


class Resampler:
    """Changes the sample rate of sound that comes piece by piece.

    The pieces given out are together what `resample` makes of the whole.

    Parameters
    ----------
    source_rate, target_rate
        Hz.
    n_channels
        Of every piece.
    """

    def __init__(self, source_rate: int, target_rate: int, n_channels: int) -> None:
        self._same = source_rate == target_rate
        self._stream = soxr.ResampleStream(source_rate, target_rate, n_channels, dtype="float32")
        self._n_channels = n_channels

    def add(self, waveform: Waveform) -> Waveform:
        """Take (n_channels, any length) and return what is ready, (n_channels, any length)."""
        return waveform if self._same else self._resampled(waveform, last=False)

    def rest(self) -> Waveform:
        """Return what the filter still held back; nothing can be added afterwards."""
        nothing = np.zeros((self._n_channels, 0), np.float32)
        return nothing if self._same else self._resampled(nothing, last=True)

    def _resampled(self, waveform: Waveform, last: bool) -> Waveform:
        interleaved = np.ascontiguousarray(waveform.T, dtype=np.float32)
        resampled: Waveform = self._stream.resample_chunk(interleaved, last=last)
        return np.ascontiguousarray(resampled.T.reshape(self._n_channels, -1))


def to_channels(waveform: Waveform, n_channels: int) -> Waveform:
    """Give a waveform one or two channels, or leave it as it is.

    Mono is the mean of all channels, so a mono sound keeps its level on the way to stereo
    and back. Stereo from more channels mixes centre and back in without getting louder.

    Parameters
    ----------
    waveform
        Shape (n_channels, n_samples) or (n_samples,).
    n_channels
        1, 2, or the number of channels that the waveform has.

    Returns
    -------
    Waveform
        Shape (n_channels, n_samples).

    Raises
    ------
    ValueError
        If another number of channels is asked for.
    """
    channels = np.atleast_2d(waveform)
    if len(channels) == n_channels:
        return channels
    if n_channels == 1:
        mono: Waveform = channels.mean(axis=0, keepdims=True, dtype=np.float32)
        return mono
    if n_channels != 2:
        raise ValueError(f"cannot make {n_channels} channels from {len(channels)}")
    if len(channels) == 1:
        return channels.repeat(2, axis=0)
    stereo: Waveform = _stereo_weights(len(channels)) @ channels
    return stereo


def to_16_bits(waveform: Waveform) -> NDArray[np.int16]:
    """Round a waveform as a file of 16 bits keeps it; divided by FULL_SCALE it is read again.

    Parameters
    ----------
    waveform
        Any shape; what exceeds [-1, 1] is clipped.
    """
    steps = np.rint(waveform * FULL_SCALE)
    return np.clip(steps, -FULL_SCALE, FULL_SCALE - 1).astype(np.int16)


def _stereo_weights(n_channels: int) -> NDArray[np.float32]:
    weights = np.zeros((2, n_channels), np.float32)
    if n_channels in _LEFT_AND_RIGHT:
        for row, shares in zip(weights, _LEFT_AND_RIGHT[n_channels], strict=True):
            row[list(shares)] = list(shares.values())
    else:
        weights[0, ::2] = weights[1, 1::2] = 1
    normalised: NDArray[np.float32] = weights / weights.sum(axis=1, keepdims=True)
    return normalised
