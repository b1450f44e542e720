"""The picture of an album, whatever state its files are in."""

from functools import partial
from pathlib import Path

from vocal_explorer.analysis.boundary import attempt
from vocal_explorer.audio.artwork import cover_beside, embedded_cover
from vocal_explorer.base.records.tracks import Failure


def read_cover(path: Path) -> bytes | None:
    """Return the encoded picture that belongs to a song, None if there is none."""
    embedded = attempt(path, partial(embedded_cover, path))
    return cover_beside(path) if isinstance(embedded, Failure) or not embedded else embedded
