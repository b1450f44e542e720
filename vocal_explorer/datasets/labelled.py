"""What every labelled dataset consists of: tracks, each with a label and some of its signals."""

from dataclasses import dataclass
from pathlib import Path


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
    """

    name: str
    singer: str
    mix: Path | None = None
    vocals: Path | None = None
    accompaniment: Path | None = None
    group: str = ""

    def __post_init__(self) -> None:
        if self.mix is None and self.vocals is None:
            raise ValueError(f"{self.name} has neither a mix nor vocals")
