"""Runs scans, lets what is wanted jump their queue, and tells of their tracks in batches."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from vocal_explorer.base.progress import Progress, Steering
from vocal_explorer.base.records.library import ScanSummary
from vocal_explorer.base.records.tracks import Track, TrackState
from vocal_explorer.ui.base.ports import Explorer
from vocal_explorer.ui.base.tasks import Tasks
from vocal_explorer.ui.base.timers import ticker

KIND = "scan"
BATCH_INTERVAL = 100  # ms between two updates of the table
BATCH_SIZE = 500  # tracks of one update, so that none takes long
ALMOST = 0.97  # a row that runs is never shown as done


class ScanRunner(QObject):
    """The window's side of a scan.

    Parameters
    ----------
    tasks
        Where the scans run.
    shown
        Returns what the window shows of a file. Called in the scan's thread: a track that is
        shown as it is need not be told, and comparing thousands would stop the window.
    """

    began = Signal()
    progressed = Signal(float, str, object)
    tracks_changed = Signal(list)
    row_progressed = Signal(object, float)
    finished = Signal(object)
    cancelled = Signal(list)
    ended = Signal()

    def __init__(
        self, tasks: Tasks, shown: Callable[[Path], Track | None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._shown = shown
        self._explorer: Explorer | None = None
        self._steering = Steering()
        self._pending: list[Path] = []
        self._pending_quietly: list[Path] = []
        self._paths: list[Path] = []
        self._quiet = self._cancelling = self._ending = False
        self._inbox: deque[Track] = deque()
        self._open: set[Path] = set()
        self._row: Path | None = None
        self._row_start = 0.0
        self._fraction = 0.0
        self._timer = ticker(self, BATCH_INTERVAL)
        self._timer.timeout.connect(self._deliver)

    @property
    def running(self) -> bool:
        """Whether a scan has not ended yet."""
        return self._tasks.running(KIND) or self._ending

    def set_explorer(self, explorer: Explorer) -> None:
        """Start with what was dropped before the session was there."""
        self._explorer = explorer
        self._start_next()

    @property
    def quiet(self) -> bool:
        """Whether nobody asked for the scan that runs or ran last."""
        return self._quiet

    def scan(self, paths: Sequence[Path]) -> None:
        """Scan these now; a running scan takes them next."""
        if self.running and not self._cancelling:
            self._paths.extend(paths)
            self._steering.want(paths)
        else:
            self._pending.extend(paths)
            self._start_next()

    def scan_quietly(self, paths: Sequence[Path]) -> None:
        """Look for changes in these as soon as no scan runs."""
        self._pending_quietly.extend(paths)
        self._start_next()

    def prefer(self, path: Path) -> None:
        """Let a file that waits for its analysis come next."""
        if self.running:
            self._steering.want([path])

    def pause(self) -> None:
        """Let the scan wait."""
        self._tasks.pause(KIND)

    def resume(self) -> None:
        """Let the scan go on."""
        self._tasks.resume(KIND)

    def cancel(self) -> None:
        """End the scan, and forget those that wait; what is done stays in the library."""
        self._pending.clear()
        self._pending_quietly.clear()
        if self.running:
            self._cancelling = True
            self._tasks.cancel(KIND)

    def _start_next(self) -> None:
        if self._explorer is None or self.running:
            return
        self._quiet = not self._pending
        pending = self._pending_quietly if self._quiet else self._pending
        paths = list(dict.fromkeys(pending))
        pending.clear()
        if paths:
            self._start(self._explorer, paths)

    def _start(self, explorer: Explorer, paths: list[Path]) -> None:
        steering, refresh = Steering(), not self._quiet
        self._steering, self._paths, self._cancelling = steering, paths.copy(), False
        self._open.clear()
        self._row = None
        self._fraction = 0.0
        told: set[Path] = set()

        def listen(track: Track) -> None:
            if track.path in told or track != self._shown(track.path):
                told.add(track.path)
                self._inbox.append(track)

        def job(progress: Progress) -> ScanSummary:
            return explorer.scan(paths, progress, listen, steering, refresh=refresh)

        self._timer.start()
        self.began.emit()
        self._tasks.ask(
            KIND, job, self.finished.emit, on_progress=self._on_progress, on_end=self._on_end
        )

    def _on_progress(self, fraction: float, message: str) -> None:
        self._fraction = fraction
        self.progressed.emit(fraction, message, self._steering.seconds_left)

    def _deliver(self) -> None:
        batch = [self._inbox.popleft() for _ in range(min(len(self._inbox), BATCH_SIZE))]
        if batch:
            self._follow_rows(batch)
            self.tracks_changed.emit(list({track.path: track for track in batch}.values()))
        if self._row is not None:
            # the row's share of the whole is not told: take the average of what is left
            share = (1.0 - self._row_start) / max(1, len(self._open))
            done = (self._fraction - self._row_start) / max(share, 1e-9)
            self.row_progressed.emit(self._row, min(max(done, 0.0), ALMOST))

    def _follow_rows(self, batch: Sequence[Track]) -> None:
        for track in batch:
            if track.state in (TrackState.WAITING, TrackState.ANALYSING):
                self._open.add(track.path)
            else:
                self._open.discard(track.path)
            if track.state is TrackState.ANALYSING:
                self._row, self._row_start = track.path, self._fraction
            elif track.path == self._row:
                self._row = None

    def _on_end(self) -> None:
        self._row, self._ending = None, True
        self._timer.stop()
        self._tasks.turns.run(self, self._finish())

    def _finish(self) -> Iterator[None]:
        while self._inbox:
            self._deliver()
            yield
        self._ending = False
        if self._cancelling:
            self.cancelled.emit(self._paths)
        else:  # what was dropped in the last moment
            late = set(self._steering.take())
            self._pending += [path for path in self._paths if path in late]
        self.ended.emit()
        self._start_next()
