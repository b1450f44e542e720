"""The window's side of the library: its folders, their scans, and the files that failed."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.library import LibraryFolder, ScanSummary
from vocal_explorer.base.records.tracks import Failure, Track, TrackState
from vocal_explorer.ui.base.choosers import choose_files, choose_folder
from vocal_explorer.ui.base.jobs import Begin
from vocal_explorer.ui.base.messages import MessageBar
from vocal_explorer.ui.base.ports import Explorer
from vocal_explorer.ui.base.tasks import CHANGE, Tasks
from vocal_explorer.ui.base.texts import counted
from vocal_explorer.ui.library.failures_dialog import FailuresDialog
from vocal_explorer.ui.library.folders_dialog import FoldersDialog
from vocal_explorer.ui.library.scan_bar import ScanBar
from vocal_explorer.ui.library.scan_runner import ScanRunner

# kinds of questions
WATCH, RESCAN, FOLDERS, DEMO = "watch", "rescan", "folders", "demo songs"
NOTHING = "There is nothing to scan again: add a folder first."


class LibraryControl(QObject):
    """Adds, watches and scans folders, and tells what came of it.

    Parameters
    ----------
    tasks
        Where the library is asked.
    messages, scan_bar
        Where results and progress are told.
    shown
        Returns what the window shows of a file.
    window
        Parent of the dialogs.
    """

    changed = Signal()

    _changed_on_disk = Signal(list)

    def __init__(
        self,
        tasks: Tasks,
        messages: MessageBar,
        scan_bar: ScanBar,
        shown: Callable[[Path], Track | None],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._tasks = tasks
        self._messages = messages
        self._scan_bar = scan_bar
        self._window = window
        self._explorer: Explorer | None = None
        self._failed: list[Failure] = []
        self._elsewhere: list[Failure] = []
        self.scans = ScanRunner(tasks, shown, self)
        self.folders = FoldersDialog(window)
        self.failures = FailuresDialog(window)
        self._connect()

    def _connect(self) -> None:
        self._scan_bar.pause_wanted.connect(self.scans.pause)
        self._scan_bar.resume_wanted.connect(self.scans.resume)
        self._scan_bar.cancel_wanted.connect(self._cancel)
        self.scans.began.connect(self._scan_bar.begin)
        self.scans.progressed.connect(self._scan_bar.show_progress)
        self.scans.finished.connect(self._on_scanned)
        self.scans.cancelled.connect(self._on_cancelled)
        self.scans.ended.connect(self._scan_bar.end)
        self.folders.add_wanted.connect(self.add_folder)
        self.folders.remove_wanted.connect(self._remove)
        self.failures.retry_wanted.connect(self.retry)
        queued = Qt.ConnectionType.QueuedConnection
        self._changed_on_disk.connect(self.scans.scan_quietly, queued)

    def set_explorer(self, explorer: Explorer, folders: Sequence[Path]) -> None:
        """Go on with what a break-down ended, look for changes, and watch for more.

        Parameters
        ----------
        explorer
            The session.
        folders
            Folders that the library is to remember from now on.
        """
        self._explorer = explorer

        def job(_progress: Progress) -> tuple[list[Path], list[Path]]:
            explorer.folders.add(folders)
            return explorer.unfinished(), explorer.folders.paths()

        self._tasks.do(
            CHANGE,
            job,
            lambda found: self._go_on(explorer, *found),
            on_end=lambda: self.scans.set_explorer(explorer),
        )

    def _go_on(self, explorer: Explorer, unfinished: list[Path], folders: list[Path]) -> None:
        if unfinished:
            self._messages.show_done("The last scan did not come to its end; it goes on now.")
            self.scans.scan(unfinished)
        self._tasks.ask(
            WATCH,
            lambda _progress: explorer.folders.watch(self._changed_on_disk.emit),
            lambda _none: self.scans.scan_quietly(folders),
            begin=Begin.AT_REST,
        )

    def close(self) -> None:
        """End the scan and stop watching."""
        self.scans.cancel()
        if self._explorer is not None:
            self._explorer.folders.close()

    def add_folder(self) -> None:
        """Ask for a folder and scan it."""
        choose_folder(self._window, "Add a folder of songs", lambda folder: self.scan([folder]))

    def add_files(self) -> None:
        """Ask for files and scan them."""
        choose_files(self._window, "Add songs", self.scan)

    def scan(self, paths: Sequence[Path]) -> None:
        """Add files and folders to the library, now or as soon as the session is there."""
        self._messages.hide()
        if self._explorer is None:
            self._scan_bar.show_status("The scan begins in a moment, when the library is open.")
        elif self.scans.running:
            folders = self._explorer.folders
            self._tasks.do(CHANGE, lambda _progress: folders.add(paths), self._show_folders)
        self.scans.scan(paths)

    def try_demo(self) -> None:
        """Make songs of synthetic singers and scan them."""
        if self._explorer is not None and not self._tasks.running(DEMO):
            self._tasks.ask(
                DEMO,
                self._explorer.make_demo_songs,
                lambda folder: self.scan([folder]),
                on_progress=lambda share, _song: self._scan_bar.show_status(
                    f"Making songs ({share:.0%})"
                ),
            )

    def rescan(self) -> None:
        """Scan all that was ever added again; only what changed is analysed."""
        if self._explorer is None:
            return
        explorer = self._explorer

        def job(_progress: Progress) -> tuple[list[Path], list[Path]]:
            states = explorer.folders.states()
            folders = {state.path for state in states}
            alone = [
                track.path
                for track in explorer.tracks()
                if track.state is not TrackState.MISSING and not folders & {*track.path.parents}
            ]
            there = [state.path for state in states if state.there]
            return [*there, *alone], [state.path for state in states if not state.there]

        self._tasks.ask(RESCAN, job, lambda found: self._scan_again(*found))

    def _scan_again(self, there: list[Path], missing: list[Path]) -> None:
        if there:
            self._messages.hide()
            self.scans.scan(there)
        elif not missing:
            self._messages.show_failure(NOTHING)
        if missing:
            self.scans.scan_quietly(missing)

    def prefer(self, track: Track) -> None:
        """Let a track that the user looks at come next, if it waits."""
        if track.state is TrackState.WAITING:
            self.scans.prefer(track.path)

    def retry(self, paths: Sequence[Path]) -> None:
        """Try files again that failed."""
        if self._explorer is not None:
            explorer = self._explorer
            self._tasks.do(
                CHANGE, lambda _progress: explorer.try_again(paths), lambda _none: self.scan(paths)
            )

    def show_tracks(self, tracks: Sequence[Track]) -> None:
        """Take note of what the library holds now."""
        self._failed = [
            Failure(track.path, track.error) for track in tracks if track.state is TrackState.FAILED
        ]
        known = {failure.path for failure in self._failed}
        others = [failure for failure in self._elsewhere if failure.path not in known]
        self.failures.show_failures([*self._failed, *others])
        if self.folders.isVisible():
            self._show_folders()

    def show_failures(self) -> None:
        """Show which files failed and why."""
        self.failures.open()

    def show_folders(self) -> None:
        """Show the folders of the library."""
        self._show_folders()
        self.folders.open()

    def _show_folders(self, _result: object = None) -> None:
        if self._explorer is not None:
            explorer = self._explorer
            self._tasks.ask(
                FOLDERS, lambda _progress: explorer.folders.states(), self.folders.show_folders
            )

    def _remove(self, folders: list[Path]) -> None:
        if self._explorer is None:
            return
        explorer = self._explorer

        def job(_progress: Progress) -> list[LibraryFolder]:
            for folder in folders:
                explorer.folders.remove(folder)
            return explorer.folders.states()

        def done(states: list[LibraryFolder]) -> None:
            self.folders.show_folders(states)
            self.changed.emit()

        self._tasks.do(CHANGE, job, done)

    def _cancel(self) -> None:
        self._scan_bar.show_status("Cancelling…")
        self.scans.cancel()

    def _on_cancelled(self, paths: list[Path]) -> None:
        if self._explorer is None or self.scans.quiet:
            return
        explorer = self._explorer
        self._tasks.do(CHANGE, lambda _progress: explorer.forget_unfinished())
        self._messages.show_offer(
            "The scan was cancelled; what is analysed is kept.",
            "Go on",
            lambda: self.scan(paths),
        )

    def _on_scanned(self, summary: ScanSummary) -> None:
        if self.scans.quiet:
            return
        self._elsewhere = list(summary.failed)
        failed, good = len(summary.failed), summary.analysed + summary.unchanged
        if failed:
            files = counted(failed, "file")
            self._messages.show_failure(
                f"{files} could not be analysed; the table says why.",
                "Show",
                self.show_failures,
            )
        elif not good:
            self._messages.show_failure("No songs were found there.")
        elif summary.completed:
            tracks = counted(summary.completed, "track")
            self._messages.show_done(f"What was missing of {tracks} from before is known now.")
