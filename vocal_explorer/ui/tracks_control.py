"""Keeps what the window shows in step with the library: the table, its page, one line on both."""

import gc
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QObject, Signal

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.tracks import Track, TrackState
from vocal_explorer.ui.base.ports import Explorer
from vocal_explorer.ui.base.tasks import Tasks
from vocal_explorer.ui.base.texts import counted
from vocal_explorer.ui.explorer_page import ExplorerPage
from vocal_explorer.ui.library.scan_bar import ScanBar
from vocal_explorer.ui.library.scan_runner import ScanRunner
from vocal_explorer.ui.state.known_tracks import KnownTracks
from vocal_explorer.ui.tracks.track_rows import Arranged, arrange

TRACKS = "tracks"  # kind of job


class TracksControl(QObject):
    """Reads the tracks of the library and shows them.

    `changed` says that the table did; `shown` that it has exactly the tracks of the
    library; `opened` comes once, when there is nothing left to be shown at the start.

    Parameters
    ----------
    tasks
        Where the library is read.
    known, page
        The tracks, and what shows them.
    scans
        While one runs, its tracks are newer than what was read.
    scan_bar
        Says how many there are.
    """

    changed = Signal()
    shown = Signal(tuple)
    opened = Signal()

    def __init__(
        self,
        tasks: Tasks,
        known: KnownTracks,
        page: ExplorerPage,
        scans: ScanRunner,
        scan_bar: ScanBar,
    ) -> None:
        super().__init__(tasks)
        self._tasks = tasks
        self._known = known
        self._page = page
        self._scans = scans
        self._scan_bar = scan_bar
        self._explorer: Explorer | None = None
        self._opened = False
        self._last: Sequence[Track] | None = None

    def set_explorer(self, explorer: Explorer) -> None:
        """Show the tracks of this session."""
        self._explorer, self._last, self._opened = explorer, None, False
        self.refresh()

    def refresh(self) -> None:
        """Show what the library holds now."""
        if self._explorer is not None:
            explorer, sorting, last = self._explorer, self._page.table.model.sorting, self._last

            def job(_progress: Progress) -> tuple[Sequence[Track], Arranged | None]:
                tracks = explorer.tracks()
                if tracks is last:
                    return tracks, None
                arranged = arrange(tracks, *sorting)
                gc.freeze()  # to search so many objects for garbage would stop the window
                return tracks, arranged

            self._tasks.ask(
                TRACKS,
                job,
                lambda read: self._tasks.turns.run(self, self._show(*read)),
                on_end=self._on_end,
            )

    def update(self, tracks: Sequence[Track]) -> None:
        """Show a batch of tracks that a scan reported as new or changed."""
        if tracks:
            self._last = None
            self._page.table.model.update_tracks(tracks)
            self._page.selection.follow(self._known)
            self._page.note_analysed(tracks)
            self.changed.emit()

    def _show(self, tracks: Sequence[Track], arranged: Arranged | None) -> Iterator[None]:
        if self._scans.running:  # its rows are newer than what was read before
            self.update([t for t in tracks if self._known.at(t.path) is None])
        else:
            if arranged is not None:
                self._last = tracks
                self._page.table.model.set_arranged(arranged)
                self._page.selection.follow(self._known)
            self.show_status()
            self.shown.emit(tracks)
        if arranged is None:
            return
        yield
        self.changed.emit()
        yield
        self._page.refresh_maps()
        self._page.refresh_rankings()

    def _on_end(self) -> None:
        if not self._opened:
            self._opened = True
            self._tasks.turns.run(self, self._say_opened(), "opened")

    def _say_opened(self) -> Iterator[None]:
        self.opened.emit()
        yield

    def show_status(self) -> None:
        """Say how many tracks there are, or what a scan does."""
        if self._scans.running:
            self._scan_bar.show_scan()
            return
        tracks = self._known.all()
        failed = sum(track.state is TrackState.FAILED for track in tracks)
        ready = [track for track in tracks if track.state is TrackState.ANALYSED]
        singers = len({name for track in ready for name in track.singers or (track.singer,)})
        instrumental = sum(track.instrumental for track in tracks)
        parts = [counted(len(tracks) - failed, "track"), counted(singers, "singer")]
        parts += [counted(instrumental, "instrumental")] if instrumental else []
        parts += [f"{counted(failed, 'file')} not readable"] if failed else []
        self._scan_bar.show_status(", ".join(parts) if tracks else "The library is empty.")
