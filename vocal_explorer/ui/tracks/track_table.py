"""The table of tracks and its search field: the maps' twin for keyboard and screen reader."""

from collections.abc import Collection, Sequence
from pathlib import Path

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, Signal
from PySide6.QtWidgets import (
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from vocal_explorer.base.records.tracks import Track
from vocal_explorer.ui.base.texts import counted
from vocal_explorer.ui.base.timers import delay
from vocal_explorer.ui.base.widgets import quiet_label
from vocal_explorer.ui.tracks.track_model import TrackModel
from vocal_explorer.ui.tracks.track_rows import Arranged
from vocal_explorer.ui.tracks.track_view import TrackView

SEARCH_DELAY = 120  # ms after the last key
SEARCH_TIP = (
    "All words must occur, in any order; case and accents do not matter.\n"
    "One column only: singer:anna, album:live, year:1999, key:8A, state:failed, folder:jazz"
)


class TrackTable(QWidget):
    """Search field, table, and a line that says how many tracks there are."""

    selected = Signal(str)
    set_chosen = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = TrackModel(self)
        self.view = TrackView(self.model, self)
        self.search = QLineEdit(clearButtonEnabled=True)
        self.search.setPlaceholderText("Search title, singer, album  (Ctrl+F)")
        self.search.setToolTip(SEARCH_TIP)
        self.search.setAccessibleName("Search tracks")
        self.search.setAcceptDrops(False)
        self.count = quiet_label()
        self._selected_path: Path | None = None
        self._restoring = False
        self._search_delay = delay(self, SEARCH_DELAY)
        self._search_delay.timeout.connect(self._apply_search)
        self.search.textChanged.connect(self._search_delay.start)
        self.view.column_wanted.connect(self._search_column)
        self.search.returnPressed.connect(self._enter_table)
        self.view.selectionModel().currentRowChanged.connect(self._on_current)
        self.view.selectionModel().selectionChanged.connect(self._on_selection)
        self.model.modelReset.connect(self._restore)
        for changed in (self.model.modelReset, self.model.rowsInserted):
            changed.connect(self._show_count)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.search)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.count)

    @property
    def selected_track(self) -> Track | None:
        """The selected track; it stays selected while a filter hides it."""
        return None if self._selected_path is None else self.model.track_of(self._selected_path)

    @property
    def selected_tracks(self) -> list[Track]:
        """All selected rows, from top to bottom, and the selected track if it is hidden."""
        rows = sorted(index.row() for index in self.view.selectionModel().selectedRows())
        track = self.selected_track
        return [self.model.track_at(row) for row in rows] or ([track] if track else [])

    def update_tracks(self, tracks: Sequence[Track]) -> None:
        """Show a batch of new or changed tracks; says `selected` again if it changed."""
        before = self.selected_track
        self.model.update_tracks(tracks)
        self._say_change(before)

    def set_arranged(self, arranged: Arranged) -> None:
        """Show exactly these tracks; says `selected` again if it changed."""
        before = self.selected_track
        self.model.set_arranged(arranged)
        self._say_change(before)

    def _say_change(self, before: Track | None) -> None:
        track = self.selected_track
        if before and track and (before.track_id, before.state) != (track.track_id, track.state):
            self.selected.emit(track.track_id)

    def select(self, track_id: str) -> None:
        """Select a track and scroll to it; a filter that hides it is taken away."""
        if self.model.row_of(track_id) is None:
            self.search.clear()
            self._apply_search()
        row = self.model.row_of(track_id)
        if row is not None:
            self.view.setCurrentIndex(self.model.index(row, 0))

    def choose(self, track_ids: Collection[str]) -> None:
        """Select the rows of a set, as far as the filter shows them; tells no one."""
        found = [self.model.row_of(track_id) for track_id in track_ids]
        chosen = QItemSelection()
        for first, last in _runs(sorted(row for row in found if row is not None)):
            chosen.select(self.model.index(first, 0), self.model.index(last, 0))
        flags = QItemSelectionModel.SelectionFlag
        self._restoring = True
        self.view.selectionModel().select(chosen, flags.ClearAndSelect | flags.Rows)
        self._restoring = False

    def _on_selection(self) -> None:
        if not self._restoring:
            rows = [index.row() for index in self.view.selectionModel().selectedRows()]
            ids = tuple(self.model.track_at(row).track_id for row in rows)
            self.set_chosen.emit(ids if len(ids) > 1 else ())

    def focus_search(self) -> None:
        """Let the user type a search."""
        self.search.setFocus()
        self.search.selectAll()

    def clear_selection(self) -> None:
        """Select nothing."""
        self._selected_path = None
        self.view.setCurrentIndex(QModelIndex())
        self.view.clearSelection()

    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid() and not self._restoring:
            track = self.model.track_at(current.row())
            self._selected_path = track.path
            self.selected.emit(track.track_id)

    def _restore(self) -> None:
        track = self.selected_track
        row = None if track is None else self.model.row_of(track.track_id)
        if row is not None:
            self._restoring = True
            self.view.setCurrentIndex(self.model.index(row, 0))
            self._restoring = False

    def _apply_search(self) -> None:
        self._search_delay.stop()
        self.model.set_filter(self.search.text())

    def _search_column(self, name: str) -> None:
        self.search.setText(f"{self.search.text()} {name.lower()}:".lstrip())
        self.search.setFocus()

    def _enter_table(self) -> None:
        self._apply_search()
        if self.model.rowCount():
            self.view.setFocus()
            if not self.view.currentIndex().isValid():
                self.view.selectRow(0)

    def _show_count(self) -> None:
        shown, total = self.model.rowCount(), self.model.n_tracks
        text = counted(total, "track")
        self.count.setText(text if shown == total else f"{shown:,} of {text}")


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Return first and last of each run of rows without a gap: Qt is slow with many ranges."""
    starts = [row for i, row in enumerate(rows) if i == 0 or row != rows[i - 1] + 1]
    ends = [row for i, row in enumerate(rows) if i + 1 == len(rows) or row != rows[i + 1] - 1]
    return list(zip(starts, ends, strict=True))
