"""Cut a recording into the 3 s segments that an encoder takes, and level them."""

import numpy as np

from vocal_explorer.records import Waveform

TARGET_RMS = 0.1  # -20 dBFS, the level at which the encoders were trained
MINIMUM_RMS = 1e-5


def cut_segments(waveform: Waveform, length: int, hop: int) -> Waveform:
    """Return (n_segments, length) slices of a mono (n_samples,) waveform.

    The whole waveform is covered; the last segment is filled up with zeros.
    """
    n_segments = 1 + max(0, -(-(len(waveform) - length) // hop))
    padded = np.pad(waveform, (0, (n_segments - 1) * hop + length - len(waveform)))
    return np.stack([padded[i * hop : i * hop + length] for i in range(n_segments)])


def rms(segments: Waveform) -> Waveform:
    """Root mean square over the last axis."""
    return np.asarray(np.sqrt(np.mean(np.square(segments), axis=-1)), dtype=np.float32)


def level(segments: Waveform) -> Waveform:
    """Scale all segments by one factor, so that together they have TARGET_RMS."""
    overall = float(np.sqrt(np.mean(np.square(segments))))
    return np.asarray(segments * (TARGET_RMS / max(overall, MINIMUM_RMS)), dtype=np.float32)
