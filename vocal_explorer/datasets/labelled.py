"""What every labelled dataset consists of: tracks, each with a label and some of its signals."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from vocal_explorer.base.records.tracks import Failure

OnMissing = Callable[[Failure], None]
"""Hears of each track that a dataset lists and that is not there; the rest is loaded."""


def ignore(_failure: Failure) -> None:
    """Be an OnMissing that nobody listens to."""


@dataclass(frozen=True)
class LabelledTrack:
    """One track of a labelled dataset.

    Parameters
    ----------
    name
        Says which track it is; unique in its dataset.
    singer
        The label; in artist classification the artist.
    mix, vocals, accompaniment
        Audio files, where there are any. What is missing is made from the others.
    group
        What a split keeps together or compares within: a source, or an album.
    start, seconds
        The part of the files that counts, in s; to the end where `seconds` is None.
    """

    name: str
    singer: str
    mix: Path | None = None
    vocals: Path | None = None
    accompaniment: Path | None = None
    group: str = ""
    start: float = 0.0
    seconds: float | None = None

    def __post_init__(self) -> None:
        if self.mix is None and self.vocals is None:
            raise ValueError(f"{self.name} has neither a mix nor vocals")

    @property
    def path(self) -> Path:
        """The file that stands for the track where one has to be named."""
        path = self.mix or self.vocals
        assert path is not None  # see __post_init__
        return path


@dataclass(frozen=True)
class TaggedSegment:
    """A part of a track that listeners described.

    Parameters
    ----------
    track
        The whole track.
    start, duration
        Where the segment lies, in s.
    tags
        What is true of it, in the order of the dataset's vocabulary.
    """

    track: LabelledTrack
    start: float
    duration: float
    tags: tuple[str, ...]

    @property
    def excerpt(self) -> LabelledTrack:
        """The segment as a track of its own."""
        name = f"{self.track.name} at {self.start:g} s"
        return replace(self.track, name=name, start=self.start, seconds=self.duration)
