"""The scans of a library: begun, interrupted, resumed."""

from collections.abc import Callable, Sequence
from pathlib import Path

from vocal_explorer.analysis.team import Team
from vocal_explorer.analysis.workers.installed import InstalledTools
from vocal_explorer.base.progress import Progress, Steering
from vocal_explorer.base.records.library import ScanOptions, ScanSummary
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

MakeTeam = Callable[[InstalledTools, int | None], Team]
"""Makes workers, of what they analyse with and of their number if one is wanted."""


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
    make_team
        Makes the workers that analyse files; without it this process does it.
    """

    def __init__(
        self,
        place: LibraryPlace,
        folders: Folders,
        choices: Choices,
        finished: Callable[[Progress], None],
        make_team: MakeTeam | None = None,
    ) -> None:
        self._make_team = make_team
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
        options: ScanOptions | None = None,
    ) -> ScanSummary:
        """Find and analyse what is new or changed under `paths`; see library.scanning.scanner.Scan.

        Folders are remembered. A scan that is interrupted can be resumed, unless it was one
        without `options.refresh`.
        """
        self._folders.add(paths)
        self._choices.separators.settle()
        options, progress = options or ScanOptions(), progress or Progress()
        team = self._team(options.workers)
        scan = Scan(self._place, self._choices.analyser(), on_track, steering, options, team)
        if options.refresh:
            begin_scan(self._place.store, paths)
        summary = scan.run(paths, progress)
        if options.refresh:
            finish_scan(self._place.store, paths)
        self._finished(progress.part(1.0, 1.0))
        return summary

    def _team(self, n_workers: int | None) -> Team | None:
        """Return who analyses files; None stands for this process."""
        if self._make_team is None:
            return None
        name = self._choices.separators.current_name()
        pair, cache = self._choices.pairs.current_folder(), self._place.cache
        return self._make_team(InstalledTools(name, pair, cache.folder, cache.limit), n_workers)

    def interrupted(self) -> list[Path]:
        """Return what was being scanned when the program was closed or broke down."""
        return unfinished(self._place.store)

    def forget_interrupted(self) -> None:
        """Resume nothing, because the user cancelled it."""
        forget_unfinished(self._place.store)

    def try_again(self, paths: Sequence[Path]) -> None:
        """Let the next scan try files again that failed, although they did not change."""
        self._place.store.files.forget_failures(paths)
