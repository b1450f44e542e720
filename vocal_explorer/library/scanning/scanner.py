"""One scan: find files, see which changed, let those be analysed, store each as it is done."""

import dataclasses
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from vocal_explorer.analysis.jobs import Analyse, Identify, Identity, LoadedTools, Measure, ReadTags
from vocal_explorer.analysis.pipeline import Analysis
from vocal_explorer.analysis.team import Alone, AnyJob, Team
from vocal_explorer.audio.suffixes import MAYBE_PICTURES, suffix_of
from vocal_explorer.base.errors import NO_SOUND, Cancelled
from vocal_explorer.base.progress import Progress, Steering
from vocal_explorer.base.records.library import ScanOptions, ScanSummary
from vocal_explorer.base.records.tracks import Failure, Tags, Track, TrackState
from vocal_explorer.library.analyser import Analyser
from vocal_explorer.library.place import LibraryPlace
from vocal_explorer.library.scanning.changes import Change, change, file_stamp, mark_missing
from vocal_explorer.library.scanning.finder import FoundFiles, find_files
from vocal_explorer.library.scanning.in_work import Entry, InWork
from vocal_explorer.library.scanning.missing import Measurement, missing
from vocal_explorer.library.scanning.pace import Pace
from vocal_explorer.library.scanning.recorder import Recorder
from vocal_explorer.library.scanning.scan_queue import SHORTEST, ScanQueue
from vocal_explorer.library.scanning.tagged import tags_to_track
from vocal_explorer.library.scanning.unread import unread_track
from vocal_explorer.library.store.records import UNSTAMPED, FileRecord, FileStamp

