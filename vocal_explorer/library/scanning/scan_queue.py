"""What a scan has still to analyse: in the order found, except for what is wanted first."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from vocal_explorer.base.records.tracks import Track

SHORTEST = 0.1  # s; what a file of unknown length counts


class ScanQueue:
    """Tracks that wait, each with the seconds of music that it counts.

    `rest` is how many seconds of music wait.
    """

    def __init__(self) -> None:
        self._waiting: dict[Path, tuple[Track, float]] = {}
        self.rest = 0.0

    def __len__(self) -> int:
        return len(self._waiting)

    def __contains__(self, path: Path) -> bool:
        return path in self._waiting

    def add(self, tracks: Sequence[Track], seconds: float) -> None:
        """Put tracks that do not wait yet at the end; each counts `seconds` until `measure`."""
        self._waiting |= {track.path: (track, seconds) for track in tracks}
        self.rest += seconds * len(tracks)

    def measure(self, path: Path, seconds: float) -> None:
        """Say how long a track is, if it still waits."""
        if path in self._waiting:
            track, before = self._waiting[path]
            self._waiting[path] = track, seconds
            self.rest += seconds - before

    def drop(self, path: Path) -> None:
        """Forget a track that is none after all."""
        if path in self._waiting:
            self.rest -= self._waiting.pop(path)[1]

    def put_first(self, paths: Iterable[Path]) -> None:
        """Let what lies at or under these paths come next, the path named last first."""
        for wanted in paths:
            first = {
                path: entry
                for path, entry in self._waiting.items()
                if path == wanted or wanted in path.parents
            }
            self._waiting = first | self._waiting

    def take(self) -> tuple[Track, float]:
        """Remove and return the next track and its length."""
        track, seconds = self._waiting.pop(next(iter(self._waiting)))
        self.rest -= seconds
        return track, seconds
