"""The small picture of the album that is heard or selected."""

import logging
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from vocal_explorer.base.caching import LruCache
from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.ui.base.icons import icon
from vocal_explorer.ui.base.jobs import Begin
from vocal_explorer.ui.base.ports import Covers
from vocal_explorer.ui.base.tasks import Tasks

COVER = "cover"  # kind of job
SIDE = 44  # px
KEPT = 256  # pictures of this size

_log = logging.getLogger(__name__)


class AlbumCover(QLabel):
    """Shows a cover, read and scaled in a worker thread; a note where there is none.

    Parameters
    ----------
    tasks
        Where pictures are read.
    """

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._explorer: Covers | None = None
        self._kept: LruCache[QImage] = LruCache(KEPT)
        self._image = QImage()
        self.setFixedSize(SIDE, SIDE)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName("Album cover")
        self._draw(QImage())

    @property
    def image(self) -> QImage:
        """The picture shown; null where there is none."""
        return self._image

    def set_explorer(self, explorer: Covers) -> None:
        """Show the covers of this session."""
        self._explorer = explorer

    def show_track(self, track: Track) -> None:
        """Show the cover of a track, at once or as soon as it is read."""
        kept = self._kept.find(track.path)
        if kept is not None:
            self._tasks.cancel(COVER)
            self._draw(kept)
        elif self._explorer is not None:
            explorer, side = self._explorer, round(SIDE * self.devicePixelRatioF())

            def job(_progress: Progress) -> QImage:
                return scaled(read(explorer, track.path), side)

            self._tasks.ask(
                COVER,
                job,
                lambda image: self._keep(track.path, image),
                begin=Begin.IN_TURN,
            )

    def _keep(self, path: Path, image: QImage) -> None:
        self._kept.put(path, image)
        self._draw(image)

    def _draw(self, image: QImage) -> None:
        self._image = image
        if image.isNull():
            self.setPixmap(icon("note", self.palette()).pixmap(SIDE // 2, SIDE // 2))
        else:
            pixmap = QPixmap.fromImage(image)
            pixmap.setDevicePixelRatio(max(image.width(), image.height()) / SIDE)
            self.setPixmap(pixmap)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        if event.type() == QEvent.Type.PaletteChange:
            self._draw(self._image)
        super().changeEvent(event)


def read(covers: Covers, path: Path) -> bytes | None:
    """Return the encoded picture of a song; one that cannot be read is none, and no failure."""
    try:
        return covers.cover(path)
    except VocalExplorerError as error:
        _log.info("the cover of %s: %s", path, error)
        return None


def scaled(picture: bytes | None, side: int) -> QImage:
    """Return an encoded picture, at most `side` pixels wide and high; null where none is."""
    image = QImage.fromData(picture or b"")
    if image.isNull():
        return image
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return image.scaled(side, side, keep, smooth)