FINDING_SHARE = 0.02  # of the whole scan


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
    options
        What it looks at.
    team
        Who analyses; this thread if None.
    """

    def __init__(
        self,
        library: LibraryPlace,
        analyser: Analyser,
        on_track: Callable[[Track], None],
        steering: Steering | None = None,
        options: ScanOptions | None = None,
        team: Team | None = None,
    ) -> None:
        self._library = library
        self._store = library.store
        self._key = analyser.key
        self._on_track = on_track
        self._steering = steering or Steering()
        self._options = options or ScanOptions()
        tools = LoadedTools(analyser.separator, analyser.embedder, library.cache)
        self._team = team or Alone(tools)
        self._refresh = self._options.refresh
        self._queue = ScanQueue()
        self._work = InWork()
        self._first_jobs: deque[AnyJob] = deque()  # they come before the queue
        self._n_prepared = 0
        self._retagged: dict[Path, tuple[str, FileStamp]] = {}
        self._unsure: set[Path] = set()
        self._copies: dict[str, list[Path]] = {}  # by the id of a track that is analysed now
        self._missing: dict[str, frozenset[Measurement]] = {}
        self._recorder = Recorder(self._store, self._key, on_track)

    def run(self, paths: Sequence[Path], progress: Progress) -> ScanSummary:
        """Scan files and folders; no file stops it, whatever happens to it.

        A file whose failure is already known is not tried again, but named in the
        summary again. At the end, what is missing of unchanged tracks is found.

        Raises
        ------
        Cancelled
            If the user cancelled; finished tracks are kept.
        VocalExplorerError
            If the library cannot be written, or the networks cannot be used.
        """
        start = time.monotonic()
        self._progress = progress
        self._pace = Pace(lambda: time.monotonic() - progress.waited)
        self._find(paths)
        try:
            self._team.work(self, progress)
        except Cancelled:
            for entry in self._work.entries.values():
                self._on_track(entry.waiting)
            raise
        progress.report(1.0, "done")
        return self._recorder.tally.summary(time.monotonic() - start)

    def next_job(self) -> AnyJob | None:
        """Return what is to be done next; see analysis.team.Overseer."""
        self._take_wishes()
        if self._first_jobs:
            return self._first_jobs.popleft()
        while self._queue:
            if (job := self._begin_next()) is not None:
                return job
        return None

    def on_step(self, job: AnyJob | None, fraction: float) -> None:
        """Hear how far a job is; see analysis.team.Overseer."""
        if isinstance(job, Analyse):
            self._work.entries[job.path].fraction = fraction
        self._report()

    def on_done(self, job: AnyJob, result: Any) -> None:
        """Take what came of a job; see analysis.team.Overseer."""
        if isinstance(job, Measure):
            self._on_measured(job.path, result)
        elif isinstance(job, ReadTags):
            self._on_tags(job.path, result)
        elif isinstance(result, Failure):
            self._on_failure(job, result)
        elif isinstance(job, Identify):
            self._on_identified(job.path, result)
        elif isinstance(job, Analyse):
            self._on_analysed(job, result)

    def _find(self, paths: Sequence[Path]) -> None:
        """Queue what is to be analysed under `paths`."""
        found = find_files(paths, self._library.folder, lambda n: self._report(f"{n} files found"))
        self._recorder.tally.failed |= {failure.path: failure for failure in found.failures}
        if self._refresh:
            self._missing |= missing(self._store.database, self._key.separator)
        before = set(self._recorder.incomplete)
        waiting = self._report_found(found)
        waiting += [
            track for path, track in self._recorder.incomplete.items() if path not in before
        ]
        self._queue.add(waiting, SHORTEST)
        self._first_jobs.extend(Measure(track.path) for track in waiting)

    def _take_wishes(self) -> None:
        """Let what the user wants come next; what is not known yet is found first."""
        wanted = self._steering.take()
        if wanted:
            self._refresh = True
            self._find([path for path in wanted if path not in self._queue])
            self._queue.put_first(wanted)

    def _report_found(self, found: FoundFiles) -> list[Track]:
        """Tell the listener of all files, correct the missing marks, return what to analyse."""
        records = self._store.files.all()
        current = self._store.embeddings.track_ids(self._key)
        tracks = {track.track_id: track for track in self._store.tracks.all(self._key)}
        mark_missing(self._store.files, found, records)
        waiting = []
        for path in found.files:
            self._report("looking for changes")
            if self._knows(path):
                continue
            record, stamp = records.get(path), file_stamp(path)
            changed = change(record, stamp)
            if record is None or changed is Change.NEW:
                waiting.append(unread_track(path, TrackState.WAITING))
                self._tell_waiting(waiting[-1], found.names(path))
            elif changed is Change.FAILED:
                self._recorder.failed_before(Failure(path, record.error))
            else:
                known = tracks.get(record.track_id, unread_track(path, TrackState.WAITING))
                waiting += self._report_known(record, known, record.track_id in current)
                if stamp is not None and (changed is Change.RETAGGED or self._options.reread):
                    self._retagged[path] = record.track_id, stamp
                    self._first_jobs.append(ReadTags(path))
        return waiting

    def _knows(self, path: Path) -> bool:
        """Whether this scan has come across a file before."""
        in_work, good = self._work.entries, self._recorder.tally.good
        return path in self._queue or path in in_work or path in good

    def _tell_waiting(self, track: Track, named: bool) -> None:
        """Tell of a new file; what may be a silent film only when it is known to sound."""
        if suffix_of(track.path) in MAYBE_PICTURES and not named:
            self._unsure.add(track.path)
        else:
            self._on_track(track)

    def _report_known(self, record: FileRecord, known: Track, current: bool) -> list[Track]:
        """Tell of a file whose sound is known; return it if it is to be analysed again."""
        known = dataclasses.replace(known, path=record.path)
        if current:
            self._recorder.unchanged(dataclasses.replace(known, state=TrackState.ANALYSED))
            self._note_incomplete(known)
            return []
        if not self._refresh:
            return []
        self._on_track(dataclasses.replace(known, state=TrackState.WAITING))
        return [dataclasses.replace(known, state=TrackState.WAITING)]

    def _note_incomplete(self, track: Track) -> None:
        """Let a track come at the end of the queue, once, if something is missing of it."""
        if self._missing.pop(track.track_id, None):
            self._recorder.incomplete[track.path] = dataclasses.replace(
                track, state=TrackState.ANALYSED
            )

    def _begin_next(self) -> AnyJob | None:
        """Hand the next track out, unless its file is gone."""
        track, length = self._queue.take()
        if not self._work.entries:
            self._pace.begin()
        stamp = file_stamp(track.path)
        self._work.begin(track, length, stamp or UNSTAMPED)
        self._report()
        self._on_track(dataclasses.replace(track, state=TrackState.ANALYSING))
        if stamp is not None:
            return Identify(track.path)
        gone = Failure(track.path, "it is no longer there, or not a file", lasting=False)
        self._on_failure(Identify(track.path), gone)
        return None

    def _report(self, message: str = "") -> None:
        """Say how far the scan is; waits while paused, and raises Cancelled."""
        work, waiting = self._work, self._queue.rest
        if not work.n_begun:
            share = self._n_prepared / max(1, self._n_prepared + len(self._first_jobs))
            self._progress.report(FINDING_SHARE * share, message or "reading lengths and tags")
            return
        rest = work.seconds + waiting
        self._steering.seconds_left = self._pace.left(rest, work.analysed)
        share = (work.done + work.analysed) / max(work.done + rest, SHORTEST)
        self._progress.report(FINDING_SHARE + (1 - FINDING_SHARE) * share, message or self._doing())

    def _doing(self) -> str:
        number, of = self._work.n_begun, self._work.n_begun + len(self._queue)
        entry = next(reversed(self._work.entries.values()), None)
        if entry is None:
            return f"{number} of {of}"
        doing = "completing" if entry.waiting.path in self._recorder.incomplete else "analysing"
        return f"{doing} {number} of {of}: {entry.waiting.title}"

    def _on_measured(self, path: Path, length: float | Failure) -> None:
        self._n_prepared += 1
        if path in self._unsure and path in self._queue:
            if isinstance(length, Failure) and length.reason == NO_SOUND:
                self._queue.drop(path)
            else:
                self._on_track(unread_track(path, TrackState.WAITING))
        # why a file cannot be read is said when it is its turn
        self._queue.measure(
            path, SHORTEST if isinstance(length, Failure) else max(SHORTEST, length)
        )
        self._report()

    def _on_tags(self, path: Path, tags: Tags | Failure) -> None:
        self._n_prepared += 1
        track_id, stamp = self._retagged.pop(path)
        if not isinstance(tags, Failure):
            track = tags_to_track(path, track_id, tags)
            self._recorder.retagged(track, stamp, tell=path not in self._queue)
        self._report()

    def _on_identified(self, path: Path, identity: Identity) -> None:
        track = tags_to_track(path, identity.track_id, identity.tags)
        self._work.entries[path].track = track
        self._go_on(track)

    def _go_on(self, track: Track) -> None:
        """Let a track be analysed whose content is known now, unless that was done."""
        is_current = self._store.embeddings.has(track.track_id, self._key)
        if is_current and track.path not in self._recorder.incomplete:
            entry = self._finish(track.path, analysed=False)
            self._recorder.linked(track, entry.stamp)
        elif track.track_id in self._copies:
            self._copies[track.track_id].append(track.path)
        else:
            self._copies[track.track_id] = []
            self._first_jobs.appendleft(Analyse(track.path, track.track_id))

    def _on_analysed(self, job: Analyse, analysis: Analysis) -> None:
        entry = self._finish(job.path, analysed=True)
        self._recorder.analysed(entry.track or entry.waiting, entry.stamp, analysis)
        self._let_copies_go_on(job)

    def _on_failure(self, job: AnyJob, failure: Failure) -> None:
        entry = self._finish(failure.path, analysed=False)
        self._recorder.failed(failure, entry.stamp)
        if isinstance(job, Analyse):
            self._let_copies_go_on(job)

    def _let_copies_go_on(self, job: Analyse) -> None:
        for path in self._copies.pop(job.track_id, ()):
            if (track := self._work.entries[path].track) is not None:
                self._go_on(track)

    def _finish(self, path: Path, *, analysed: bool) -> Entry:
        entry = self._work.finish(path)
        measured = self._pace.finish if analysed else self._pace.skip
        measured(entry.length)
        return entry
