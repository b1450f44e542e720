"""What a library holds at one moment, read once and kept until something changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vocal_explorer.base.records.signals import Domain, Embedding
from vocal_explorer.base.records.tracks import StaleReason, Track, TrackState
from vocal_explorer.library.scanning.scanner import failed_track
from vocal_explorer.library.store import EmbeddingKey, Store
from vocal_explorer.ranking.copies import Recordings
from vocal_explorer.ranking.gallery import Gallery


@dataclass(frozen=True)
class Snapshot:
    """What the library held at one revision, as far as it is comparable under one key."""

    revision: int
    key: EmbeddingKey
    tracks: tuple[Track, ...]
    track_at: dict[Path, Track]
    by_id: dict[str, Track]
    gallery: Gallery


class Snapshots:
    """Keeps the last snapshot; every method is safe in any thread."""

    def __init__(self, store: Store, recordings: Recordings) -> None:
        self._store = store
        self._recordings = recordings
        self._last: Snapshot | None = None

    def current(self, key: EmbeddingKey) -> Snapshot:
        """Return what the library holds now."""
        revision, snapshot = self._store.revision(), self._last
        if snapshot is None or (snapshot.revision, snapshot.key) != (revision, key):
            known = snapshot.by_id if snapshot else {}
            snapshot = _read(self._store, self._recordings.links(), revision, key, known)
            self._last = snapshot
        return snapshot


def _read(
    store: Store,
    links: list[tuple[str, str]],
    revision: int,
    key: EmbeddingKey,
    known: Mapping[str, Track],
) -> Snapshot:
    """Read all; tracks that are equal to known ones are these, which is seen at once."""
    analysed = [_same(known.get(track.track_id), track) for track in store.tracks(key)]
    vocals = store.embeddings(key, Domain.VOCALS)
    mix = store.embeddings(key, Domain.MIX)
    comparable = [t for t in analysed if t.track_id in vocals and t.track_id in mix]
    gallery = Gallery(
        comparable,
        _matrix([vocals[track.track_id] for track in comparable]),
        _matrix([mix[track.track_id] for track in comparable]),
        links,
    )
    files = store.files()
    failed = [failed_track(f.path, f.error) for f in files.values() if f.error and not f.missing]
    tracks = tuple(sorted([*analysed, *failed], key=lambda track: track.path))
    by_id = {track.track_id: track for track in tracks}
    ids = {path: record.track_id or str(path) for path, record in files.items()}
    track_at = {path: by_id[track_id] for path, track_id in ids.items() if track_id in by_id}
    return Snapshot(revision, key, tracks, track_at, by_id, gallery)


def _same(before: Track | None, track: Track) -> Track:
    return before if before == track else track


def _matrix(vectors: list[Embedding]) -> Embedding:
    return np.stack(vectors) if vectors else np.empty((0, 1), np.float32)


def why_not_analysed(track: Track) -> str:
    """Return why a track cannot be compared with others, in one sentence."""
    by_other = "another separator, or another version of it"
    how = by_other if track.stale is StaleReason.SEPARATOR else "other weights"
    reasons = {
        TrackState.STALE: f"it was analysed with {how}, so scan it again",
        TrackState.MISSING: f"its file is missing, and it was analysed with {how}",
    }
    why = f"{track.title}: {reasons.get(track.state, 'it is not analysed yet')}."
    return track.error or why
