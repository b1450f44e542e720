"""What can be done with one file: plain data that any process can do."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from vocal_explorer.analysis.boundary import attempt
from vocal_explorer.analysis.pipeline import Analysis, Embedder, analyse_file
from vocal_explorer.audio.files import audio_info, content_id
from vocal_explorer.audio.tags import guess_label, read_tags
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.tracks import Failure, Tags
from vocal_explorer.separation.separator import Separator
from vocal_explorer.separation.stem_cache import StemCache

_Result = TypeVar("_Result", covariant=True)


class Tools(Protocol):
    """What files are analysed with."""

    @property
    def separator(self) -> Separator:
        """Isolates the vocals."""

    @property
    def embedder(self) -> Embedder:
        """Gives the embeddings."""

    @property
    def cache(self) -> StemCache:
        """Keeps the stems."""


@dataclass(frozen=True)
class LoadedTools:
    """Tools that are there already."""

    separator: Separator
    embedder: Embedder
    cache: StemCache


class Job(Protocol[_Result]):
    """Something to do with the file `path`: frozen data, so that it can be sent anywhere."""

    @property
    def path(self) -> Path:
        """The file."""

    def run(self, tools: Tools, progress: Progress) -> _Result:
        """Do it; any exception is the file's failure."""


def do(job: Job[_Result], tools: Tools, progress: Progress) -> _Result | Failure:
    """Do a job, in whatever process; see boundary.attempt for what it raises."""
    return attempt(job.path, partial(job.run, tools, progress))


@dataclass(frozen=True)
class Measure:
    """Tell how long a file sounds, in s."""

    path: Path

    def run(self, _tools: Tools, _progress: Progress) -> float:
        """Return the length."""
        return audio_info(self.path).seconds


@dataclass(frozen=True)
class ReadTags:
    """Read what a file says of itself, and guess the rest from its name."""

    path: Path

    def run(self, _tools: Tools, _progress: Progress) -> Tags:
        """Return title and artist, and what else is known."""
        return tags_of(self.path)


@dataclass(frozen=True)
class Identity:
    """Which recording a file holds, and what it says of it."""

    track_id: str
    tags: Tags


@dataclass(frozen=True)
class Identify:
    """Recognise a file by its sound, and read its tags."""

    path: Path

    def run(self, _tools: Tools, _progress: Progress) -> Identity:
        """Return both."""
        return Identity(content_id(self.path), tags_of(self.path))


@dataclass(frozen=True)
class Analyse:
    """Separate a file into the cache, embed it, and find its music."""

    path: Path
    track_id: str

    def run(self, tools: Tools, progress: Progress) -> Analysis:
        """Return all that is found."""
        return analyse_file(
            self.path, self.track_id, tools.separator, tools.embedder, tools.cache, progress
        )


def tags_of(path: Path) -> Tags:
    """Return a file's tags, completed from its name; damaged ones count as none."""
    tags = attempt(path, partial(read_tags, path))
    return guess_label(path, Tags() if isinstance(tags, Failure) else tags)
