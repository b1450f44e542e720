"""The key of a recording, from how often which pitch sounds."""

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.records.music import Key
from vocal_explorer.features.music.onsets import FINE, Frames

# Albrecht and Shanahan, "The Use of Large Corpora to Train a New Type of Key-Finding
# Algorithm", Music Perception 31(1), 2013, table 1: how often each pitch is used, from the
# tonic on.
_MAJOR = (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081)
_MINOR = (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052)
_SURE = 0.15  # lead in correlation over the next key that makes it certain
_PROFILES = np.array(
    [np.roll(profile, tonic) for profile in (_MAJOR, _MINOR) for tonic in range(12)]
)


def find_key(chroma: Frames) -> Key | None:
    """Return the key, None where nothing has a pitch.

    Parameters
    ----------
    chroma
        (n_frames, 36), as features.onsets.ChromaListener gives it.
    """
    loudness = chroma.sum(axis=1)
    if not len(chroma) or loudness.max() <= 0:
        return None
    steady = chroma / (loudness[:, None] + 0.1 * float(loudness.mean()))
    pitches = _in_tune(steady.mean(axis=0, dtype=np.float64))
    if pitches.std() < 1e-3 * pitches.mean():
        return None
    likeness = np.corrcoef(pitches, _PROFILES)[0, 1:]
    order = np.argsort(-likeness)
    best, next_best = int(order[0]), float(likeness[order[1]])
    confidence = min(max((float(likeness[best]) - next_best) / _SURE, 0.0), 1.0)
    return Key(best % 12, best >= 12, confidence)


def _in_tune(fine: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum the thirds of each semitone, moved to where most energy is in their middle."""
    options = [np.roll(fine, shift).reshape(12, FINE) for shift in (0, 1, 2)]
    best = max(options, key=lambda thirds: float(thirds[:, 1].sum()))
    return np.asarray(best.sum(axis=1))
