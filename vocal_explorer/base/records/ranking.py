"""What rankings compare by, and what they and the maps say."""

from dataclasses import dataclass
from enum import StrEnum

from vocal_explorer.base.records.tracks import Track


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
    `hub_corrected`, rankings go by CSLS; see ranking.hubness.
    """

    vocals: float = 0.5
    hub_corrected: bool = False


Comparison = Space | Blend
"""What a ranking compares by."""


Query = str | tuple[str, ...]
"""What a ranking is about: a track_id, or those of a set, whose mean is searched with."""


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
    """How unequally tracks are found: see ranking.hubness.

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
class ClusterName:
    """What tells a cluster from others: the singers of most of its tracks, most frequent first.

    `pitch` is the middle of its voices in MIDI note numbers, `tempo` that of its tempos in
    beats per minute; None where it is not known, or its tracks differ too much in it.
    """

    singers: tuple[str, ...]
    pitch: float | None
    tempo: float | None
    n_tracks: int
