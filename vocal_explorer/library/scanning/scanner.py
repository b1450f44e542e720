"""One scan: find files, see which changed, analyse those, and store each as it is done."""

import dataclasses
import os
import stat
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from vocal_explorer.analysis.pipeline import Analysis, analyse_file
from vocal_explorer.audio.files import audio_info, content_id
from vocal_explorer.audio.tags import guess_label, read_tags
from vocal_explorer.base.errors import NO_MEMORY, AudioFileError, Cancelled
from vocal_explorer.base.progress import Progress, Steering
from vocal_explorer.base.records.library import ScanSummary
from vocal_explorer.base.records.tracks import Failure, Tags, Track, TrackState
from vocal_explorer.library.analyser import Analyser
from vocal_explorer.library.place import LibraryPlace
from vocal_explorer.library.scanning.finder import FoundFiles, find_files
from vocal_explorer.library.scanning.missing import Measurement, missing
from vocal_explorer.library.scanning.pace import Pace
from vocal_explorer.library.scanning.scan_queue import ScanQueue
from vocal_explorer.library.scanning.tagged import tags_to_track
from vocal_explorer.library.store.records import UNSTAMPED, FileRecord, FileStamp

FINDING_SHARE = 0.02  # of the whole scan
SHORTEST = 0.1  # s; what a file of unknown length counts in the progress


