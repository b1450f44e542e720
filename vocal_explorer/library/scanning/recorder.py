"""Stores what came of each file, counts it, and tells whoever listens."""

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path

from vocal_explorer.analysis.pipeline import Analysis
from vocal_explorer.audio.suffixes import is_audio_name
from vocal_explorer.base.presence import NOT_THERE, why_absent
from vocal_explorer.base.records.tracks import Failure, Track, TrackState
from vocal_explorer.library.scanning.tally import Tally
from vocal_explorer.library.scanning.unread import failed_track
from vocal_explorer.library.store.records import UNSTAMPED, EmbeddingKey, FileStamp
from vocal_explorer.library.store.store import Store


class Recorder:
    """The end of a scan's line.

    Parameters
    ----------
    store
        Keeps it.
    key
        Of the embeddings.
    on_track
        Called with each file in its new state.

    Attributes
    ----------
    tally
        What was done so far.
    incomplete
        Tracks that are there but for something that is looked for now.
    """

    def __init__(self, store: Store, key: EmbeddingKey, on_track: Callable[[Track], None]) -> None:
        self._store = store
        self._key = key
        self._on_track = on_track
        self.tally = Tally()
        self.incomplete: dict[Path, Track] = {}

    def unchanged(self, track: Track) -> None:
        """Count a track that needs no analysis."""
        self.tally.n_unchanged += 1
        self._good(track)

    def linked(self, track: Track, stamp: FileStamp) -> None:
        """Take a file over whose content is known: moved, copied, or with new tags."""
        known = self._store.files.of(track.track_id)
        others = (path for path in known if path != track.path)
        gone = [path for path in others if why_absent(path) == NOT_THERE]
        self.unchanged(_analysed(self._store.link_file(track, stamp, self._key, gone), track.path))

    def retagged(self, track: Track, stamp: FileStamp, *, tell: bool) -> None:
        """Keep the tags of a file whose content is known."""
        stored = self._store.link_file(track, stamp, self._key, [])
        if tell:
            self._on_track(_analysed(stored, track.path))

    def analysed(self, track: Track, stamp: FileStamp, analysis: Analysis) -> None:
        """Keep a track with its analysis."""
        track = dataclasses.replace(
            track,
            seconds=analysis.seconds,
            vocal_presence=analysis.vocal_presence,
            pitch_range=analysis.pitch_range,
        )
        found = (analysis.embeddings, analysis.fingerprint, analysis.music)
        stored = self._store.save_track(track, stamp, self._key, *found)
        self.tally.add_analysed(analysis.seconds, completed=track.path in self.incomplete)
        self._good(_analysed(stored, track.path))

    def failed(self, failure: Failure, stamp: FileStamp) -> None:
        """Keep why a file failed, unless somebody named a file that is no music."""
        path = failure.path
        if path in self.incomplete:  # what is known of it stays
            self._on_track(self.incomplete[path])
            return
        if is_audio_name(path):
            # permission may come back without a change of the file, so it is tried again
            lasting = failure.lasting and os.access(path, os.R_OK)
            self._store.files.save_failure(path, stamp if lasting else UNSTAMPED, failure.reason)
        self.failed_before(failure)

    def failed_before(self, failure: Failure) -> None:
        """Name a failure that is known."""
        self.tally.failed[failure.path] = failure
        self._on_track(failed_track(failure.path, failure.reason))

    def _good(self, track: Track) -> None:
        self.tally.add_good(track.path)
        self._on_track(track)


def _analysed(stored: Track, path: Path) -> Track:
    """Describe the file at `path`, which may be one of several of a track."""
    return dataclasses.replace(stored, path=path, state=TrackState.ANALYSED)
