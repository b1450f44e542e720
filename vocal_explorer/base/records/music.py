"""What a song is made of, as far as a mashup must know it: beats, key, phrases, loudness."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ANALYSIS_VERSION = 1  # grows whenever the same stems would give other music
PITCH_NAMES = ("C", "D♭", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
_CAMELOT_OF_C = 8  # C major is 8B; a fifth up is one step on
_MINOR_THIRD = 3  # semitones from a minor key's tonic up to that of its relative major


@dataclass(frozen=True)
class Key:
    """A key: `tonic` in semitones above C, 0 to 11, major or minor.

    `confidence`, 0 to 1, is how clearly it was heard.
    """

    tonic: int
    minor: bool
    confidence: float = 1.0

    @property
    def name(self) -> str:
        """Such as "A minor"."""
        return f"{PITCH_NAMES[self.tonic]} {'minor' if self.minor else 'major'}"

    @property
    def camelot(self) -> str:
        """The code that DJs use, such as "8A"; neighbours on its wheel of 12 go together."""
        major = self.tonic + (_MINOR_THIRD if self.minor else 0)
        number = (7 * major + _CAMELOT_OF_C - 1) % 12 + 1
        return f"{number}{'A' if self.minor else 'B'}"

    def transposed(self, semitones: int) -> "Key":
        """Return the key that it becomes when everything is moved by so many semitones."""
        return Key((self.tonic + semitones) % 12, self.minor, self.confidence)


@dataclass(frozen=True)
class Phrase:
    """A stretch that is sung without a pause; both ends in s."""

    start: float
    stop: float


@dataclass(frozen=True)
class MusicSummary:
    """What of a track's music matters when many are compared; see Music."""

    tempo: float
    stability: float
    key: Key | None
    energy: float


@dataclass(frozen=True, eq=False)
class Music:
    """What was found in the stems of one track.

    Attributes
    ----------
    beats
        Their times in s, float64 (n_beats,).
    downbeats
        Which beats begin a bar: int64 indices into `beats`, (n_bars,).
    sections
        Which bars begin a phrase of the accompaniment, mostly four or eight bars long: int64
        indices into `downbeats`, (n_sections,).
    tempo
        Beats per minute; 0 where there is no beat.
    stability
        From 0 to 1: how steady the tempo is.
    key
        Of the whole song; None where nothing has a pitch.
    phrases
        Where somebody sings, in order.
    vocals_loudness, accompaniment_loudness
        Integrated loudness of the stems in LUFS (EBU R128); -inf when silent.
    energy
        How busy the accompaniment is: clear onsets a second.
    seconds
        Length of the track.
    """

    beats: NDArray[np.float64]
    downbeats: NDArray[np.int64]
    sections: NDArray[np.int64]
    tempo: float
    stability: float
    key: Key | None
    phrases: tuple[Phrase, ...]
    vocals_loudness: float
    accompaniment_loudness: float
    energy: float
    seconds: float

    @property
    def summary(self) -> MusicSummary:
        """What matters when many tracks are compared."""
        return MusicSummary(self.tempo, self.stability, self.key, self.energy)