class Scan:
    """Run once: `Scan(...).run(paths, progress)`.

    Parameters
    ----------
    library
        Files that it knows and that did not change are left alone.
    analyser
        Tracks whose embeddings it did not make are analysed again.
    on_track
        Called with each file found (WAITING, or how it was left by an earlier scan),
        then ANALYSING and ANALYSED or FAILED, on the thread that scans. Until the
        content is known, and for a failure, track_id is empty.
    steering
        What is wanted is looked at before the next track, and told how long the rest takes.
    refresh
        Whether tracks that were analysed in another way are analysed again; those that
        are wanted are in any case.
    """

    def __init__(
        self,
        library: LibraryPlace,
        analyser: Analyser,
        on_track: Callable[[Track], None],
        steering: Steering | None = None,
        *,
        refresh: bool = True,
    ) -> None:
        self._library = library
        self._store = library.store
        self._analyser = analyser
        self._key = analyser.key
        self._on_track = on_track
        self._steering = steering or Steering()
        self._refresh = refresh
        self._queue = ScanQueue()
        self._failed: dict[Path, Failure] = {}
        self._good: set[Path] = set()
        self._done_seconds = 0.0
        self._n_begun = 0
        self._n_analysed = 0
        self._n_unchanged = 0
        self._missing: dict[str, frozenset[Measurement]] = {}
        self._incomplete: dict[Path, Track] = {}
        self._n_completed = 0
        self._audio_seconds = 0.0

    def run(self, paths: Sequence[Path], progress: Progress) -> ScanSummary:
        """Scan files and folders; one bad file never stops it.

        A file whose failure is already known is not tried again, but named in the
        summary again. At the end, what is missing of unchanged tracks is found.

        Raises
        ------
        Cancelled
            If the user cancelled; finished tracks are kept.
        VocalExplorerError
            If the library cannot be written.
        """
        start = time.monotonic()
        finding, analysing = progress.part(0, FINDING_SHARE), progress.part(FINDING_SHARE, 1)
        self._pace = Pace(lambda: time.monotonic() - progress.waited)
        self._find(paths, finding)
        self._take_wishes(analysing)
        while self._queue:
            self._analyse_next(analysing)
            self._take_wishes(analysing)
        progress.report(1.0, "done")
        return ScanSummary(
            analysed=self._n_analysed,
            unchanged=self._n_unchanged,
            completed=self._n_completed,
            failed=tuple(self._failed.values()),
            seconds=time.monotonic() - start,
            audio_seconds=self._audio_seconds,
        )

    def _find(self, paths: Sequence[Path], progress: Progress) -> None:
        """Queue what is to be analysed under `paths`."""
        found = find_files(
            paths, self._library.folder, lambda n: progress.report(0.0, f"{n} files found")
        )
        self._failed |= {failure.path: failure for failure in found.failures}
        if self._refresh:
            self._missing |= missing(self._store.database, self._key.separator)
        before = set(self._incomplete)
        waiting = self._report_found(found, progress)
        waiting += [track for path, track in self._incomplete.items() if path not in before]
        lengths = []
        for n, track in enumerate(waiting):
            progress.report(n / len(waiting), "measuring lengths")
            lengths.append(_seconds(track.path))
        self._queue.add(list(zip(waiting, lengths, strict=True)))

    def _take_wishes(self, progress: Progress) -> None:
        """Let what the user wants come next; what is not known yet is found first."""
        wanted = self._steering.take()
        if wanted:
            self._refresh = True
            new = [path for path in wanted if path not in self._queue]
            if new:
                done = self._done_seconds / max(self._done_seconds + self._queue.rest, SHORTEST)
                self._find(new, progress.part(done, done))
            self._queue.put_first(wanted)

    def _report_found(self, found: FoundFiles, progress: Progress) -> list[Track]:
        """Tell the listener of all files, correct the missing marks, return what to analyse."""
        records = self._store.files.all()
        current = self._store.embeddings.track_ids(self._key)
        tracks = {track.track_id: track for track in self._store.tracks.all(self._key)}
        self._mark_missing(found, records)
        waiting = []
        for path in found.files:
            progress.report(0.0, "looking for changes")
            if path in self._queue or path in self._good:
                continue
            record = records.get(path)
            if record is None or record.stamp != _stamp(path):
                waiting.append(_unread(path, TrackState.WAITING))
                self._on_track(waiting[-1])
            elif record.error:
                self._report_failure(path, record.error)
            else:
                known = tracks.get(record.track_id, _unread(path, TrackState.WAITING))
                known = dataclasses.replace(known, path=path)
                if record.track_id in current:
                    self._report_unchanged(dataclasses.replace(known, state=TrackState.ANALYSED))
                    self._note_incomplete(known)
                elif self._refresh:
                    waiting.append(dataclasses.replace(known, state=TrackState.WAITING))
                    self._on_track(waiting[-1])
        return waiting

    def _note_incomplete(self, track: Track) -> None:
        """Let a track come at the end of the queue, once, if something is missing of it."""
        if self._missing.pop(track.track_id, None):
            self._incomplete[track.path] = dataclasses.replace(track, state=TrackState.ANALYSED)

    def _mark_missing(self, found: FoundFiles, records: dict[Path, FileRecord]) -> None:
        there = set(found.files)
        gone = [
            path
            for path, record in records.items()
            if not record.missing and path not in there and found.covers(path)
        ]
        back = [path for path in there if path in records and records[path].missing]
        self._store.files.set_missing(gone, True)
        self._store.files.set_missing(back, False)

    def _analyse_next(self, progress: Progress) -> None:
        track, length = self._queue.take()
        self._n_begun += 1
        of = self._n_begun + len(self._queue)
        doing = "completing" if track.path in self._incomplete else "analysing"
        message = f"{doing} {self._n_begun} of {of}: {track.title}"
        self._pace.begin()

        def report(fraction: float, _message: str) -> None:
            done = fraction * length
            rest = length + self._queue.rest
            self._steering.seconds_left = self._pace.left(rest, done)
            total = self._done_seconds + rest
            progress.report((self._done_seconds + done) / total, message)

        report(0.0, message)
        self._on_track(dataclasses.replace(track, state=TrackState.ANALYSING))
        n_analysed = self._n_analysed + self._n_completed
        try:
            self._analyse_one(track.path, Progress(report))
        except Cancelled:
            self._on_track(track)
            raise
        n_heard = self._n_analysed + self._n_completed - n_analysed
        measured = self._pace.finish if n_heard else self._pace.skip
        measured(length)
        self._done_seconds += length

    def _analyse_one(self, path: Path, progress: Progress) -> None:
        stamp = _stamp(path)
        try:
            if stamp is None:
                raise AudioFileError(path, "it is no longer there, or not a file")
            track_id = content_id(path)
            track = tags_to_track(path, track_id, guess_label(path, read_tags(path)))
            if path not in self._incomplete and self._store.embeddings.has(track_id, self._key):
                self._link(track, stamp)
            else:
                self._analyse_track(track, stamp, progress)
        except AudioFileError as error:
            # permission may come back without a change of the file, so it is tried again
            lasting = stamp if os.access(path, os.R_OK) else UNSTAMPED
            self._fail(path, lasting or UNSTAMPED, str(error))
        except MemoryError:
            self._fail(path, UNSTAMPED, str(AudioFileError(path, NO_MEMORY)))

    def _fail(self, path: Path, stamp: FileStamp, reason: str) -> None:
        if path in self._incomplete:  # what is known of it stays
            self._on_track(self._incomplete[path])
        else:
            self._store.files.save_failure(path, stamp, reason)
            self._report_failure(path, reason)

    def _link(self, track: Track, stamp: FileStamp) -> None:
        """Take a file over whose content is known: moved, copied, or with new tags."""
        known = self._store.files.of(track.track_id)
        gone = [path for path in known if path != track.path and not path.exists()]
        stored = self._store.link_file(track, stamp, self._key, gone)
        self._report_unchanged(_analysed(stored, track.path))

    def _analyse_track(self, track: Track, stamp: FileStamp, progress: Progress) -> None:
        analysis: Analysis = analyse_file(
            track.path,
            track.track_id,
            self._analyser.separator,
            self._analyser.embedder,
            self._library.cache,
            progress,
        )
        track = dataclasses.replace(
            track,
            seconds=analysis.seconds,
            vocal_presence=analysis.vocal_presence,
            pitch_range=analysis.pitch_range,
        )
        found = (analysis.embeddings, analysis.fingerprint, analysis.music)
        stored = self._store.save_track(track, stamp, self._key, *found)
        if track.path in self._incomplete:
            self._n_completed += 1
        else:
            self._n_analysed += 1
        self._audio_seconds += analysis.seconds
        self._report_good(_analysed(stored, track.path))

    def _report_unchanged(self, track: Track) -> None:
        self._n_unchanged += 1
        self._report_good(track)

    def _report_good(self, track: Track) -> None:
        self._failed.pop(track.path, None)
        self._good.add(track.path)
        self._on_track(track)

    def _report_failure(self, path: Path, error: str) -> None:
        self._failed[path] = Failure(path, error)
        self._on_track(failed_track(path, error))


def _analysed(stored: Track, path: Path) -> Track:
    """Describe the file at `path`, which may be one of several of a track."""
    return dataclasses.replace(stored, path=path, state=TrackState.ANALYSED)


def failed_track(path: Path, error: str) -> Track:
    """Describe a file that could not be analysed."""
    return dataclasses.replace(_unread(path, TrackState.FAILED), error=error)


def _unread(path: Path, state: TrackState) -> Track:
    guessed = tags_to_track(path, "", guess_label(path, Tags()))
    return dataclasses.replace(guessed, state=state)


def _stamp(path: Path) -> FileStamp | None:
    """Return what tells a changed file, or None when there is no regular file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return FileStamp(status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else None


def _seconds(path: Path) -> float:
    """Return how much the file counts in the progress."""
    try:
        return max(SHORTEST, audio_info(path).seconds) if _stamp(path) else SHORTEST
    except AudioFileError:
        return SHORTEST  # why it cannot be read is said when it is its turn
