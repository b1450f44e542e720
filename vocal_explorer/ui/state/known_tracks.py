"""The tracks that the window knows, found by their file or by their content."""

from collections.abc import Iterable
from pathlib import Path

from vocal_explorer.base.records.tracks import Track


class KnownTracks:
    """Rows are files, because a file that waits or failed has no content to be known by.

    It is changed in the window's thread, and may be looked at in any.
    """

    def __init__(self) -> None:
        self._by_path: dict[Path, Track] = {}
        self._path_of: dict[str, Path] = {}

    def __len__(self) -> int:
        return len(self._by_path)

    @property
    def by_path(self) -> dict[Path, Track]:
        """The track of each file."""
        return self._by_path

    def all(self) -> list[Track]:
        """Return all tracks."""
        return list(self._by_path.values())

    def at(self, path: Path) -> Track | None:
        """Return the track of a file."""
        return self._by_path.get(path)

    def with_id(self, track_id: str) -> Track | None:
        """Return the track with this content."""
        path = self._path_of.get(track_id)
        return None if path is None else self._by_path.get(path)

    def with_ids(self, track_ids: Iterable[str]) -> list[Track]:
        """Return the tracks with these contents, as far as they are known."""
        found = map(self.with_id, track_ids)
        return [track for track in found if track is not None]

    def now(self, track: Track) -> Track | None:
        """Return what has become of a track: it may have moved, or be analysed by now."""
        return self.with_id(track.track_id) or self.at(track.path)

    def update(self, tracks: Iterable[Track]) -> tuple[dict[Path, Track], list[Path]]:
        """Take new and changed tracks; return what really changed, and which files are new."""
        latest = {track.path: track for track in tracks}
        changed = {path: t for path, t in latest.items() if t != self._by_path.get(path)}
        new = [path for path in changed if path not in self._by_path]
        self._by_path.update(changed)
        self._path_of.update({t.track_id: path for path, t in changed.items() if t.track_id})
        return changed, new

    def replace(self, by_path: dict[Path, Track], path_of: dict[str, Path]) -> None:
        """Know exactly these."""
        self._by_path, self._path_of = by_path, path_of
