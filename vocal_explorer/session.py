"""The whole application without a window: scan, compare, map, match."""

from collections.abc import Callable, Sequence
from pathlib import Path

from vocal_explorer.analysis.embedder import load_embedder
from vocal_explorer.analysis.pipeline import Embedder, separator_key
from vocal_explorer.audio.artwork import read_cover
from vocal_explorer.base.errors import (
    NotAnalysedError,
    TrackNotFoundError,
)
from vocal_explorer.base.progress import Progress, Steering
from vocal_explorer.base.records.library import (
    LearnOptions,
    Learnt,
    PairChoice,
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
from vocal_explorer.export.files import gather, shows_maps, write_export
from vocal_explorer.library.database import Database
from vocal_explorer.library.encoder_choice import PairChooser
from vocal_explorer.library.folders import Folders
from vocal_explorer.library.music_rows import MusicTable
from vocal_explorer.library.scanning.interrupted import (
    begin_scan,
    finish_scan,
    forget_unfinished,
    unfinished,
)
from vocal_explorer.library.scanning.scanner import Analyser, Library, Scan
from vocal_explorer.library.search import find_track
from vocal_explorer.library.separator_choice import SeparatorChooser, is_installed
from vocal_explorer.library.singer_labels import SingerLabels
from vocal_explorer.library.sounds import Sounds
from vocal_explorer.library.stem_room import StemSettings
from vocal_explorer.library.store import Store
from vocal_explorer.maps.library_maps import ShowMap, track_map
from vocal_explorer.mashups.library_mashups import Mashups
from vocal_explorer.ranking.copies import Recordings
from vocal_explorer.ranking.gallery import Gallery
from vocal_explorer.ranking.side_by_side import SideBySide
from vocal_explorer.ranking.snapshot import Snapshot, Snapshots, why_not_analysed
from vocal_explorer.separation.separator import Separator, load_separator


def _no_listener(_track: Track) -> None:
    pass


class Session:
    """One library and all that can be asked of it; every method is safe in any thread.

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

    Attributes
    ----------
    folders
        The folders that the library remembers and watches.
    stems
        How much room separated stems may take.
    labels
        What the user calls the singers.
    mashups
        Matches: vocals over other songs' accompaniments.

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
    ) -> None:
        database = Database(library)
        store = Store(database)
        self.stems = StemSettings(library / "stems", store)
        self._library = Library(library, store, self.stems.cache)
        self._recordings = Recordings(database)
        self._separators = SeparatorChooser(store, make_separator, is_installed)
        self._pairs = PairChooser(library, store, make_embedder)
        self._snapshots = Snapshots(store, self._recordings)
        self.folders = Folders(database)
        self.labels = SingerLabels(database)
        self._sounds = Sounds(self._library)
        self._side_by_side = SideBySide(self.part)
        self.mashups = Mashups(MusicTable(database), self._sounds, self._current, self._analyser)

    def tracks(self) -> tuple[Track, ...]:
        """Return each track once, and each file that failed, in path order.

        It is the same tuple until the library changes, or what it is analysed with.
        """
        return self._current().tracks

    def scan(
        self,
        paths: Sequence[Path],
        progress: Progress | None = None,
        on_track: Callable[[Track], None] = _no_listener,
        steering: Steering | None = None,
        *,
        refresh: bool = True,
    ) -> ScanSummary:
        """Find and analyse what is new or changed under `paths`; see library.scanning.scanner.Scan.

        Folders are remembered. A scan that does not come to its end stays `unfinished`,
        unless it was one without `refresh`.
        """
        self.folders.add(paths)
        self._separators.settle()
        scan = Scan(self._library, self._analyser(), on_track, steering, refresh=refresh)
        progress = progress or Progress()
        if not refresh:
            return self._compared(scan.run(paths, progress), progress)
        begin_scan(self._library.store, paths)
        summary = scan.run(paths, progress)
        finish_scan(self._library.store, paths)
        return self._compared(summary, progress)

    def _compared(self, summary: ScanSummary, progress: Progress) -> ScanSummary:
        """Compare new tracks with all others, to know copies of a recording."""
        mixes = self._current().gallery.on_map(Domain.MIX)
        self._recordings.compare_new(*mixes, progress.part(1.0, 1.0))
        return summary

    def unfinished(self) -> list[Path]:
        """Return what was being scanned when the program was closed or broke down."""
        return unfinished(self._library.store)

    def forget_unfinished(self) -> None:
        """Leave unfinished what is, because the user cancelled it."""
        forget_unfinished(self._library.store)

    def try_again(self, paths: Sequence[Path]) -> None:
        """Let the next scan try files again that failed, although they did not change."""
        self._library.store.forget_failures(paths)

    def separators(self) -> list[SeparatorChoice]:
        """Return what the library's vocals can be isolated with."""
        return self._separators.choices()

    def choose_separator(self, name: str) -> None:
        """Use a separator from now on; tracks analysed with another one become stale.

        What the other one made is kept, so that choosing it again brings all of it back.
        A scan that runs goes on with the separator that it began with. With "auto", an
        installation is followed when "auto" is chosen again, not before.

        Raises
        ------
        WeightsError
            If there is no such separator, or it is not installed.
        """
        self._separators.choose(name)

    def pairs(self) -> list[PairChoice]:
        """Return the encoder pairs that the library can be heard with."""
        return self._pairs.choices()

    def choose_pair(self, name: str) -> None:
        """Hear the library with another encoder pair from now on.

        What each pair has analysed is kept, as with separators; tracks that this one has
        not analysed become stale.

        Raises
        ------
        WeightsError
            If there is no such pair.
        """
        self._pairs.choose(name)

    def learn(
        self, progress: Progress | None = None, options: LearnOptions | None = None
    ) -> Learnt:
        """Fit the encoders to this library; see learning.Learning."""
        from vocal_explorer.learning.learn_library import Learning  # brings the training along

        learning = Learning(self._library, self._separators.current(), self._pairs)
        return learning.run(options or LearnOptions(), progress or Progress())

    def find_track(self, text: str) -> Track:
        """Return the track that a path, a track id or a search text means.

        Raises
        ------
        TrackNotFoundError
            If none fits, or several do.
        """
        current = self._current()
        return find_track(text, current.tracks, current.track_at)

    def similar_tracks(
        self,
        query: Query,
        by: Comparison = Space.JOINT,
        top_n: int = 20,
        all_versions: bool = False,
    ) -> list[RankedTrack]:
        """Rank the other tracks by similarity to a track, or to the mean of a set.

        Of a set, tracks that cannot be compared are left out. For versions see
        Gallery.similar.

        Raises
        ------
        TrackNotFoundError, NotAnalysedError
            If there is no such track, or it has no current embeddings.
        InstrumentalError
            If no voice is heard in the query and `by` compares voices.
        """
        gallery, query = self._comparable(query)
        return gallery.similar(query, by, top_n, all_versions)

    def rank_singers(
        self, query: Query, by: Comparison = Space.JOINT, top_n: int = 20
    ) -> list[RankedSinger]:
        """Rank the singers of the library; raises as `similar_tracks` does."""
        gallery, query = self._comparable(query)
        return gallery.singers(query, by, top_n)

    def hub_effect(self, blend: Blend) -> tuple[Hubness, Hubness]:
        """Return how unequally tracks are found before and after the correction of hubs."""
        return self._current().gallery.hub_effect(blend)

    def clusters(self) -> dict[str, int]:
        """Return the cluster of each track that is in one; see ranking.clusters."""
        return self._current().gallery.clusters()

    def why_similar(
        self, first_id: str, second_id: str, progress: Progress | None = None
    ) -> WhySimilar:
        """Return what two tracks have in common; their vocals are listened to at first need.

        Raises as `similar_tracks` and `part` do.
        """
        self._gallery_with(second_id)
        gallery = self._gallery_with(first_id)
        pair = (self._track(first_id), self._track(second_id))
        return self._side_by_side.why(pair, gallery, self._analyser(), progress or Progress())

    def pair_sound(
        self,
        first_id: str,
        second_id: str,
        pair: SegmentPair,
        part: Stem,
        progress: Progress | None = None,
    ) -> tuple[Waveform, int]:
        """Return a pair of segments, one after the other; shape, rate and errors as in `part`."""
        return self._side_by_side.sound((first_id, second_id), pair, part, progress or Progress())

    def set_singer(self, track_id: str, singer: str) -> Track:
        """Give a track the user's own singer label; an empty one brings the file's back."""
        self._track(track_id)
        self.labels.change([track_id], [singer])
        return self._track(track_id)

    def cover(self, track_id: str) -> bytes | None:
        """Return the encoded picture of a track's album; see audio.artwork."""
        return read_cover(self._track(track_id).path)

    def track_map(
        self, domain: Domain, progress: Progress | None = None, show: ShowMap | None = None
    ) -> list[MapPoint]:
        """Return where each current track lies; kept until the embeddings change.

        Instrumental tracks have no place on the map of vocals. `show` is given each better
        map while one is made.
        """
        ids, vectors = self._current().gallery.on_map(domain)
        store, key = self._library.store, self._analyser().key
        return track_map(store, key, domain, ids, vectors, progress, show)

    def part(
        self, track_id: str, part: Stem, progress: Progress | None = None
    ) -> tuple[Waveform, int]:
        """Return what can be heard of a track: (2, n_samples) and its rate, 44.1 kHz.

        Raises
        ------
        TrackNotFoundError
            If there is no such track.
        AudioFileError
            If its file is gone, changed, or cannot be decoded.
        """
        return self._sounds.part(
            self._track(track_id), part, self._analyser(), progress or Progress()
        )

    def kept_stem(self, track_id: str, part: Stem) -> tuple[Waveform, int] | None:
        """Return vocals or accompaniment, as `part` does, or None if they are not kept."""
        key = separator_key(self._separators.current())
        return self._library.cache.load(track_id, key, part)

    def part_file(self, track_id: str, part: Stem, progress: Progress | None = None) -> Path:
        """Return a file of a part to give away; see library.sounds.Sounds.file."""
        return self._sounds.file(
            self._track(track_id), part, self._analyser(), progress or Progress()
        )

    def export(self, out: Path, track_ids: Sequence[str] | None = None) -> int:
        """Write tracks (default: all) as the suffix of `out` says; return how many.

        See export.files.write_export; raises as it does.

        Raises
        ------
        TrackNotFoundError
            If there is no such track.
        """
        tracks = self.tracks() if track_ids is None else tuple(map(self._track, track_ids))
        store, key = self._library.store, self._analyser().key
        vectors = {domain: store.embeddings(key, domain) for domain in Domain}
        maps = {domain: self.track_map(domain) for domain in Domain if shows_maps(out)}
        write_export(gather(tracks, vectors, maps), out)
        return len(tracks)

    def make_demo_songs(self, progress: Progress | None = None) -> Path:
        """Render songs of synthetic singers into the library's folder, and return theirs."""
        from vocal_explorer.synthesis.songs import render_demo_songs

        return render_demo_songs(self._library.folder / "demo songs", progress or Progress())

    def close(self) -> None:
        """Close the library; nothing may be asked of the session afterwards."""
        self.folders.close()
        self._library.store.close()

    def _analyser(self) -> Analyser:
        return Analyser(self._separators.current(), self._pairs.current())

    def _current(self) -> Snapshot:
        return self._snapshots.current(self._analyser().key)

    def _track(self, track_id: str) -> Track:
        track = self._current().by_id.get(track_id)
        if track is None:
            raise TrackNotFoundError(f"No track of the library has the id {track_id}.")
        return track

    def _comparable(self, query: Query) -> tuple[Gallery, Query]:
        """Return the gallery, and of a set those that are in it."""
        gallery = self._current().gallery
        ids = (query,) if isinstance(query, str) else query
        there = tuple(track_id for track_id in ids if track_id in gallery)
        return self._gallery_with((there or ids)[0]), there

    def _gallery_with(self, track_id: str) -> Gallery:
        gallery = self._current().gallery
        if track_id not in gallery:
            raise NotAnalysedError(why_not_analysed(self._track(track_id)))
        return gallery
