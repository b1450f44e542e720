"""The tracks of a library, as they are now."""

from collections.abc import Callable
from pathlib import Path

from vocal_explorer.analysis.cover import read_cover
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.library.analyser import Analyser
from vocal_explorer.library.search import find_track
from vocal_explorer.library.snapshot import Snapshot
from vocal_explorer.library.snapshots import Snapshots
from vocal_explorer.library.store.file_table import FileTable


class Library:
    """Tells what is in a library; every method is safe in any thread.

    Parameters
    ----------
    snapshots
        What the library holds.
    files
        Its files.
    analyser
        Returns what it is analysed with now.
    """

    def __init__(
        self, snapshots: Snapshots, files: FileTable, analyser: Callable[[], Analyser]
    ) -> None:
        self._snapshots = snapshots
        self._files = files
        self._analyser = analyser

    def snapshot(self) -> Snapshot:
        """Return what the library holds now; it never changes."""
        return self._snapshots.current(self._analyser().key)

    def tracks(self) -> tuple[Track, ...]:
        """Return each track once, and each file that failed, in path order.

        It is the same tuple until tracks change, or what they are analysed with.
        """
        return self.snapshot().tracks

    def track(self, track_id: str) -> Track:
        """Return a track.

        Raises
        ------
        TrackNotFoundError
            If there is none with this id.
        """
        return self.snapshot().track(track_id)

    def find(self, text: str) -> Track:
        """Return the track that a path, a track id or a search text means.

        Raises
        ------
        TrackNotFoundError
            If none fits, or several do.
        """
        snapshot = self.snapshot()
        at = {
            path: snapshot.failed.get(path) or snapshot.get(record.track_id)
            for path, record in self._files.all().items()
        }
        return find_track(text, snapshot.tracks, {path: t for path, t in at.items() if t})

    def cover(self, path: Path) -> bytes | None:
        """Return the encoded picture of a song's album; see analysis.cover."""
        return read_cover(path)
