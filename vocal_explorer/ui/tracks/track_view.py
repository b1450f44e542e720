"""How the table of tracks looks: its cells, its columns, and the menu to choose them."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from vocal_explorer.base.records.tracks import Track, TrackState
from vocal_explorer.ui.base.colours import Theme
from vocal_explorer.ui.base.icons import draw_icon
from vocal_explorer.ui.base.widgets import Index
from vocal_explorer.ui.tracks.row_covers import SIDE, RowCovers
from vocal_explorer.ui.tracks.track_model import PROGRESS_ROLE, RIGHT, TRACK_ROLE, TrackModel
from vocal_explorer.ui.tracks.track_rows import HEADERS, NUMBERS, Column

ROW_HEIGHT = 30  # px
LEAST_TITLE = 120  # px
MARGIN = 9  # px
NOTE = 14  # px; the icon of instrumental tracks
HIDDEN = (  # until the user wants them
    Column.YEAR,
    Column.TEMPO,
    Column.KEY,
    Column.VOICE,
    Column.FOLDER,
)
WIDTHS = {
    Column.SINGER: 116,
    Column.ALBUM: 76,
    Column.YEAR: 52,
    Column.LENGTH: 58,
    Column.TEMPO: 52,
    Column.KEY: 118,
    Column.VOICE: 56,
    Column.FOLDER: 160,
    Column.STATE: 120,
}
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
Selected = QStyle.StateFlag.State_Selected


class TrackDelegate(QStyledItemDelegate):
    """Paints states in colour, progress as a bar, and an error sentence across the row.

    Parameters
    ----------
    covers
        Drawn before the titles, if they are wanted.
    """

    def __init__(self, parent: QWidget, covers: RowCovers) -> None:
        super().__init__(parent)
        self._covers = covers

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell; Qt's own way asks the model for fonts, brushes and icons as well."""
        track: Track = index.data(TRACK_ROLE)
        column = index.column()
        failed = track.state is TrackState.FAILED
        view = option.widget
        view.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, view)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if failed and column > Column.TITLE:
            self._paint_error(painter, option, index)
        elif column != Column.STATE:
            covered = column == Column.TITLE and self._covers.shown
            left = self._paint_cover(painter, option, track) if covered else 0
            self._paint_text(painter, option, index, left)
        elif track.state is TrackState.ANALYSING:
            self._paint_progress(painter, option, index.data(PROGRESS_ROLE) or 0.0)
        else:
            self._paint_state(painter, option, index, track)
        painter.restore()

    def _paint_cover(self, painter: QPainter, option: QStyleOptionViewItem, track: Track) -> int:
        """Draw what is known of a cover; return how much room covers take."""
        place = QRect(option.rect.x() + MARGIN, 0, SIDE, SIDE)
        place.moveTop(option.rect.center().y() - SIDE // 2)
        picture = self._covers.picture(track)
        if picture is not None and picture.isNull():
            note = QRect(0, 0, NOTE, NOTE)
            note.moveCenter(place.center())
            draw_icon(painter, "note", note, Theme.of(option.palette).faint)
        elif picture is not None:
            size = picture.deviceIndependentSize().toSize()
            area = QRect(0, 0, size.width(), size.height())
            area.moveCenter(place.center())
            painter.drawPixmap(area, picture)
        return SIDE + MARGIN

    def _paint_text(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, left: int
    ) -> None:
        area = option.rect.adjusted(MARGIN + left, 0, -MARGIN, 0)
        selected = option.state & Selected
        role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        text = option.fontMetrics.elidedText(
            index.data(), Qt.TextElideMode.ElideRight, area.width()
        )
        painter.setPen(option.palette.color(role))
        painter.drawText(area, RIGHT if index.column() in NUMBERS else LEFT, text)

    def _paint_error(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view = option.widget
        if not isinstance(view, QTableView):
            return
        left = view.columnViewportPosition(Column.TITLE) + view.columnWidth(Column.TITLE)
        right = view.viewport().width()
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
    """The table itself; `column_wanted` is a column that is to be searched."""

    column_wanted = Signal(str)

    def __init__(self, model: TrackModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.covers = RowCovers(self)
        self.covers.changed.connect(self.viewport().update)
        self.setItemDelegate(TrackDelegate(self, self.covers))
        self.setAccessibleName("Tracks")
        self.setAccessibleDescription(
            "All tracks of the library; the selected one is marked in both maps"
        )
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
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
        for column, width in WIDTHS.items():
            header.resizeSection(column, width)
        header.setObjectName("tableColumns")
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._show_column_menu)
        self.show_columns([column for column in Column if column not in HIDDEN])
        self.setSortingEnabled(True)
        self.sortByColumn(Column.SINGER, Qt.SortOrder.AscendingOrder)
        header.sectionResized.connect(self._fit_title)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the titles the room that there is."""
        super().resizeEvent(event)
        self._fit_title()

    def _fit_title(self, column: int = Column.STATE) -> None:
        """Let titles fill what the other columns leave, unless that is too little to be read."""
        if column != Column.TITLE:
            others = sum(self.columnWidth(other) for other in Column if other != Column.TITLE)
            self.setColumnWidth(Column.TITLE, max(LEAST_TITLE, self.viewport().width() - others))

    def show_columns(self, columns: Sequence[Column]) -> None:
        """Show these columns, and the title, which is always there."""
        for column in Column:
            self.setColumnHidden(column, column is not Column.TITLE and column not in columns)

    def restore_sorting(self) -> None:
        """Sort as the header says, after its state was restored."""
        header = self.horizontalHeader()
        self.sortByColumn(header.sortIndicatorSection(), header.sortIndicatorOrder())

    def column_menu(self) -> QMenu:
        """Return a menu that chooses the columns, and searches in one of them."""
        menu = QMenu(self)
        for column in Column:
            action = menu.addAction(HEADERS[column])
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(column))
            action.setEnabled(column is not Column.TITLE)
            action.toggled.connect(lambda on, c=column: self.setColumnHidden(c, not on))
        covers = menu.addAction("Album covers")
        covers.setCheckable(True)
        covers.setChecked(self.covers.shown)
        covers.toggled.connect(self.covers.show)
        menu.addSeparator()
        search = menu.addMenu("Search in")
        for name in HEADERS.values():
            search.addAction(name).triggered.connect(
                lambda _checked=False, n=name: self.column_wanted.emit(n)
            )
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def _show_column_menu(self, place: QPoint) -> None:
        self.column_menu().popup(self.horizontalHeader().mapToGlobal(place))
