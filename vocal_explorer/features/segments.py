"""The level at which an encoder hears the segments of a recording."""

import numpy as np

from vocal_explorer.base.records.signals import Waveform

TARGET_RMS = 0.1  # -20 dBFS, the level at which the encoders were trained
MINIMUM_RMS = 1e-5


def rms(segments: Waveform) -> Waveform:
    """Root mean square over the last axis."""
    return np.asarray(np.sqrt(np.mean(np.square(segments), axis=-1)), dtype=np.float32)


def level(segments: Waveform) -> Waveform:
    """Scale all segments by one factor, so that together they have TARGET_RMS."""
    overall = float(np.sqrt(np.mean(np.square(segments))))
    return np.asarray(segments * (TARGET_RMS / max(overall, MINIMUM_RMS)), dtype=np.float32)
