"""Writing the tracks that are shown to a file: playlist, table, embeddings, picture."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from vocal_explorer.base.records.tracks import Track
from vocal_explorer.ui.base.choosers import choose_new_file
from vocal_explorer.ui.base.messages import MessageBar
from vocal_explorer.ui.base.ports import Explorer
from vocal_explorer.ui.base.tasks import Tasks
from vocal_explorer.ui.base.texts import counted

EXPORT = "export"  # kind of deed
KINDS = {
    "Playlist (*.m3u8)": ".m3u8",
    "Table (*.csv)": ".csv",
    "Picture of both maps (*.png)": ".png",
    "Drawing of both maps (*.svg)": ".svg",
    "Embeddings for NumPy (*.npz)": ".npz",
    "Everything for Embedding Atlas (*.parquet)": ".parquet",
}


class ExportControl(QObject):
    """The window's side of exports.

    Parameters
    ----------
    tasks
        Where files are written.
    messages
        Where results are told.
    window
        Parent of the dialog.
    """

    def __init__(self, tasks: Tasks, messages: MessageBar, window: QWidget) -> None:
        super().__init__(window)
        self._tasks = tasks
        self._messages = messages
        self._window = window
        self._explorer: Explorer | None = None

    def set_explorer(self, explorer: Explorer) -> None:
        """Export from this session."""
        self._explorer = explorer

    def ask(self, tracks: Sequence[Track]) -> None:
        """Ask for a file, then write these tracks to it in their order."""
        if any(track.track_id for track in tracks):
            title = f"Export {counted(len(tracks), 'track')}"
            choose_new_file(self._window, title, KINDS, lambda out: self.export(out, tracks))
        elif tracks:
            self._messages.show_failure("None of these files is analysed, so none is exported.")
        else:
            self._messages.show_failure("There are no tracks to export.")

    def export(self, out: Path, tracks: Sequence[Track]) -> None:
        """Write tracks to a file; those that are not analysed are left out."""
        explorer = self._explorer
        ids = [track.track_id for track in tracks if track.track_id]
        left = len(tracks) - len(ids)
        are = "is" if left == 1 else "are"
        rest = f"; {counted(left, 'file')} that {are} not analysed {are} left out" if left else ""
        if explorer is not None:
            self._tasks.do(
                EXPORT,
                lambda _progress: explorer.export(out, ids),
                lambda n: self._messages.show_done(
                    f"{counted(n, 'track')} exported to {out}{rest}"
                ),
            )
