"""The plain data that crosses layers: frozen, without torch and without Qt."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.music import Key, MusicSummary

Waveform = NDArray[np.float32]
"""Samples in [-1, 1], shape (n_channels, n_samples) or (n_samples,)."""

Embedding = NDArray[np.float32]
"""One vector, shape (n,), or several, shape (n_vectors, n)."""


INSTRUMENTAL_BELOW = 0.15  # tracks with less vocal presence are instrumental


class Domain(StrEnum):
    """Which signal an embedding came from."""

    VOCALS = "vocals"
    MIX = "mix"


class Space(StrEnum):
    """What similarity is computed in, in the paper's notation (section 4.2.1)."""

    M = "M"
    V = "V"
    SUM = "M+V"
    JOINT = "M,V"


@dataclass(frozen=True)
class Blend:
    """Similarity between those of both domains: a times V plus (1 - a) times M.

    `vocals` is a, in [0, 1]; at 1/2 it is the joint space M,V of the paper. With
    `hub_corrected`, rankings go by CSLS; see index.hubness.
    """

    vocals: float = 0.5
    hub_corrected: bool = False


Comparison = Space | Blend
"""What a ranking compares by."""

Query = str | tuple[str, ...]
"""What a ranking is about: a track_id, or those of a set, whose mean is searched with."""


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


class Part(StrEnum):
    """What of a track can be heard."""

    MIX = "mix"
    VOCALS = "vocals"
    ACCOMPANIMENT = "accompaniment"


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

    `track_id` is the hash of the audio content; a file that could not be read has
    its path instead. `error` is one sentence when the state is FAILED, and `stale` says
    why when it is STALE. `vocal_presence` is the share of the sounding time in which a
    voice is heard, None when it was not measured; `separator` is the name and version
    of what made the stems that this and the embeddings are of. `singers` are the singers
    one by one where there are several; `singer` names them all.
    `pitch_range` is None when the voice was not measured, or has no pitch; `music` when
    tempo and key were not looked for.
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
    """A file that could not be analysed, and why, in one sentence."""

    path: Path
    reason: str


@dataclass(frozen=True)
class LibraryFolder:
    """A folder of the library: how many of its files are tracks, and how many failed.

    `there` is False while its drive is missing; `watched` is whether changes in it are
    noticed.
    """

    path: Path
    n_tracks: int
    n_failed: int
    there: bool
    watched: bool = False


@dataclass(frozen=True)
class StemRoom:
    """Where a library keeps stems, and how many bytes they take and may take."""

    folder: Path
    used: int
    limit: int


@dataclass(frozen=True)
class SeparatorChoice:
    """A separator that the user may choose.

    `chosen` is what the library is set to; `current` is what makes its stems, which is
    another one when the choice is "auto".
    """

    name: str
    title: str
    text: str
    installed: bool
    chosen: bool = False
    current: bool = False


@dataclass(frozen=True)
class PairChoice:
    """An encoder pair that the user may choose; `chosen` is what the library is heard with."""

    name: str
    title: str
    text: str
    folder: Path
    learnt: bool = False
    chosen: bool = False


@dataclass(frozen=True)
class LearnOptions:
    """How a pair is fitted to a library; names and defaults as on the command line."""

    scheme: str = "cross-sp"
    out: Path | None = None
    start: Path | None = None
    preset: str = "library"
    resume: bool = False
    seed: int = 0
    minutes: float | None = None
    device: str | None = None
    cache: Path | None = None


@dataclass(frozen=True)
class Learnt:
    """What learning a library came to.

    `before` and `after` are how many of `n_queries` held-out songs, by one of `n_singers`
    singers each, had the right singer first: with the pair in use then, and with the new
    one. `pair` is the name of the pair in use now; `weights` is where the new one lies,
    None where it was thrown away. Songs that could not be used are `failures`.
    """

    before: Mapping[Space, int]
    after: Mapping[Space, int]
    n_queries: int
    n_singers: int
    adopted: bool
    pair: str
    weights: Path | None
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True)
class Stems:
    """Vocals and accompaniment of one mix, float32 (n_channels, n_samples), equally long."""

    vocals: Waveform
    accompaniment: Waveform
    sample_rate: int


@dataclass(frozen=True)
class RankedTrack:
    """A track in a ranking; rank starts at 1, similarity is a cosine.

    `versions` are the other tracks of its song, copies too, for which it stands.
    """

    rank: int
    track: Track
    similarity: float
    versions: tuple[Track, ...] = ()


@dataclass(frozen=True)
class RankedSinger:
    """A singer in a ranking, and how many tracks made the singer model."""

    rank: int
    singer: str
    similarity: float
    n_tracks: int


@dataclass(frozen=True)
class SegmentPair:
    """A segment of one track's vocals and one of another's that are alike; starts are in s."""

    first_start: float
    second_start: float
    similarity: float


@dataclass(frozen=True)
class WhySimilar:
    """What two tracks have in common.

    `voice` and `mix` are cosines, `voice` None if one of them is instrumental;
    `pitch_overlap` is from 0 to 1, None if one has no pitch range. `pairs` of segments
    begin with the most similar one.
    """

    voice: float | None
    mix: float
    pitch_overlap: float | None
    pairs: tuple[SegmentPair, ...]


@dataclass(frozen=True)
class Hubness:
    """How unequally tracks are found: see index.hubness.

    `most` is how many of `n_tracks` have the most frequent neighbour among their `k`
    nearest; `skewness` is that of these counts, 0 when they are symmetric.
    """

    most: int
    skewness: float
    n_tracks: int
    k: int


@dataclass(frozen=True)
class MapPoint:
    """Where a track lies on a map; both coordinates are in [0, 1]."""

    track_id: str
    x: float
    y: float


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


@dataclass(frozen=True)
class ScanSummary:
    """What one scan did; `seconds` is its own time, `audio_seconds` what it analysed.

    `completed` are those of the unchanged tracks of which something was missing that is
    known now.
    """

    analysed: int = 0
    unchanged: int = 0
    completed: int = 0
    failed: tuple[Failure, ...] = field(default=())
    seconds: float = 0.0
    audio_seconds: float = 0.0
