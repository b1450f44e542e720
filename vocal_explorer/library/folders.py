"""The folders that a library remembers."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from vocal_explorer.base.records.library import LibraryFolder
from vocal_explorer.library.store.database import Database
from vocal_explorer.library.watching import FolderWatcher


class Folders:
    """Reads and writes the list of folders; none of them lies in another."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._watcher: FolderWatcher | None = None

    def paths(self) -> list[Path]:
        """Return the folders in the order of their names, whether they are there or not."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT path FROM folders ORDER BY path").fetchall()
        return [Path(os.fsdecode(row[0])) for row in rows]

    def add(self, paths: Iterable[Path]) -> None:
        """Remember folders; what is no folder now is left out."""
        known = self.paths()
        outermost = _outermost(
            [*known, *(Path(os.path.abspath(p)) for p in paths if os.path.isdir(p))]
        )
        if outermost == known:
            return
        with self._database.writing() as connection:
            connection.execute("DELETE FROM folders")
            connection.executemany(
                "INSERT INTO folders VALUES (?)", [(os.fsencode(path),) for path in outermost]
            )
        self._watch_all()

    def remove(self, folder: Path) -> None:
        """Forget a folder and where its files are.

        The tracks themselves stay known by their content: where they are found again,
        they need no new analysis and have the singers that the user gave them.
        """
        with self._database.writing() as connection:
            connection.execute("DELETE FROM folders WHERE path = ?", (os.fsencode(folder),))
            rows = connection.execute("SELECT path FROM files").fetchall()
            gone = [row for row in rows if folder in Path(os.fsdecode(row[0])).parents]
            connection.executemany("DELETE FROM files WHERE path = ?", gone)
        self._watch_all()

    def watch(self, on_change: Callable[[list[Path]], None]) -> None:
        """Tell of changes from now on; see watcher.FolderWatcher."""
        if self._watcher is None:
            self._watcher = FolderWatcher(on_change)
            self._watch_all()

    def close(self) -> None:
        """Stop watching."""
        if self._watcher is not None:
            self._watcher.close()
            self._watcher = None

    def _watch_all(self) -> None:
        if self._watcher is not None:
            self._watcher.watch(self.paths())

    def states(self) -> list[LibraryFolder]:
        """Return all folders with what is in them."""
        query = "SELECT path, error != '' FROM files"
        with self._database.reading() as connection:
            rows = connection.execute(query).fetchall()
        states = []
        for folder in self.paths():
            start = os.fsencode(folder / "_")[:-1]
            inside = [failed for path, failed in rows if path.startswith(start)]
            watched = self._watcher is not None and self._watcher.watched(folder)
            n_failed = sum(inside)
            states.append(
                LibraryFolder(
                    folder, len(inside) - n_failed, n_failed, os.path.isdir(folder), watched
                )
            )
        return states


def _outermost(paths: Iterable[Path]) -> list[Path]:
    """Return the paths in order, each once, without those that lie in another of them."""
    unique = set(paths)
    return sorted(path for path in unique if not unique.intersection(path.parents))
