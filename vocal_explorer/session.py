"""The whole application without a window: scan, compare, map, match."""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from vocal_explorer.audio.io import content_id
from vocal_explorer.config import STEM_SAMPLE_RATE
from vocal_explorer.encoders.embedder import load_embedder
from vocal_explorer.errors import (
    AudioFileError,
    NotAnalysedError,
    TrackNotFoundError,
)
from vocal_explorer.index.database import Database
from vocal_explorer.index.export import gather, write_export
from vocal_explorer.index.finder import NOT_THERE
from vocal_explorer.index.folders import Folders
from vocal_explorer.index.gallery import Gallery, require_vocals
from vocal_explorer.index.mashup_files import save_mashup
from vocal_explorer.index.matching import mix_match
from vocal_explorer.index.pair_choice import PairChooser
from vocal_explorer.index.pipeline import Embedder, read_mix, separator_key
from vocal_explorer.index.projection import project
from vocal_explorer.index.scanner import Analyser, Library, Scan
from vocal_explorer.index.search import find_track
from vocal_explorer.index.separator_choice import SeparatorChooser, is_installed
from vocal_explorer.index.snapshot import Snapshot, Snapshots
from vocal_explorer.index.stem_files import copy_stem, load_stem
from vocal_explorer.index.store import Store
from vocal_explorer.index.unfinished import remember_unfinished, unfinished
from vocal_explorer.progress import Progress, Steering
from vocal_explorer.records import (
    Domain,
    LearnOptions,
    Learnt,
    MapPoint,
    Mashup,
    PairChoice,
    Part,
    RankedSinger,
    RankedTrack,
    ScanSummary,
    SeparatorChoice,
    Space,
    StaleReason,
    Track,
    TrackState,
    Waveform,
)
from vocal_explorer.separation.separator import Separator, load_separator
from vocal_explorer.separation.stem_cache import StemCache

