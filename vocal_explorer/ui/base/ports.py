"""What the window needs from the outside: Session and Player are handed in as these."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

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
from vocal_explorer.ui.base.mashup_port import MashupsPort


class FoldersPort(Protocol):
    """The folders of the library; every method may be called from any thread."""

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


class StemPort(Protocol):
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


class LabelsPort(Protocol):
    """What the user calls the singers; every method may be called from any thread."""

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


class Explorer(Protocol):
    """The application without a window; every method may be called from any thread."""

    @property
    def folders(self) -> FoldersPort:
        """The folders that the library remembers and watches."""
        ...

    @property
    def stems(self) -> StemPort:
        """How much room separated stems take."""
        ...

    def make_demo_songs(self, progress: Progress) -> Path:
        """Return a folder of songs by synthetic singers."""
        ...

    @property
    def mashups(self) -> MashupsPort:
        """Vocals over other songs' accompaniments."""
        ...

    @property
    def labels(self) -> LabelsPort:
        """What the user calls the singers."""
        ...

    def tracks(self) -> tuple[Track, ...]:
        """Return all tracks, failed and missing ones too; the same tuple until one changes."""
        ...

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

    def clusters(self) -> Mapping[str, int]:
        """Return the cluster of each track that is in one, 0 being the biggest."""
        ...

    def why_similar(self, first_id: str, second_id: str, progress: Progress) -> WhySimilar:
        """Return what two tracks have in common."""
        ...

    def pair_sound(
        self, first_id: str, second_id: str, pair: SegmentPair, part: Stem, progress: Progress
    ) -> tuple[Waveform, int]:
        """Return a pair of segments, one after the other, and the sample rate in Hz."""
        ...

    def track_map(self, domain: Domain) -> list[MapPoint]:
        """Return where every analysed track lies; instrumentals have no place among vocals."""
        ...

    def cover(self, track_id: str) -> bytes | None:
        """Return the encoded picture of a track's album, None if there is none."""
        ...

    def part(self, track_id: str, part: Stem, progress: Progress) -> tuple[Waveform, int]:
        """Return the waveform (n_channels, n_samples) of a part, and its sample rate in Hz."""
        ...

    def kept_stem(self, track_id: str, part: Stem) -> tuple[Waveform, int] | None:
        """Return vocals or accompaniment, as `part` does, or None if they are not kept."""
        ...

    def part_file(self, track_id: str, part: Stem, progress: Progress) -> Path:
        """Return a file of a part that other programs may have."""
        ...

    def export(self, out: Path, track_ids: Sequence[str] | None) -> int:
        """Write tracks (None: all) as what the suffix of `out` says; return how many."""
        ...


class PlayerPort(Protocol):
    """The sound card; it is as audio.playing.player.Player says.

    `load`, `play`, `outputs` and `choose_output` raise DeviceError when it cannot be used.
    """

    @property
    def playing(self) -> bool:
        """Whether sound comes out now."""
        ...

    @property
    def finished(self) -> bool:
        """Whether what is loaded was played to its end."""
        ...

    @property
    def position(self) -> float:
        """Where playback is, in seconds."""
        ...

    @property
    def duration(self) -> float:
        """Length of what is loaded, in seconds; 0 when nothing is."""
        ...

    @property
    def lost(self) -> bool:
        """Whether the sound card is gone while something should be heard."""
        ...

    @property
    def loop(self) -> tuple[float, float] | None:
        """Start and end of the region that is repeated, in seconds."""
        ...

    @property
    def output(self) -> str:
        """The output that was chosen; empty is the system's default."""
        ...

    def load(
        self,
        waveform: Waveform,
        sample_rate: int,
        *,
        keep_position: bool = False,
        recording: str = "",
        layer: str = Stem.MIX,
        gain: float = 1.0,
    ) -> None:
        """Take another recording, (n_channels, n_samples); playing goes on if it was."""
        ...

    def load_unfinished(
        self,
        recording: str,
        n_samples: int,
        sample_rate: int,
        gains: Mapping[str, float],
        at: float,
    ) -> None:
        """Take a recording that is made while it plays, and go to a position in seconds."""
        ...

    def grow(self, recording: str, first: int, pieces: Mapping[str, Waveform]) -> None:
        """Add a piece of every layer from a sample on, unless another recording was loaded."""
        ...

    def missing(self, recording: str) -> int | None:
        """Return the sample that is needed next; None if nothing is missing."""
        ...

    def layers(self, recording: str) -> frozenset[str]:
        """Return the layers that are loaded; none if another recording is."""
        ...

    def add_layer(self, recording: str, layer: str, waveform: Waveform) -> None:
        """Add a layer, unless another recording was loaded meanwhile."""
        ...

    def set_gains(self, gains: Mapping[str, float]) -> None:
        """Turn the layers to these levels; those that are not named fall silent."""
        ...

    def set_loop(self, start: float, end: float) -> None:
        """Repeat what is between two seconds."""
        ...

    def clear_loop(self) -> None:
        """Repeat nothing."""
        ...

    def play(self) -> None:
        """Start or go on."""
        ...

    def pause(self) -> None:
        """Stop where it is."""
        ...

    def stop(self) -> None:
        """Stop and go back to the beginning."""
        ...

    def seek(self, seconds: float) -> None:
        """Go to a position."""
        ...

    def close(self) -> None:
        """Stop and give the sound card back."""
        ...

    def give_up(self) -> None:
        """Pause, and leave a lost sound card alone."""
        ...

    def outputs(self) -> list[str]:
        """Return the names of the outputs."""
        ...

    def choose_output(self, name: str) -> None:
        """Play on another output from now on; an empty name means the system's default."""
        ...
