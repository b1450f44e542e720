"""The scans of a library: begun, interrupted, resumed."""

from collections.abc import Callable, Sequence
from pathlib import Path

from vocal_explorer.base.progress import Progress, Steering
from vocal_explorer.base.records.library import ScanSummary
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.library.choices import Choices
from vocal_explorer.library.folders import Folders
from vocal_explorer.library.place import LibraryPlace
from vocal_explorer.library.scanning.interrupted import (
    begin_scan,
    finish_scan,
    forget_unfinished,
    unfinished,
)
from vocal_explorer.library.scanning.scanner import Scan


def _no_listener(_track: Track) -> None:
    pass


class Scans:
    """Runs scans; every method is safe in any thread.

    Parameters
    ----------
    place
        The library.
    folders
        Those that it remembers.
    choices
        What tracks are analysed with.
    finished
        Called after each scan, with its progress.
    """

    def __init__(
        self,
        place: LibraryPlace,
        folders: Folders,
        choices: Choices,
        finished: Callable[[Progress], None],
    ) -> None:
        self._place = place
        self._folders = folders
        self._choices = choices
        self._finished = finished

    def run(
        self,
        paths: Sequence[Path],
        progress: Progress | None = None,
        on_track: Callable[[Track], None] = _no_listener,
        steering: Steering | None = None,
        *,
        refresh: bool = True,
    ) -> ScanSummary:
        """Find and analyse what is new or changed under `paths`; see library.scanning.scanner.Scan.

        Folders are remembered. A scan that is interrupted can be resumed, unless it was one
        without `refresh`.
        """
        self._folders.add(paths)
        self._choices.separators.settle()
        scan = Scan(self._place, self._choices.analyser(), on_track, steering, refresh=refresh)
        progress = progress or Progress()
        if refresh:
            begin_scan(self._place.store, paths)
        summary = scan.run(paths, progress)
        if refresh:
            finish_scan(self._place.store, paths)
        self._finished(progress.part(1.0, 1.0))
        return summary

    def interrupted(self) -> list[Path]:
        """Return what was being scanned when the program was closed or broke down."""
        return unfinished(self._place.store)

    def forget_interrupted(self) -> None:
        """Resume nothing, because the user cancelled it."""
        forget_unfinished(self._place.store)

    def try_again(self, paths: Sequence[Path]) -> None:
        """Let the next scan try files again that failed, although they did not change."""
        self._place.store.files.forget_failures(paths)
