"""What a scan has still to analyse: in the order found, except for what is wanted first."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from vocal_explorer.base.records.tracks import Track


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

    def add(self, tracks: Sequence[tuple[Track, float]]) -> None:
        """Put tracks that do not wait yet, with their lengths in seconds, at the end."""
        self._waiting |= {track.path: (track, seconds) for track, seconds in tracks}
        self.rest += sum(seconds for _, seconds in tracks)

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
