"""Stand-ins for what a Session has: folders, labels, room for stems."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.library import LibraryFolder, StemRoom
from vocal_explorer.base.records.tracks import Track


class FakeFolders:
    """Folders in memory; a test calls `on_change` as a watcher would."""

    def __init__(self, library: dict[Path, Track]) -> None:
        self._library = library
        self.known: list[Path] = []
        self.missing: set[Path] = set()
        self.on_change: Callable[[list[Path]], None] | None = None

    def paths(self) -> list[Path]:
        return list(self.known)

    def states(self) -> list[LibraryFolder]:
        return [
            LibraryFolder(
                folder,
                sum(folder in path.parents for path in self._library),
                0,
                folder not in self.missing,
                self.on_change is not None,
            )
            for folder in self.known
        ]

    def add(self, paths: Iterable[Path]) -> None:
        self.known += [path for path in paths if not path.suffix and path not in self.known]

    def remove(self, folder: Path) -> None:
        self.known.remove(folder)
        for path in [path for path in self._library if folder in path.parents]:
            del self._library[path]

    def watch(self, on_change: Callable[[list[Path]], None]) -> None:
        self.on_change = on_change

    def close(self) -> None:
        self.on_change = None


class FakeStems:
    """Room on a disk that is not there."""

    def __init__(self) -> None:
        self.kept = StemRoom(Path("/library/stems"), 5 * 2**30, 40 * 2**30)

        self.gate = threading.Event()
        self.gate.set()

    def room(self) -> StemRoom:
        return self.kept

    def move(self, place: Path, take_along: bool, progress: Progress) -> StemRoom:
        progress.report(0.5, "moving the stems")
        while not self.gate.wait(0.005):
            progress.report(0.5, "moving the stems")
        used = self.kept.used if take_along else 0
        self.kept = replace(self.kept, folder=place / "stems", used=used)
        return self.kept

    def set_limit(self, limit: int) -> StemRoom:
        self.kept = replace(self.kept, limit=limit, used=min(limit, self.kept.used))
        return self.kept

    def clear(self) -> StemRoom:
        self.kept = replace(self.kept, used=0)
        return self.kept


class FakeLabels:
    """Labels in memory; merged names are shown in the tracks as in a library."""

    def __init__(self, library: dict[Path, Track]) -> None:
        self._library = library
        self._own = {track.track_id: track.singer for track in library.values()}
        self._merged: dict[str, str] = {}
        self.changes: list[list[str]] = []

    def change(
        self, track_ids: Sequence[str], singers: Sequence[str]
    ) -> list[tuple[str | None, str]]:
        self.changes.append(list(singers))
        before: list[tuple[str | None, str]] = [(self._own[i], i) for i in track_ids]
        self.restore([("\n".join(singers) or "From the file", i) for i in track_ids])
        return before

    def restore(self, labels: Sequence[tuple[str | None, str]]) -> None:
        self._own |= {track_id: label or "" for label, track_id in labels}
        self._show()

    def merge(self, spellings: Iterable[str], singer: str) -> dict[str, str]:
        before = self._merged
        self.replace_merged(before | {spelling.casefold(): singer for spelling in spellings})
        return before

    def separate(self, spellings: Iterable[str]) -> dict[str, str]:
        before, gone = self._merged, set(spellings)
        self.replace_merged({k: name for k, name in before.items() if k not in gone})
        return before

    def replace_merged(self, spellings: Mapping[str, str]) -> None:
        self._merged = dict(spellings)
        self._show()

    def merged(self) -> dict[str, str]:
        return self._merged

    def _show(self) -> None:
        for path, track in self._library.items():
            own = self._own.get(track.track_id, track.singer).split("\n")
            names = tuple(self._merged.get(name.casefold(), name) for name in own)
            several = names if len(names) > 1 else ()
            self._library[path] = replace(track, singer=" & ".join(names), singers=several)
