"""Find the audio files under the paths that a user named."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from vocal_explorer.audio.suffixes import (
    PLAYLIST_SUFFIXES,
    is_audio_name,
    suffix_of,
    why_no_audio,
)
from vocal_explorer.base.presence import why_absent, why_closed
from vocal_explorer.base.records.tracks import Failure
from vocal_explorer.library.scanning.playlists import read_playlist


@dataclass(frozen=True)
class FoundFiles:
    """`files` each once, in the order found; `failures` are paths that could not be opened.

    `roots` are the absolute paths searched, whether they exist or not, and the files that
    playlists among them name.
    """

    files: tuple[Path, ...]
    roots: tuple[Path, ...]
    failures: tuple[Failure, ...]

    def covers(self, path: Path) -> bool:
        """Return whether `path` is or lies under one of the roots."""
        return not self._roots.isdisjoint((path, *path.parents))

    def names(self, path: Path) -> bool:
        """Return whether `path` is one of the roots."""
        return path in self._roots

    @cached_property
    def _roots(self) -> frozenset[Path]:
        return frozenset(self.roots)


def find_files(
    paths: Iterable[Path],
    library: Path | None = None,
    report: Callable[[int], None] = lambda _n: None,
) -> FoundFiles:
    """Search folders for audio files; a file named directly is taken whatever it is called.

    Hidden files and folders and the library's own folder are left out. Links are
    followed, each folder once. Of a playlist that is named, the files in it are taken.

    Parameters
    ----------
    paths
        Files and folders, absolute or relative to the working folder.
    library
        The library's folder, if there is one.
    report
        Called now and then with the number of files found so far.
    """
    search = _Search(os.path.realpath(library) if library else "", report)
    roots = tuple(dict.fromkeys(Path(os.path.abspath(path)) for path in paths))
    for root in roots:
        search.add(root)
    return FoundFiles(tuple(search.files), (*roots, *search.listed), tuple(search.failures))


class _Search:
    """What one search has found so far."""

    def __init__(self, own: str, report: Callable[[int], None]) -> None:
        self._own = own
        self._report = report
        self.files: dict[Path, None] = {}
        self.listed: dict[Path, None] = {}
        self.failures: list[Failure] = []

    def add(self, root: Path) -> None:
        """Search a folder, or take a file."""
        absent = why_absent(root)
        if absent is not None:
            self.failures.append(Failure(root, absent))
        elif os.path.isdir(root):
            for path in self._audio_files(root):
                self._take(path)
        elif suffix_of(root) in PLAYLIST_SUFFIXES:
            self._add_playlist(root)
        elif (reason := why_no_audio(root)) is not None:
            self.failures.append(Failure(root, reason))
        else:
            self._take(root)

    def _take(self, path: Path) -> None:
        self.files[path] = None
        self._report(len(self.files))

    def _add_playlist(self, path: Path) -> None:
        try:
            named = read_playlist(path)
        except OSError as error:
            self.failures.append(Failure(path, why_closed(error)))
            return
        if not named:
            self.failures.append(Failure(path, "it names no files on this computer"))
        for file in named:
            if os.path.isdir(file) or suffix_of(file) in PLAYLIST_SUFFIXES:
                continue  # lists of lists have no end
            self.listed[file] = None
            self.add(file)

    def _audio_files(self, root: Path) -> Iterator[Path]:
        """Yield the audio files of one folder tree, links to folders after real folders."""
        seen: set[tuple[int, int]] = set()
        pending = [root]
        while pending:
            folder = pending.pop()
            try:
                status = folder.stat()
                is_own = os.path.realpath(folder) == self._own
                if (status.st_dev, status.st_ino) in seen or is_own:
                    continue
                seen.add((status.st_dev, status.st_ino))
                entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
            except OSError as error:
                self.failures.append(Failure(folder, why_closed(error)))
                continue
            visible = [entry for entry in entries if not is_hidden(entry.name)]
            folders = [entry for entry in visible if os.path.isdir(entry)]
            pending[:0] = [Path(entry.path) for entry in folders if entry.is_symlink()]
            pending += [Path(entry.path) for entry in reversed(folders) if not entry.is_symlink()]
            paths = (Path(entry.path) for entry in visible if os.path.isfile(entry))
            yield from filter(is_audio_name, paths)


def is_hidden(name: str) -> bool:
    """Whether a file or folder is one that its owner does not want to see: ".word", "._word".

    "...And Justice for All" and ".38 Special" are names of music.
    """
    return name.startswith(".") and not (name[1:2].isdigit() or name[1:2] in (".", " "))
