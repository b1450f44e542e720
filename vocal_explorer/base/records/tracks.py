"""Tracks and what files say of themselves."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from vocal_explorer.base.errors import NotAnalysedError
from vocal_explorer.base.records.music import Key, MusicSummary

INSTRUMENTAL_BELOW = 0.15  # tracks with less vocal presence are instrumental


class TrackState(StrEnum):
    """How far a file of the library is."""

    WAITING = "waiting"
    ANALYSING = "analysing"
    ANALYSED = "analysed"
    STALE = "stale"
    FAILED = "failed"
    MISSING = "missing"


class StaleReason(StrEnum):
    """Why the embeddings of a track cannot be compared with those of others."""

    WEIGHTS = "weights"
    SEPARATOR = "separator"


@dataclass(frozen=True)
class Tags:
    """What a file says about itself; None where it says nothing.

    `artists` are all of them where the tag names several, and `artist` is the first.
    """

    title: str | None = None
    artist: str | None = None
    album: str | None = None
    year: int | None = None
    artists: tuple[str, ...] = ()


@dataclass(frozen=True)
class PitchRange:
    """Between which pitches a voice moves, in MIDI note numbers (69 is A4, 440 Hz).

    `low` and `high` leave out the lowest and highest 5 % of the sung time.
    """

    low: float
    median: float
    high: float


@dataclass(frozen=True)
class Track:
    """One recording of the library, or a file that failed to become one.

    `track_id` is the hash of the audio content; it is empty as long as that is not known: of a
    file that waits for its analysis, and of one that failed. `error` says why, as a clause, when
    the state is FAILED, and `stale` when it is STALE. `vocal_presence` is the share of
    the sounding time in which a voice is heard, None when it was not measured; `separator` is
    the name and version of what made the stems that this and the embeddings are of. `singers`
    are the singers one by one where there are several; `singer` names them all. `pitch_range`
    is None when the voice was not measured, or has no pitch; `music` when tempo and key were
    not looked for.
    """

    track_id: str
    path: Path
    title: str
    singer: str
    album: str = ""
    year: int | None = None
    seconds: float = 0.0
    state: TrackState = TrackState.WAITING
    error: str = ""
    vocal_presence: float | None = None
    separator: str = ""
    stale: StaleReason | None = None
    singers: tuple[str, ...] = ()
    pitch_range: PitchRange | None = None
    music: MusicSummary | None = None

    def known_id(self) -> str:
        """Return the id.

        Raises
        ------
        NotAnalysedError
            If there is none yet, or the file failed; it says why.
        """
        if not self.track_id:
            why = self.error or "it is not analysed yet"
            raise NotAnalysedError(f"{self.path.name}: {why}.")
        return self.track_id

    def is_same(self, other: "Track") -> bool:
        """Whether both are the same content, or the same file while one is not known yet."""
        if self.track_id and other.track_id:
            return self.track_id == other.track_id
        return self.path == other.path

    @property
    def instrumental(self) -> bool:
        """Whether no voice is heard, so that vocals are nothing to compare it by."""
        return self.vocal_presence is not None and self.vocal_presence < INSTRUMENTAL_BELOW

    @property
    def tempo(self) -> float | None:
        """Beats per minute; None where there is no beat, or none was looked for."""
        return self.music.tempo or None if self.music else None

    @property
    def key(self) -> Key | None:
        """The key of the whole song, if one was found."""
        return self.music.key if self.music else None


@dataclass(frozen=True)
class Failure:
    """A file that could not be analysed, and why, as a clause: "it is silent".

    `lasting` is False where another try may go well although the file does not change.
    """

    path: Path
    reason: str
    lasting: bool = True

    @property
    def sentence(self) -> str:
        """Why, with the name of the file."""
        return f"{self.path.name}: {self.reason}."
