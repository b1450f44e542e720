"""Matches as plain data: how well a track's vocals go with another's accompaniment, and where."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.records.ranking import RankedTrack
from vocal_explorer.base.records.signals import Stems, Waveform


class Moved(StrEnum):
    """Which side is made faster or slower, and higher or lower, so that both fit.

    AUTO is the vocals as far as they stay natural (12 %, 3 semitones), and the
    accompaniment for the rest.
    """

    AUTO = "auto"
    VOCALS = "vocals"
    ACCOMPANIMENT = "accompaniment"
    NOTHING = "nothing"


@dataclass(frozen=True)
class MatchTerms:
    """Why a match is good or bad: each part from 0 to 1, None where it is not known.

    Attributes
    ----------
    similarity
        Of the vocals' f_v and the mix's f_m, as in the paper: 1 for the most similar of all
        candidates, 0 for the middle one and those below it.
    tempo, key, overlap, energy
        How little has to be stretched; how well the keys go together after the best
        transposition; how well sung stretches fall where the accompaniment's own singer
        sang; how alike the accompaniments are in energy.
    beats
        How many beats of the vocals go with how many of the accompaniment, as (1, 2).
    stretch
        How much faster the vocals become, 1.05 is 5 %, if only they are moved.
    semitones
        By how much the vocals become higher, if only they are moved; -6 to 6.
    """

    similarity: float | None = None
    tempo: float | None = None
    key: float | None = None
    overlap: float | None = None
    energy: float | None = None
    beats: tuple[int, int] | None = None
    stretch: float | None = None
    semitones: int | None = None


@dataclass(frozen=True)
class MatchWeights:
    """How much each part counts, from 0 on; their scale does not matter."""

    similarity: float = 1.0
    tempo: float = 1.0
    key: float = 1.0
    overlap: float = 0.5
    energy: float = 0.5


MASHUP_LOUDNESS = -14.0  # LUFS; what streaming services play music at
PAPER_WEIGHTS = MatchWeights(1.0, 0.0, 0.0, 0.0, 0.0)
"""The ranking of the paper: nothing but similarity counts."""


@dataclass(frozen=True)
class Match(RankedTrack):
    """A ranked accompaniment (or voice).

    `score` is the weighted mean of its parts, 0 to 1.
    """

    score: float = 0.0
    parts: MatchTerms = MatchTerms()


@dataclass(frozen=True)
class Fit:
    """What a user decides about a mashup; the defaults leave everything to the program.

    Attributes
    ----------
    moved
        Which side is moved.
    stretch, transpose
        Whether tempo and key are made equal at all.
    semitones
        By how much the vocals are to be higher in relation to the accompaniment; None: as
        the keys say.
    bars
        How many bars later than proposed the vocals enter.
    beats
        How many beats later still.
    nudge
        How many seconds later still.
    vocals_gain_db, accompaniment_gain_db
        Louder or softer than proposed.
    """

    moved: Moved = Moved.AUTO
    stretch: bool = True
    transpose: bool = True
    semitones: int | None = None
    bars: int = 0
    beats: int = 0
    nudge: float = 0.0
    vocals_gain_db: float = 0.0
    accompaniment_gain_db: float = 0.0


@dataclass(frozen=True, eq=False)
class Alignment:
    """Where both stems are heard in a mashup, and how they are changed.

    Attributes
    ----------
    seconds
        Length of the mashup.
    anchors
        float64 (n_anchors, 3), increasing in every column: a time of the mashup, and what
        of the vocals and of the accompaniment is heard then, in s of their own recordings;
        in between, straight lines. Times before 0 or behind the end of a recording are
        silent.
    beats
        Times of the beats in the mashup in s, (n_beats,).
    downbeats
        Which of them begin a bar, int64 indices into `beats`.
    vocals_semitones, accompaniment_semitones
        By how much each is made higher.
    vocals_gain_db, accompaniment_gain_db
        How much louder each becomes.
    """

    seconds: float
    anchors: NDArray[np.float64]
    beats: NDArray[np.float64]
    downbeats: NDArray[np.int64]
    vocals_semitones: float
    accompaniment_semitones: float
    vocals_gain_db: float
    accompaniment_gain_db: float

    def vocals_time(self, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return which moment of the vocals' recording is heard at moments of the mashup."""
        return np.interp(seconds, self.anchors[:, 0], self.anchors[:, 1])

    def accompaniment_time(self, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the same of the accompaniment's recording."""
        return np.interp(seconds, self.anchors[:, 0], self.anchors[:, 2])


@dataclass(frozen=True)
class Mashup:
    """One track's vocals over another track's accompaniment.

    `stems` sum up to it; `settings` is all that is needed to render the same again.
    """

    stems: Stems
    settings: Mapping[str, Any]

    @property
    def waveform(self) -> Waveform:
        """How it sounds, (n_channels, n_samples)."""
        return self.stems.vocals + self.stems.accompaniment

    @property
    def sample_rate(self) -> int:
        """Hz."""
        return self.stems.sample_rate
