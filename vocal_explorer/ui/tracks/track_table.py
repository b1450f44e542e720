"""The table of tracks and its search field: the maps' twin for keyboard and screen reader."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex
from PySide6.QtWidgets import (
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from vocal_explorer.base.records.tracks import Track
from vocal_explorer.ui.base.texts import counted
from vocal_explorer.ui.base.timers import delay
from vocal_explorer.ui.base.widgets import quiet_label
from vocal_explorer.ui.state.known_tracks import KnownTracks
from vocal_explorer.ui.state.selection import Selection
from vocal_explorer.ui.tracks.track_model import TrackModel
from vocal_explorer.ui.tracks.track_view import TrackView

SEARCH_DELAY = 120  # ms after the last key
SEARCH_TIP = (
    "All words must occur, in any order; case and accents do not matter.\n"
    "One column only: singer:anna, album:live, year:1999, key:8A, state:failed, folder:jazz"
)


class TrackTable(QWidget):
    """Search field, table, and a line that says how many tracks there are.

    Parameters
    ----------
    known
        The tracks to show.
    selection
        Which rows are marked, and what a click changes.
    """

    def __init__(
        self, known: KnownTracks, selection: Selection, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._known = known
        self._selection = selection
        self.model = TrackModel(known, self)
        self.view = TrackView(self.model, self)
        self.search = QLineEdit(clearButtonEnabled=True)
        self.search.setPlaceholderText("Search title, singer, album  (Ctrl+F)")
        self.search.setToolTip(SEARCH_TIP)
        self.search.setAccessibleName("Search tracks")
        self.search.setAcceptDrops(False)
        self.count = quiet_label()
        self._busy = False  # marking rows, or telling what the user marked
        self._search_delay = delay(self, SEARCH_DELAY)
        self._connect()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.search)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.count)

    def _connect(self) -> None:
        self._search_delay.timeout.connect(self._apply_search)
        self.search.textChanged.connect(self._search_delay.start)
        self.view.column_wanted.connect(self._search_column)
        self.search.returnPressed.connect(self._enter_table)
        rows = self.view.selectionModel()
        rows.currentRowChanged.connect(self._on_marked)
        rows.selectionChanged.connect(self._on_marked)
        self._selection.changed.connect(self._show_selected)
        self._selection.updated.connect(self._mark_rows)
        self._selection.set_changed.connect(self._mark_rows)
        self.model.modelReset.connect(self._mark_rows)
        for changed in (self.model.modelReset, self.model.rowsInserted):
            changed.connect(self._show_count)

    def _show_selected(self) -> None:
        """Mark the selected track; a filter that hides it is taken away."""
        track = self._selection.track
        if track is not None and not self._busy and self.model.row_of(track) is None:
            self.search.clear()
            self._apply_search()
        self._mark_rows()

    def _mark_rows(self) -> None:
        """Mark what is selected, as far as the filter shows it."""
        if self._busy:
            return
        self._busy = True
        rows, flags = self.view.selectionModel(), QItemSelectionModel.SelectionFlag
        track = self._selection.track
        row = None if track is None else self.model.row_of(track)
        current = QModelIndex() if row is None else self.model.index(row, 0)
        rows.setCurrentIndex(current, flags.NoUpdate)
        marked = QItemSelection()
        for first, last in _runs(self._rows_of(self._selection.tracks)):
            marked.select(self.model.index(first, 0), self.model.index(last, 0))
        rows.select(marked, flags.ClearAndSelect | flags.Rows)
        self._busy = False

    def _rows_of(self, tracks: Iterable[Track]) -> list[int]:
        found = map(self.model.row_of, tracks)
        return sorted(row for row in found if row is not None)

    def _on_marked(self) -> None:
        """Tell what the user marked: the current row counts only if it is marked itself."""
        if self._busy:
            return
        rows = self.view.selectionModel()
        marked = [self.model.track_at(index.row()) for index in rows.selectedRows()]
        current = rows.currentIndex()
        track = self._selection.track
        if current.isValid() and rows.isSelected(current):
            track = self.model.track_at(current.row())
        elif marked and track not in marked:
            track = marked[-1]
        elif not marked and (track is None or self.model.row_of(track) is not None):
            track = None
        self._busy = True
        self._selection.select(track, keep_set=True)
        self._selection.choose(marked if len(marked) > 1 else ())
        self._busy = False

    def focus_search(self) -> None:
        """Let the user type a search."""
        self.search.setFocus()
        self.search.selectAll()

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
            if not self.view.selectionModel().hasSelection():
                self.view.selectRow(0)

    def _show_count(self) -> None:
        shown, total = self.model.rowCount(), len(self._known)
        text = counted(total, "track")
        self.count.setText(text if shown == total else f"{shown:,} of {text}")


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Return first and last of each run of rows without a gap: Qt is slow with many ranges."""
    starts = [row for i, row in enumerate(rows) if i == 0 or row != rows[i - 1] + 1]
    ends = [row for i, row in enumerate(rows) if i + 1 == len(rows) or row != rows[i + 1] - 1]
    return list(zip(starts, ends, strict=True))
