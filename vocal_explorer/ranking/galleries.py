"""The gallery of now, brought up to date with the library."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from vocal_explorer.base.errors import NotAnalysedError
from vocal_explorer.base.records.ranking import Query
from vocal_explorer.base.records.tracks import Failure, StaleReason, Track, TrackState
from vocal_explorer.library.analyser import Analyser
from vocal_explorer.library.snapshot import Snapshot
from vocal_explorer.library.snapshots import Snapshots
from vocal_explorer.ranking.gallery import Gallery
from vocal_explorer.ranking.upkeep.indexed_rows import RowIndex
from vocal_explorer.ranking.upkeep.memory import Memory


@dataclass(frozen=True, eq=False)
class Current:
    """What one question is answered with, from its beginning to its end."""

    analyser: Analyser
    snapshot: Snapshot
    gallery: Gallery

    def comparable(self, query: Query) -> tuple[str, ...]:
        """Return the ids that can be searched with; what of a set cannot is left out.

        Raises
        ------
        TrackNotFoundError, NotAnalysedError
            If none can: there is no such track, or it has no current embeddings.
        """
        ids = (query,) if isinstance(query, str) else query
        there = tuple(track_id for track_id in ids if track_id in self.gallery)
        if not there:
            self.require(ids[0])
        return there

    def require(self, track_id: str) -> Track:
        """Return a track that can be compared; raises as `comparable` does."""
        track = self.snapshot.track(track_id)
        if track_id not in self.gallery:
            raise NotAnalysedError(why_not_analysed(track))
        return track


class Galleries:
    """Keeps the last gallery; every method is safe in any thread.

    Parameters
    ----------
    snapshots
        What the library holds.
    analyser
        Returns what it is analysed with now.
    """

    def __init__(self, snapshots: Snapshots, analyser: Callable[[], Analyser]) -> None:
        self._snapshots = snapshots
        self._analyser = analyser
        self._lock = threading.Lock()
        self._index, self._memory = RowIndex(), Memory()
        self._gallery: Gallery | None = None

    def current(self) -> Current:
        """Return what the library holds now, and its gallery."""
        analyser = self._analyser()
        with self._lock:
            snapshot = self._snapshots.current(analyser.key)
            gallery, self._gallery = self._gallery, None  # the index may be left half updated
            if gallery is None or gallery.rows is not snapshot.rows:
                gallery = self._updated(snapshot, gallery)
            self._gallery = gallery
        return Current(analyser, snapshot, gallery)

    def _updated(self, snapshot: Snapshot, last: Gallery | None) -> Gallery:
        if last is None or last.rows.matrices is not snapshot.rows.matrices:
            self._index, self._memory = RowIndex(), Memory()  # everything was read again
        return Gallery(self._index.updated(snapshot.rows, snapshot.links), self._memory)


def why_not_analysed(track: Track) -> str:
    """Return why a track cannot be compared with others, in one sentence."""
    by_other = "another separator, or another version of it"
    how = by_other if track.stale is StaleReason.SEPARATOR else "other weights"
    reasons = {
        TrackState.STALE: f"it was analysed with {how}, so scan it again",
        TrackState.MISSING: f"its file is missing, and it was analysed with {how}",
    }
    why = f"{track.title}: {reasons.get(track.state, 'it is not analysed yet')}."
    return Failure(track.path, track.error).sentence if track.error else why
