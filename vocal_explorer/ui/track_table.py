"""The table of tracks and its search field: the maps' twin for keyboard and screen reader."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QModelIndex, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from vocal_explorer.records import Track, TrackState
from vocal_explorer.ui.colours import Theme
from vocal_explorer.ui.icons import draw_icon
from vocal_explorer.ui.parts import quiet_label
from vocal_explorer.ui.track_model import PROGRESS_ROLE, TRACK_ROLE, Column, Index, TrackModel
from vocal_explorer.ui.words import counted

ROW_HEIGHT = 30  # px
SEARCH_DELAY = 120  # ms after the last key
MARGIN = 9  # px
NOTE = 14  # px; the icon of instrumental tracks
Selected = QStyle.StateFlag.State_Selected


class TrackDelegate(QStyledItemDelegate):
    """Paints states in colour, progress as a bar, and an error sentence across the row."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        track: Track = index.data(TRACK_ROLE)
        column = index.column()
        failed = track.state is TrackState.FAILED
        if column != Column.STATE and not (failed and column > Column.TITLE):
            super().paint(painter, option, index)
            return
        self._paint_background(painter, option, index)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if failed:
            self._paint_error(painter, option, index)
        elif track.state is TrackState.ANALYSING:
            self._paint_progress(painter, option, index.data(PROGRESS_ROLE) or 0.0)
        else:
            self._paint_state(painter, option, index, track)
        painter.restore()

    def _paint_background(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        empty = QStyleOptionViewItem(option)
        self.initStyleOption(empty, index)
        empty.text = ""
        view = option.widget
        view.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, empty, painter, view)

    def _paint_error(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view = option.widget
        if not isinstance(view, QTableView):
            return
        left = view.columnViewportPosition(Column.SINGER)
        right = view.columnViewportPosition(Column.STATE) + view.columnWidth(Column.STATE)
        area = QRect(left, option.rect.y(), right - left, option.rect.height())
        area.adjust(MARGIN, 0, -MARGIN, 0)
        theme = Theme.of(option.palette)
        selected = option.state & Selected
        painter.setClipRect(option.rect)
        painter.setPen(option.palette.highlightedText().color() if selected else theme.error)
        sentence = index.sibling(index.row(), Column.STATE).data()
        text = option.fontMetrics.elidedText(sentence, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_progress(
        self, painter: QPainter, option: QStyleOptionViewItem, fraction: float
    ) -> None:
        theme = Theme.of(option.palette)
        bar = QRectF(option.rect).adjusted(MARGIN, 0, -MARGIN, 0)
        bar.setTop(bar.center().y() - 3)
        bar.setHeight(6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.faint)
        painter.drawRoundedRect(bar, 3, 3)
        bar.setWidth(max(bar.width() * fraction, 6))
        selected = option.state & Selected
        painter.setBrush(option.palette.highlightedText() if selected else theme.accent)
        painter.drawRoundedRect(bar, 3, 3)

    def _paint_state(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, track: Track
    ) -> None:
        theme = Theme.of(option.palette)
        colour = {TrackState.ANALYSED: theme.good, TrackState.MISSING: theme.error}.get(
            track.state, theme.quiet
        )
        if option.state & Selected:
            colour = option.palette.highlightedText().color()
        area = option.rect.adjusted(MARGIN, 0, -MARGIN, 0)
        if track.state is TrackState.ANALYSED and track.instrumental:
            place = QRect(area.x(), area.center().y() - NOTE // 2, NOTE, NOTE)
            draw_icon(painter, "note", place, colour)
            area.setLeft(place.right() + 3)
        painter.setPen(colour)
        text = option.fontMetrics.elidedText(
            index.data(), Qt.TextElideMode.ElideRight, area.width()
        )
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)


class TrackView(QTableView):
    """The table itself."""

    def __init__(self, model: TrackModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(TrackDelegate(self))
        self.setAccessibleName("Tracks")
        self.setAccessibleDescription(
            "All tracks of the library; the selected one is marked in both maps"
        )
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self._set_up_headers()

    def _set_up_headers(self) -> None:
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setAccessibleName("Columns, to sort by")
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(Column.TITLE, QHeaderView.ResizeMode.Stretch)
        for column, width in (
            (Column.SINGER, 116),
            (Column.ALBUM, 76),
            (Column.LENGTH, 58),
            (Column.STATE, 120),
        ):
            header.resizeSection(column, width)
        self.setSortingEnabled(True)
        self.sortByColumn(Column.SINGER, Qt.SortOrder.AscendingOrder)


class TrackTable(QWidget):
    """Search field, table, and a line that says how many tracks there are."""

    selected = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = TrackModel(self)
        self.view = TrackView(self.model, self)
        self.search = QLineEdit(clearButtonEnabled=True)
        self.search.setPlaceholderText("Search title, singer, album  (Ctrl+F)")
        self.search.setAccessibleName("Search tracks")
        self.search.setAcceptDrops(False)
        self.count = quiet_label()
        self._selected_path: Path | None = None
        self._restoring = False
        self._search_delay = QTimer(self, singleShot=True, interval=SEARCH_DELAY)
        self._search_delay.timeout.connect(self._apply_search)
        self.search.textChanged.connect(self._search_delay.start)
        self.search.returnPressed.connect(self._enter_table)
        self.view.selectionModel().currentRowChanged.connect(self._on_current)
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

    def update_tracks(self, tracks: Sequence[Track]) -> None:
        """Show a batch of new or changed tracks; says `selected` again if it changed."""
        before = self.selected_track
        self.model.update_tracks(tracks)
        self._say_change(before)

    def set_tracks(self, tracks: Sequence[Track]) -> None:
        """Show exactly these tracks; says `selected` again if it changed."""
        before = self.selected_track
        self.model.set_tracks(tracks)
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
