"""Which segments contain voice, and how much of a track does, judged from isolated vocals."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Levels = NDArray[np.floating[Any]]

BELOW_LOUD = 10 ** (-15 / 20)  # a segment this far under the loud ones is bleeding, not singing
LOUD_PERCENTILE = 90
SOUNDING = 10 ** (-30 / 20)  # a window this far under the loud ones of the mix is a pause
VOICED = 10 ** (-10 / 20)  # vocals this far under the mix may be what a separator leaks


def active_segments(levels: Levels) -> NDArray[np.bool_]:
    """Return which segments of isolated vocals have voice, judged by their rms (n_segments,).

    A segment counts when its level is at most 15 dB under the loud ones (90th
    percentile) of the same recording. At least one segment counts always.
    """
    return np.asarray(levels >= BELOW_LOUD * np.percentile(levels, LOUD_PERCENTILE))


def vocal_presence(vocals_levels: Levels, mix_levels: Levels) -> float:
    """Return the share of a track's sounding time in which a voice is heard, 0 to 1.

    A voice is heard in a window when the vocals are less than 10 dB under the mix there
    and in a window beside it: single windows are where separators leak most. With less
    than records.INSTRUMENTAL_BELOW a track is instrumental; benchmarks/vocal_presence.py
    measures how often that is wrong.

    Parameters
    ----------
    vocals_levels, mix_levels
        Root mean square of consecutive windows of 1.5 s (half a segment) of the
        isolated vocals and of the mix, both (n_windows,), in the same unit.
    """
    if not mix_levels.any():
        return 0.0
    n_sounding = int(_sounding(mix_levels).sum())
    return float(voiced_windows(vocals_levels, mix_levels).sum() / n_sounding)


def voiced_windows(vocals_levels: Levels, mix_levels: Levels) -> NDArray[np.bool_]:
    """Return in which windows a voice is heard, (n_windows,); see `vocal_presence`."""
    if not len(mix_levels):
        return np.zeros(0, bool)
    loud_enough = _sounding(mix_levels) & (vocals_levels >= VOICED * mix_levels)
    beside = np.pad(loud_enough, 1, mode="edge")
    return np.asarray(loud_enough & (beside[:-2] | beside[2:]))


def _sounding(mix_levels: Levels) -> NDArray[np.bool_]:
    return np.asarray(mix_levels > SOUNDING * np.percentile(mix_levels, LOUD_PERCENTILE))
