"""Where somebody sings, to a tenth of a second."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.records.music import Phrase
from vocal_explorer.features.vocal_activity import BELOW_LOUD, LOUD_PERCENTILE, VOICED

STEP = 0.1  # s between levels
LONGEST_BREATH = 0.6  # s; a shorter pause is part of a phrase
SHORTEST_PHRASE = 0.3  # s

Levels = NDArray[np.float64]


class LevelListener:
    """Hears mono sound piece by piece, and keeps its level every tenth of a second."""

    def __init__(self, sample_rate: int) -> None:
        self._n_step = round(STEP * sample_rate)
        self._rest = np.zeros(0, np.float32)
        self._levels = bytearray()

    def add(self, mono: NDArray[np.float32]) -> None:
        """Hear the next piece, (any length,)."""
        samples = np.concatenate((self._rest, mono))
        n_steps = len(samples) // self._n_step
        used = samples[: n_steps * self._n_step].reshape(n_steps, self._n_step)
        self._levels += np.sqrt(np.square(used, dtype=np.float64).mean(axis=1)).tobytes()
        self._rest = samples[n_steps * self._n_step :].copy()

    def levels(self) -> Levels:
        """Return the root mean square of each tenth of a second, (n_steps,)."""
        return np.frombuffer(self._levels, np.float64)


def find_phrases(vocals: Levels, accompaniment: Levels) -> tuple[Phrase, ...]:
    """Return the stretches that are sung without a pause.

    Parameters
    ----------
    vocals, accompaniment
        Levels of the stems every tenth of a second, both (n_steps,). Vocals that are over
        15 dB under their loud moments, or 10 dB under the mix, are no singing.
    """
    if not vocals.any():
        return ()
    mix = np.hypot(vocals, accompaniment)
    loud = vocals >= BELOW_LOUD * np.percentile(vocals[vocals > 0], LOUD_PERCENTILE)
    sung = loud & (vocals >= VOICED * mix)
    edges = np.flatnonzero(np.diff(sung, prepend=False, append=False)).reshape(-1, 2)
    longest = round(LONGEST_BREATH / STEP)
    breaks = [n for n, (one, other) in enumerate(pairwise(edges), 1) if other[0] - one[1] > longest]
    groups = np.split(edges, breaks) if len(edges) else []
    phrases = (Phrase(float(group[0, 0]) * STEP, float(group[-1, 1]) * STEP) for group in groups)
    return tuple(phrase for phrase in phrases if phrase.stop - phrase.start >= SHORTEST_PHRASE)