GIVEN = "given"  # in the library: files that other programs were given


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
        self._library = Library(library, store, StemCache(library / "stems"))
        self._separators = SeparatorChooser(store, make_separator, is_installed)
        self._pairs = PairChooser(library, store, make_embedder)
        self._snapshots = Snapshots(store)
        self.folders = Folders(database)

    def tracks(self) -> list[Track]:
        """Return each track once, and each file that failed, in path order."""
        return list(self._current().tracks)

    def scan(
        self,
        paths: Sequence[Path],
        progress: Progress | None = None,
        on_track: Callable[[Track], None] = _no_listener,
        steering: Steering | None = None,
        *,
        refresh: bool = True,
    ) -> ScanSummary:
        """Find and analyse what is new or changed under `paths`; see index.scanner.Scan.

        Folders are remembered. A scan that does not come to its end stays `unfinished`,
        unless it was one without `refresh`.
        """
        self.folders.add(paths)
        self._separators.settle()
        scan = Scan(self._library, self._analyser(), on_track, steering, refresh=refresh)
        if not refresh:
            return scan.run(paths, progress or Progress())
        store = self._library.store
        before = unfinished(store)
        remember_unfinished(store, [*before, *paths])
        summary = scan.run(paths, progress or Progress())
        remember_unfinished(store, [path for path in before if path not in paths])
        return summary

    def unfinished(self) -> list[Path]:
        """Return what was being scanned when the program was closed or broke down."""
        return unfinished(self._library.store)

    def forget_unfinished(self) -> None:
        """Leave unfinished what is, because the user cancelled it."""
        remember_unfinished(self._library.store, [])

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
        from vocal_explorer.learning import Learning  # brings the training along

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
        self, track_id: str, space: Space = Space.JOINT, top_n: int = 20
    ) -> list[RankedTrack]:
        """Rank the other tracks by similarity in `space`.

        Raises
        ------
        TrackNotFoundError, NotAnalysedError
            If there is no such track, or it has no current embeddings.
        InstrumentalError
            If no voice is heard in the track and `space` is not M.
        """
        return self._gallery_with(track_id).similar(track_id, space, top_n)

    def rank_singers(
        self, track_id: str, space: Space = Space.JOINT, top_n: int = 20
    ) -> list[RankedSinger]:
        """Rank the singers of the library; raises as `similar_tracks` does."""
        return self._gallery_with(track_id).singers(track_id, space, top_n)

    def match(self, track_id: str, top_n: int = 10) -> list[RankedTrack]:
        """Rank accompaniments for a track's vocals; raises as `similar_tracks` does."""
        return self._gallery_with(track_id).matches(track_id, top_n)

    def set_singer(self, track_id: str, singer: str) -> Track:
        """Give a track the user's own singer label; an empty one brings the file's back."""
        self._track(track_id)
        self._library.store.set_singer(track_id, singer)
        return self._track(track_id)

    def track_map(self, domain: Domain) -> list[MapPoint]:
        """Return where each current track lies; kept until the embeddings change.

        Instrumental tracks have no place on the map of vocals.
        """
        store = self._library.store
        ids, vectors = self._current().gallery.on_map(domain)
        content = hashlib.sha256(json.dumps(ids).encode() + vectors.tobytes()).hexdigest()
        key = self._analyser().key
        saved = store.load_map(domain, key, content)
        if saved is None:
            points = [[round(x, 5), round(y, 5)] for x, y in project(vectors).tolist()]
            store.save_map(domain, key, content, json.dumps(points))
        else:
            points = json.loads(saved)
        return [MapPoint(track_id, x, y) for track_id, (x, y) in zip(ids, points, strict=True)]

    def part(
        self, track_id: str, part: Part, progress: Progress | None = None
    ) -> tuple[Waveform, int]:
        """Return what can be heard of a track: (2, n_samples) and its rate, 44.1 kHz.

        Raises
        ------
        TrackNotFoundError
            If there is no such track.
        AudioFileError
            If its file is gone, changed, or cannot be decoded.
        """
        if part is Part.MIX:
            return read_mix(self._file_of(track_id)), STEM_SAMPLE_RATE
        return self._stem(track_id, part, progress or Progress())

    def kept_stem(self, track_id: str, part: Part) -> tuple[Waveform, int] | None:
        """Return vocals or accompaniment, as `part` does, or None if they are not kept."""
        key = separator_key(self._separators.current())
        return self._library.cache.load(track_id, key, part)

    def part_file(self, track_id: str, part: Part, progress: Progress | None = None) -> Path:
        """Return a file of a part to give away: the mix's own, or a FLAC made in the library.

        Raises as `part`, and VocalExplorerError if the library's folder cannot be written.
        """
        if part is Part.MIX:
            return self._file_of(track_id)
        self._stem(track_id, part, progress or Progress())
        track, key = self._track(track_id), self._analyser().key.separator
        return copy_stem(self._library.cache, track, key, part, self._library.folder / GIVEN)

    def render_match(
        self, vocals_id: str, accompaniment_id: str, progress: Progress | None = None
    ) -> Mashup:
        """Lay the vocals of one track over the accompaniment of another; raises as `part`.

        Raises
        ------
        InstrumentalError
            If there are no vocals to lay over anything.
        """
        require_vocals(self._track(vocals_id))
        progress = progress or Progress()
        vocals, sample_rate = self.part(vocals_id, Part.VOCALS, progress.part(0.0, 0.4))
        accompaniment, _ = self.part(accompaniment_id, Part.ACCOMPANIMENT, progress.part(0.4, 0.8))
        progress.report(0.8, "mixing")
        waveform, gains = mix_match(vocals, accompaniment, sample_rate)
        settings: dict[str, str | float] = {
            "separator": self._analyser().key.separator,
            "seconds": waveform.shape[1] / sample_rate,
            **gains,
        }
        for role, track_id in (("vocals", vocals_id), ("accompaniment", accompaniment_id)):
            track = self._track(track_id)
            settings |= {
                f"{role}_track_id": track_id,
                f"{role}_path": str(track.path),
                f"{role}_title": track.title,
                f"{role}_singer": track.singer,
            }
        progress.report(1.0, "done")
        return Mashup(waveform, sample_rate, settings)

    def save_mashup(self, mashup: Mashup, folder: Path, name: str) -> Path:
        """Write NAME.wav, and NAME.json with the settings beside it; return the WAV's path.

        Only an earlier mashup of that name is replaced, never another file: then the
        name gets a number.

        Raises
        ------
        VocalExplorerError
            If the folder cannot be written.
        """
        return save_mashup(mashup, folder, name)

    def export(self, out: Path, track_ids: Sequence[str] | None = None) -> int:
        """Write tracks (default: all) as .m3u8, .csv, .npz or .parquet; return how many.

        See index.export.write_export; raises as it does.

        Raises
        ------
        TrackNotFoundError
            If there is no such track.
        """
        tracks = self.tracks() if track_ids is None else [self._track(i) for i in track_ids]
        store, key = self._library.store, self._analyser().key
        vectors = {domain: store.embeddings(key, domain) for domain in Domain}
        maps = {domain: self.track_map(domain) for domain in Domain}
        write_export(gather(tracks, vectors, maps), out)
        return len(tracks)

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

    def _gallery_with(self, track_id: str) -> Gallery:
        gallery = self._current().gallery
        if track_id not in gallery:
            raise NotAnalysedError(_why_not_analysed(self._track(track_id)))
        return gallery

    def _file_of(self, track_id: str) -> Path:
        """Return a file that still holds the track's content."""
        track = self._track(track_id)
        if track.state is TrackState.FAILED:
            raise NotAnalysedError(track.error)
        paths = [path for path in self._library.store.paths(track_id) if path.is_file()]
        if not paths:
            raise AudioFileError(track.path, NOT_THERE)
        for path in paths:
            if content_id(path) == track_id:
                return path
        raise AudioFileError(track.path, "it has changed since it was analysed, so scan it again")

    def _stem(self, track_id: str, part: Part, progress: Progress) -> tuple[Waveform, int]:
        separator, cache = self._separators.current(), self._library.cache
        return load_stem(
            cache, separator, track_id, part, lambda: self._file_of(track_id), progress
        )


def _why_not_analysed(track: Track) -> str:
    by_other = "another separator, or another version of it"
    how = by_other if track.stale is StaleReason.SEPARATOR else "other weights"
    reasons = {
        TrackState.STALE: f"it was analysed with {how}, so scan it again",
        TrackState.MISSING: f"its file is missing, and it was analysed with {how}",
    }
    why = f"{track.title}: {reasons.get(track.state, 'it is not analysed yet')}."
    return track.error or why
