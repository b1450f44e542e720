"""Find the audio files under the paths that a user named."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from vocal_explorer.audio.files import AUDIO_SUFFIXES
from vocal_explorer.base.records.tracks import Failure

NOT_THERE = "there is no such file or folder"


@dataclass(frozen=True)
class FoundFiles:
    """`files` each once, in the order found; `failures` are paths that could not be opened.

    `roots` are the absolute paths searched, whether they exist or not.
    """

    files: tuple[Path, ...]
    roots: tuple[Path, ...]
    failures: tuple[Failure, ...]

    def covers(self, path: Path) -> bool:
        """Return whether `path` is or lies under one of the roots."""
        return any(path == root or root in path.parents for root in self.roots)


def find_files(
    paths: Iterable[Path],
    library: Path | None = None,
    report: Callable[[int], None] = lambda _n: None,
) -> FoundFiles:
    """Search folders for audio files; a file named directly is taken whatever it is called.

    Hidden files and folders and the library's own folder are left out. Links are
    followed, each folder once.

    Parameters
    ----------
    paths
        Files and folders, absolute or relative to the working folder.
    library
        The library's folder, if there is one.
    report
        Called now and then with the number of files found so far.
    """
    roots = tuple(dict.fromkeys(Path(os.path.abspath(path)) for path in paths))
    files: dict[Path, None] = {}
    failures: list[Failure] = []
    own = os.path.realpath(library) if library else ""
    for root in roots:
        if root.is_dir():
            for path in _audio_files(root, own, failures):
                files[path] = None
                report(len(files))
        elif root.exists():
            files[root] = None
        else:
            failures.append(Failure(root, f"{root}: {NOT_THERE}."))
    return FoundFiles(tuple(files), roots, tuple(failures))


def _audio_files(root: Path, own: str, failures: list[Failure]) -> Iterator[Path]:
    """Yield the audio files of one folder tree, links to folders after real folders."""
    seen: set[tuple[int, int]] = set()
    pending = [root]
    while pending:
        folder = pending.pop()
        try:
            status = folder.stat()
            if (status.st_dev, status.st_ino) in seen or os.path.realpath(folder) == own:
                continue
            seen.add((status.st_dev, status.st_ino))
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            failures.append(Failure(folder, f"{folder}: it cannot be opened ({error.strerror})."))
            continue
        visible = [entry for entry in entries if not entry.name.startswith(".")]
        folders = [entry for entry in visible if os.path.isdir(entry)]
        pending[:0] = [Path(entry.path) for entry in folders if entry.is_symlink()]
        pending += [Path(entry.path) for entry in reversed(folders) if not entry.is_symlink()]
        yield from (
            Path(entry.path)
            for entry in visible
            if os.path.isfile(entry) and os.path.splitext(entry.name)[1].lower() in AUDIO_SUFFIXES
        )
