"""What a library is set to, and what scans and trainings of it gave."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vocal_explorer.base.records.ranking import Space
from vocal_explorer.base.records.tracks import Failure


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
class ScanOptions:
    """What a scan is to look at, and who does it.

    Attributes
    ----------
    refresh
        Whether tracks that were analysed in another way are analysed again; those that
        are wanted are in any case.
    reread
        Whether the tags of all files are read again, changed or not.
    workers
        How many processes analyse, if any do; None stands for as many as there is room for.
    """

    refresh: bool = True
    reread: bool = False
    workers: int | None = None


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
