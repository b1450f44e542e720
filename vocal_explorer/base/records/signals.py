"""Sound and vectors as arrays, and what they are of."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Waveform = NDArray[np.float32]
"""Samples in [-1, 1], shape (n_channels, n_samples) or (n_samples,)."""


Embedding = NDArray[np.float32]
"""One vector, shape (n,), or several, shape (n_vectors, n)."""


class Domain(StrEnum):
    """Which signal an embedding came from."""

    VOCALS = "vocals"
    MIX = "mix"


class Stem(StrEnum):
    """What of a track can be heard: the mix, or what was separated from it."""

    MIX = "mix"
    VOCALS = "vocals"
    ACCOMPANIMENT = "accompaniment"


STEMS = (Stem.VOCALS, Stem.ACCOMPANIMENT)
"""What a mix is separated into."""


@dataclass(frozen=True)
class Stems:
    """Vocals and accompaniment of one mix, float32 (n_channels, n_samples), equally long."""

    vocals: Waveform
    accompaniment: Waveform
    sample_rate: int
