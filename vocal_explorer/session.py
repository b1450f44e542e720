"""The whole application without a window: scan, compare, map, match."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from vocal_explorer.analysis.embedder import load_embedder
from vocal_explorer.analysis.pipeline import Embedder
from vocal_explorer.base.progress import Progress, Steering
from vocal_explorer.base.records.library import (
    LearnOptions,
    Learnt,
    PairChoice,
    ScanOptions,
    ScanSummary,
    SeparatorChoice,
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
    Space,
    WhySimilar,
)
from vocal_explorer.base.records.signals import Domain, Stem, Waveform
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.export.exports import Exports
from vocal_explorer.library.choices import Choices
from vocal_explorer.library.encoder_choice import PairChooser
from vocal_explorer.library.folders import Folders
from vocal_explorer.library.library import Library
from vocal_explorer.library.place import LibraryPlace
from vocal_explorer.library.scanning.scans import MakeTeam, Scans
from vocal_explorer.library.separator_choice import SeparatorChooser, is_installed
from vocal_explorer.library.snapshots import Snapshots
from vocal_explorer.library.sounds import Sounds
from vocal_explorer.library.stem_room import StemSettings
from vocal_explorer.library.store.database import Database
from vocal_explorer.library.store.singer_labels import SingerLabels
from vocal_explorer.library.store.store import Store
from vocal_explorer.library.track_sounds import TrackSounds
from vocal_explorer.maps.library_maps import Maps, ShowMap
from vocal_explorer.mashups.library_mashups import Mashups
from vocal_explorer.ranking.copies import compare_new
from vocal_explorer.ranking.galleries import Galleries
from vocal_explorer.ranking.rankings import Rankings
from vocal_explorer.ranking.side_by_side import SideBySide
from vocal_explorer.separation.separator import Separator, load_separator


class Session:
    """One library and all that can be asked of it; everything is safe in any thread.

    Parameters
    ----------
    library
        Folder of the library; made when it does not exist.
    make_separator
        Takes a name and makes that separator, at first need.
    make_embedder
        Takes the folder of an encoder pair and makes its embedder, at first need.
    is_installed
        Says whether a separator can be used now.
    make_team
        Makes the workers that analyse files, of what is installed; without it this process
        does it.

    Attributes
    ----------
    library
        Its tracks.
    scans
        How they come into it.
    folders
        The folders that it remembers and watches.
    choices
        What tracks are analysed with.
    labels
        What the user calls the singers.
    stems
        How much room separated stems may take.
    sounds
        What can be heard of tracks.
    ranking
        Who sounds like whom.
    maps
        Where tracks lie beside each other.
    mashups
        Matches: vocals over other songs' accompaniments.
    exports
        Files about tracks.

    Raises
    ------
    VocalExplorerError
        If the library cannot be opened.
    """

    def __init__(
        self,
        library: Path,
        *,
        make_separator: Callable[[str], Separator] = load_separator,
        make_embedder: Callable[[Path], Embedder] = load_embedder,
        is_installed: Callable[[str], bool] = is_installed,
        make_team: MakeTeam | None = None,
    ) -> None:
        self._store = store = Store(Database(library))
        self.stems = StemSettings(library / "stems", store)
        self._place = LibraryPlace(library, store, self.stems.cache)
        self.choices = Choices(
            SeparatorChooser(store, make_separator, is_installed),
            PairChooser(library, store, make_embedder),
        )
        snapshots, sounds = Snapshots(store.database), Sounds(self._place)
        self.library = Library(snapshots, store.files, self.choices.analyser)
        self.folders = Folders(store.database)
        self.labels = SingerLabels(store.database)
        self.sounds = TrackSounds(sounds, self.stems.cache, self.library.track, self.choices)
        self._galleries = Galleries(snapshots, self.choices.analyser)
        self.ranking = Rankings(self._galleries, SideBySide(sounds.part))
        self.maps = Maps(store.maps, self._galleries)
        self.mashups = Mashups(store.music, sounds, self._galleries)
        self.exports = Exports(self.library, store.embeddings, self.maps)
        self.scans = Scans(self._place, self.folders, self.choices, self._find_copies, make_team)

    def learn(
        self, progress: Progress | None = None, options: LearnOptions | None = None
    ) -> Learnt:
        """Fit the encoders to this library; see learning.Learning."""
        from vocal_explorer.learning.learn_library import Learning  # brings the training along

        learning = Learning(self._place, self.choices.separators.current(), self.choices.pairs)
        return learning.run(options or LearnOptions(), progress or Progress())

    def make_demo_songs(self, progress: Progress | None = None) -> Path:
        """Render songs of synthetic singers into the library's folder, and return theirs."""
        from vocal_explorer.synthesis.songs import render_demo_songs

        return render_demo_songs(self._place.folder / "demo songs", progress or Progress())

    def close(self) -> None:
        """Close the library; nothing may be asked of the session afterwards."""
        self.folders.close()
        self._store.close()

    def _find_copies(self, progress: Progress) -> None:
        """Compare new tracks with all others, to know copies of a recording."""
        compare_new(self._store.recordings, self._galleries.current().gallery, progress)

    # What follows is what the window asks by these names; each has its home above.

    def tracks(self) -> tuple[Track, ...]:
        """See library.tracks."""
        return self.library.tracks()

    def scan(
        self,
        paths: Sequence[Path],
        progress: Progress | None = None,
        on_track: Callable[[Track], None] = lambda _track: None,
        steering: Steering | None = None,
        *,
        refresh: bool = True,
        reread: bool = False,
    ) -> ScanSummary:
        """See scans.run."""
        options = ScanOptions(refresh=refresh, reread=reread)
        return self.scans.run(paths, progress, on_track, steering, options)

    def unfinished(self) -> list[Path]:
        """See scans.interrupted."""
        return self.scans.interrupted()

    def forget_unfinished(self) -> None:
        """See scans.forget_interrupted."""
        self.scans.forget_interrupted()

    def try_again(self, paths: Sequence[Path]) -> None:
        """See scans.try_again."""
        self.scans.try_again(paths)

    def separators(self) -> list[SeparatorChoice]:
        """See choices.separators."""
        return self.choices.separators.choices()

    def choose_separator(self, name: str) -> None:
        """See choices.separators."""
        self.choices.separators.choose(name)

    def pairs(self) -> list[PairChoice]:
        """See choices.pairs."""
        return self.choices.pairs.choices()

    def choose_pair(self, name: str) -> None:
        """See choices.pairs."""
        self.choices.pairs.choose(name)

    def find_track(self, text: str) -> Track:
        """See library.find."""
        return self.library.find(text)

    def similar_tracks(
        self,
        query: Query,
        by: Comparison = Space.JOINT,
        top_n: int = 20,
        all_versions: bool = False,
    ) -> list[RankedTrack]:
        """See ranking.similar_tracks."""
        return self.ranking.similar_tracks(query, by, top_n, all_versions)

    def rank_singers(
        self, query: Query, by: Comparison = Space.JOINT, top_n: int = 20
    ) -> list[RankedSinger]:
        """See ranking.singers."""
        return self.ranking.singers(query, by, top_n)

    def hub_effect(self, blend: Blend) -> tuple[Hubness, Hubness]:
        """See ranking.hub_effect."""
        return self.ranking.hub_effect(blend)

    def clusters(self) -> Mapping[str, int]:
        """See ranking.clusters."""
        return self.ranking.clusters()

    def why_similar(
        self, first_id: str, second_id: str, progress: Progress | None = None
    ) -> WhySimilar:
        """See ranking.why_similar."""
        return self.ranking.why_similar(first_id, second_id, progress)

    def pair_sound(
        self,
        first_id: str,
        second_id: str,
        pair: SegmentPair,
        part: Stem,
        progress: Progress | None = None,
    ) -> tuple[Waveform, int]:
        """See ranking.pair_sound."""
        return self.ranking.pair_sound(first_id, second_id, pair, part, progress)

    def track_map(
        self, domain: Domain, progress: Progress | None = None, show: ShowMap | None = None
    ) -> list[MapPoint]:
        """See maps.points."""
        return self.maps.points(domain, progress, show)

    def cover(self, path: Path) -> bytes | None:
        """See library.cover."""
        return self.library.cover(path)

    def part(
        self, track: Track | str, part: Stem, progress: Progress | None = None
    ) -> tuple[Waveform, int]:
        """See sounds.part."""
        return self.sounds.part(track, part, progress)

    def kept_stem(self, track: Track | str, part: Stem) -> tuple[Waveform, int] | None:
        """See sounds.kept."""
        return self.sounds.kept(track, part)

    def part_file(self, track: Track | str, part: Stem, progress: Progress | None = None) -> Path:
        """See sounds.file."""
        return self.sounds.file(track, part, progress)

    def export(self, out: Path, track_ids: Sequence[str] | None = None) -> int:
        """See exports.write."""
        return self.exports.write(out, track_ids)
