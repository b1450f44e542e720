"""What the window needs of the application, by role; every method may be called in any thread.

One object, the Session, is handed in, and each part of the window takes the roles that it needs.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.progress import Progress, Steering
from vocal_explorer.base.records.library import (
    Learnt,
    LibraryFolder,
    PairChoice,
    ScanSummary,
    SeparatorChoice,
    StemRoom,
)
from vocal_explorer.base.records.ranking import (
    Blend,
    Comparison,
    Hubness,
    MapPoint,
    Query,
    RankedSinger,
    RankedTrack,
    SegmentPair,
    WhySimilar,
)
from vocal_explorer.base.records.signals import Domain, Stem, Waveform
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.ui.base.mashup_ports import Mashups

ShowPoints = Callable[[Sequence[str], NDArray[np.float64]], None]
"""Is given track ids and where they lie so far, (n, 2) in [0, 1]."""


class Folders(Protocol):
    """The folders of the library."""

    def paths(self) -> list[Path]:
        """Return the folders."""
        ...

    def states(self) -> list[LibraryFolder]:
        """Return the folders with what is in them."""
        ...

    def add(self, paths: Iterable[Path]) -> None:
        """Remember folders."""
        ...

    def remove(self, folder: Path) -> None:
        """Forget a folder and where its files are; the files stay."""
        ...

    def watch(self, on_change: Callable[[list[Path]], None]) -> None:
        """Call `on_change`, in any thread, with folders in which something changed."""
        ...

    def close(self) -> None:
        """Stop watching."""
        ...


class StemStore(Protocol):
    """How much room separated stems take."""

    def room(self) -> StemRoom:
        """Return where stems lie, and how many bytes they take and may take."""
        ...

    def set_limit(self, limit: int) -> StemRoom:
        """Keep at most so many bytes from now on."""
        ...

    def clear(self) -> StemRoom:
        """Remove all stems."""
        ...

    def move(self, place: Path, take_along: bool, progress: Progress) -> StemRoom:
        """Keep stems in another place from now on; cancelled, everything is as it was."""
        ...


class Labels(Protocol):
    """What the user calls the singers."""

    def change(
        self, track_ids: Sequence[str], singers: Sequence[str]
    ) -> list[tuple[str | None, str]]:
        """Give tracks singers, none to bring the file's own back; return what undoes it."""
        ...

    def restore(self, labels: Sequence[tuple[str | None, str]]) -> object:
        """Undo a change."""
        ...

    def merge(self, spellings: Iterable[str], singer: str) -> dict[str, str]:
        """Let names stand for another one; return what undoes it."""
        ...

    def separate(self, spellings: Iterable[str]) -> dict[str, str]:
        """Let names stand for themselves again; return what undoes it."""
        ...

    def replace_merged(self, spellings: Mapping[str, str]) -> None:
        """Undo a merge or a separation."""
        ...

    def merged(self) -> dict[str, str]:
        """Return all merged spellings, and the name that each stands for."""
        ...


class Covers(Protocol):
    """Pictures of albums."""

    def cover(self, path: Path) -> bytes | None:
        """Return the encoded picture of a song's album, None if there is none."""
        ...


class Sounds(Protocol):
    """What can be heard."""

    def part(self, track: Track, part: Stem, progress: Progress) -> tuple[Waveform, int]:
        """Return the waveform (n_channels, n_samples) of a part, and its sample rate in Hz."""
        ...

    def kept_stem(self, track: Track, part: Stem) -> tuple[Waveform, int] | None:
        """Return vocals or accompaniment, as `part` does, or None if they are not kept."""
        ...

    def part_file(self, track: Track, part: Stem, progress: Progress) -> Path:
        """Return a file of a part that other programs may have."""
        ...

    def pair_sound(
        self, first_id: str, second_id: str, pair: SegmentPair, part: Stem, progress: Progress
    ) -> tuple[Waveform, int]:
        """Return a pair of segments, one after the other, and the sample rate in Hz."""
        ...


class Catalogue(Protocol):
    """Which tracks there are."""

    def tracks(self) -> tuple[Track, ...]:
        """Return all tracks, failed and missing ones too; the same tuple until one changes."""
        ...


class Rankings(Protocol):
    """What is alike."""

    def similar_tracks(
        self, query: Query, by: Comparison, top_n: int, all_versions: bool
    ) -> list[RankedTrack]:
        """Return the most similar tracks, each song once unless `all_versions`."""
        ...

    def rank_singers(self, query: Query, by: Comparison, top_n: int) -> list[RankedSinger]:
        """Return the most similar singers."""
        ...

    def hub_effect(self, blend: Blend) -> tuple[Hubness, Hubness]:
        """Return how unequally tracks are found before and after the correction of hubs."""
        ...

    def why_similar(self, first_id: str, second_id: str, progress: Progress) -> WhySimilar:
        """Return what two tracks have in common."""
        ...


class Maps(Protocol):
    """Where tracks lie among others."""

    def track_map(self, domain: Domain, progress: Progress, show: ShowPoints) -> list[MapPoint]:
        """Return where every analysed track lies; instrumentals have no place among vocals.

        While a map is made, `show` is given each better one.
        """
        ...

    def clusters(self) -> Mapping[str, int]:
        """Return the cluster of each track that is in one, 0 being the biggest."""
        ...


class Scans(Protocol):
    """Finding and analysing files."""

    def scan(
        self,
        paths: Sequence[Path],
        progress: Progress,
        on_track: Callable[[Track], None],
        steering: Steering,
        *,
        refresh: bool,
    ) -> ScanSummary:
        """Find and analyse files; `on_track` is called whenever a track changed."""
        ...

    def try_again(self, paths: Sequence[Path]) -> None:
        """Let the next scan try files again that failed."""
        ...

    def unfinished(self) -> list[Path]:
        """Return what was being scanned when the program was closed or broke down."""
        ...

    def forget_unfinished(self) -> None:
        """Leave unfinished what is."""
        ...

    def make_demo_songs(self, progress: Progress) -> Path:
        """Return a folder of songs by synthetic singers."""
        ...


class Choices(Protocol):
    """What the library is analysed with."""

    def separators(self) -> list[SeparatorChoice]:
        """Return what the library's vocals can be isolated with."""
        ...

    def choose_separator(self, name: str) -> None:
        """Isolate vocals with this one from now on; what others made is kept, but stale."""
        ...

    def pairs(self) -> list[PairChoice]:
        """Return the encoder pairs that the library can be heard with."""
        ...

    def choose_pair(self, name: str) -> None:
        """Hear the library with this pair from now on; what others analysed is kept."""
        ...

    def learn(self, progress: Progress) -> Learnt:
        """Fit the encoders to this library; they are used from then on if they are better."""
        ...


class Exports(Protocol):
    """Files for other programs."""

    def export(self, out: Path, track_ids: Sequence[str] | None) -> int:
        """Write tracks (None: all) as what the suffix of `out` says; return how many."""
        ...


class Explorer(Covers, Sounds, Catalogue, Rankings, Maps, Scans, Choices, Exports, Protocol):
    """The application without a window: all that its parts are handed in as."""

    @property
    def folders(self) -> Folders:
        """The folders that the library remembers and watches."""
        ...

    @property
    def stems(self) -> StemStore:
        """How much room separated stems take."""
        ...

    @property
    def mashups(self) -> Mashups:
        """Vocals over other songs' accompaniments."""
        ...

    @property
    def labels(self) -> Labels:
        """What the user calls the singers."""
        ...
