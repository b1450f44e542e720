"""Small album covers for the rows of the table that are seen, read in a worker thread."""

from collections import deque
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QWidget

from vocal_explorer.base.caching import LruCache
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.ui.base.jobs import Begin
from vocal_explorer.ui.base.ports import Covers
from vocal_explorer.ui.base.tasks import Tasks
from vocal_explorer.ui.base.timers import delay
from vocal_explorer.ui.tracks.album_cover import read, scaled

KIND = "row covers"  # kind of job
SIDE = 24  # px
REST = 60  # ms; what is scrolled past faster is not read
AT_ONCE = 8  # covers of one job
WANTED = 80  # rows at most that a screen shows; older wishes were scrolled past
KEPT = 4_000  # covers
SHOWN = b"shown"


class RowCovers(QObject):
    """Knows covers or gets them: `changed` says that more of them can be drawn.

    Parameters
    ----------
    view
        Where they are drawn.
    """

    changed = Signal()

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self.setObjectName("row covers")
        self._view = view
        self._tasks: Tasks | None = None
        self._explorer: Covers | None = None
        self._shown = False
        self._kept: LruCache[QPixmap] = LruCache(KEPT)
        self._wanted: deque[Path] = deque(maxlen=WANTED)
        self._reading: list[Path] = []
        self._rest = delay(self, REST)
        self._rest.timeout.connect(self._read_next)

    @property
    def shown(self) -> bool:
        """Whether rows have covers."""
        return self._shown

    def set_source(self, tasks: Tasks, explorer: Covers) -> None:
        """Read the covers of this session."""
        self._tasks, self._explorer = tasks, explorer

    def show(self, wanted: bool) -> None:
        """Let rows have covers, or not."""
        self._shown = wanted
        self._wanted.clear()
        self.changed.emit()

    def picture(self, track: Track) -> QPixmap | None:
        """Return a cover; a null one where there is none, None until it is read."""
        kept = self._kept.find(track.path)
        asked = track.path in self._wanted or track.path in self._reading
        if kept is None and not asked:
            self._wanted.append(track.path)
            self._rest.start()
        return kept

    def saveState(self) -> QByteArray:
        """Return whether they are shown."""
        return QByteArray(SHOWN if self._shown else b"")

    def restoreState(self, state: QByteArray, /) -> bool:
        """Show them as they were."""
        self.show(state.data() == SHOWN)
        return True

    def _read_next(self) -> None:
        tasks, explorer = self._tasks, self._explorer
        if tasks is None or explorer is None or tasks.running(KIND) or not self._wanted:
            return
        newest = self._reading = [
            self._wanted.pop() for _ in range(min(AT_ONCE, len(self._wanted)))
        ]
        side = round(SIDE * self._view.devicePixelRatioF())

        def job(progress: Progress) -> dict[Path, QImage]:
            images = {}
            for path in newest:
                progress.report(0.0)
                images[path] = scaled(read(explorer, path), side)
            return images

        tasks.ask(KIND, job, self._keep, on_end=self._on_end, begin=Begin.IN_TURN)

    def _on_end(self) -> None:
        self._reading = []
        self._read_next()

    def _keep(self, images: dict[Path, QImage]) -> None:
        for path, image in images.items():
            pixmap = QPixmap.fromImage(image) if not image.isNull() else QPixmap()
            pixmap.setDevicePixelRatio(self._view.devicePixelRatioF())
            self._kept.put(path, pixmap)
        self.changed.emit()
