"""Which segments contain voice, judged from the isolated vocals."""

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.features.segments import rms
from vocal_explorer.records import Waveform

BELOW_LOUD = 10 ** (-15 / 20)  # a segment this far under the loud ones is bleeding, not singing
LOUD_PERCENTILE = 90


def active_segments(vocals: Waveform) -> NDArray[np.bool_]:
    """Return which of the (n_segments, length) segments of isolated vocals have voice.

    A segment counts when its level is at most 15 dB under the loud ones (90th
    percentile) of the same recording. At least one segment counts always.
    """
    levels = rms(vocals)
    return np.asarray(levels >= BELOW_LOUD * np.percentile(levels, LOUD_PERCENTILE))
