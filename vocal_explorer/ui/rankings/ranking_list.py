"""A ranking on the screen: rank, name, a quiet detail, and the similarity as bar and number."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from vocal_explorer.ui.base.colours import Theme, blend
from vocal_explorer.ui.base.widgets import Index, tool_tip

ROW_ROLE = Qt.ItemDataRole.UserRole
OPEN_ROLE = Qt.ItemDataRole.UserRole + 1
OPENING_KEYS = {Qt.Key.Key_Right: True, Qt.Key.Key_Left: False}
ROW_HEIGHT = 30  # px
BAR_WIDTH = 56  # px
NUMBER_WIDTH = 38  # px
RANK_WIDTH = 26  # px
MARGIN = 8  # px
INDENT = 14  # px, of versions
TRIANGLE = 7.0  # px
CENTRED = Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True)
class RankingRow:
    """One place in a ranking; `key` says which track or singer it is.

    `more` is what the tooltip says besides, `measure` what the number is called. `versions`
    are shown below it when wanted; they have no rank and no number of their own.
    """

    key: str
    rank: int
    name: str
    detail: str
    similarity: float | None
    more: str = ""
    measure: str = "similarity"
    versions: tuple["RankingRow", ...] = ()


class RankingModel(QAbstractListModel):
    """The rows of one ranking, and the versions below those that are open."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[RankingRow, ...] = ()
        self.ranked: tuple[RankingRow, ...] = ()  # without open versions
        self._open: set[str] = set()

    def set_rows(self, rows: Sequence[RankingRow]) -> None:
        """Show another ranking."""
        self.beginResetModel()
        self.rows = self.ranked = tuple(rows)
        self._open.clear()
        self.endResetModel()

    def open_versions(self, place: int, wanted: bool) -> None:
        """Show the versions of a row below it, or hide them."""
        row = self.rows[place]
        first, last = place + 1, place + len(row.versions)
        if not row.versions or wanted == (row.key in self._open):
            return
        if wanted:
            self.beginInsertRows(QModelIndex(), first, last)
            self.rows = (*self.rows[:first], *row.versions, *self.rows[first:])
            self._open.add(row.key)
            self.endInsertRows()
        else:
            self.beginRemoveRows(QModelIndex(), first, last)
            self.rows = (*self.rows[:first], *self.rows[last + 1 :])
            self._open.remove(row.key)
            self.endRemoveRows()
        index = self.index(place)
        self.dataChanged.emit(index, index)

    def is_open(self, place: int) -> bool:
        """Whether the versions of a row are shown."""
        return self.rows[place].key in self._open

    def song_of(self, place: int) -> int:
        """Return the ranked row that a row belongs to: itself, or what it is a version of."""
        return max(p for p in range(place + 1) if self.rows[p].similarity is not None)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of places."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what the delegate and a screen reader need."""
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role == Qt.ItemDataRole.ToolTipRole:
            lines = (row.name, row.detail, _number(row), row.more)
            return tool_tip("\n".join(filter(None, lines)))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(index.row())
        if role == ROW_ROLE:
            return row
        if role == OPEN_ROLE:
            return self.is_open(index.row())
        return None

    def _spoken(self, place: int) -> str:
        row = self.rows[place]
        if row.similarity is None:
            song = self.rows[self.song_of(place)].name
            return f"Version of {song}: {row.name}, {row.detail}"
        text = f"{row.rank}, {row.name}, {row.detail}, {row.measure} {row.similarity:.2f}"
        if row.versions:
            text += ", versions shown" if self.is_open(place) else ", versions hidden"
        return text


def _number(row: RankingRow) -> str:
    return "" if row.similarity is None else f"{row.measure.capitalize()} {row.similarity:.3f}"


class RankingDelegate(QStyledItemDelegate):
    """Paints one place."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the height of a row."""
        return QSize(160, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint rank, name, detail, bar and number."""
        empty = QStyleOptionViewItem(option)
        self.initStyleOption(empty, index)
        empty.text = ""
        view = option.widget
        view.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, empty, painter, view)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_row(painter, option, index.data(ROW_ROLE), index.data(OPEN_ROLE))
        painter.restore()

    def _paint_row(
        self, painter: QPainter, option: QStyleOptionViewItem, row: RankingRow, is_open: bool
    ) -> None:
        theme = Theme.of(option.palette)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        text = option.palette.highlightedText().color() if selected else theme.text
        back = option.palette.highlight().color() if selected else theme.base
        quiet = blend(text, back, 0.7)
        area = option.rect.adjusted(MARGIN, 0, -MARGIN, 0)
        rank_area = QRect(area.x(), area.y(), RANK_WIDTH - 8, area.height())
        names = area.adjusted(RANK_WIDTH, 0, -NUMBER_WIDTH - BAR_WIDTH - MARGIN, 0)
        painter.setPen(quiet)
        if row.versions:
            _draw_triangle(painter, option.rect, quiet, is_open=is_open)
        if row.similarity is None:
            names = area.adjusted(RANK_WIDTH + INDENT, 0, 0, 0)
        else:
            painter.drawText(rank_area, RIGHT, str(row.rank))
        name_width = _draw_text(painter, names, row.name, text)
        _draw_text(painter, names.adjusted(name_width + MARGIN, 0, 0, 0), row.detail, quiet)
        if row.similarity is None:
            return
        painter.setPen(text)
        painter.drawText(area, RIGHT, f"{row.similarity:.2f}")
        bar = QRectF(area.right() - NUMBER_WIDTH - BAR_WIDTH, area.center().y() - 2, BAR_WIDTH, 6)
        _draw_bar(painter, bar, 1.0, blend(text, back, 0.14))
        _draw_bar(painter, bar, row.similarity, text if selected else theme.accent)


def _draw_text(painter: QPainter, area: QRect, text: str, colour: QColor) -> int:
    """Draw as much of a text as there is room for; return its width in pixels."""
    metrics = painter.fontMetrics()
    if area.width() < metrics.horizontalAdvance("mm…"):
        return 0
    elided = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.setPen(colour)
    painter.drawText(area, CENTRED, elided)
    return metrics.horizontalAdvance(elided)


def _draw_triangle(painter: QPainter, row: QRect, colour: QColor, *, is_open: bool) -> None:
    """Draw what opens and closes the versions, in the margin of a row."""
    x, y, size = row.x() + MARGIN / 2 + 1, row.center().y() + 1, TRIANGLE / 2
    ends = (
        [(-size, -size / 2), (size, -size / 2), (0, size / 2)]
        if is_open
        else [(-size / 2, -size), (-size / 2, size), (size / 2, 0)]
    )
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([QPointF(x + dx, y + dy) for dx, dy in ends]))
    painter.setPen(colour)


def _draw_bar(painter: QPainter, bar: QRectF, share: float, colour: QColor) -> None:
    width = bar.width() * min(max(share, 0.0), 1.0)
    if width > 0:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        radius = min(3.0, width / 2)
        painter.drawRoundedRect(QRectF(bar.x(), bar.y(), width, bar.height()), radius, radius)


class RankingList(QListView):
    """A list of places; `chosen` tells the key on double click or Enter.

    Right and Left, or a click on the triangle, show and hide the versions of a song.
    """

    chosen = Signal(str)
    current_changed = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._message = ""
        self._model = RankingModel(self)
        self.setModel(self._model)
        self.setItemDelegate(RankingDelegate(self))
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.activated.connect(lambda index: self.chosen.emit(index.data(ROW_ROLE).key))
        self.selectionModel().currentChanged.connect(self._on_current)

    @property
    def rows(self) -> tuple[RankingRow, ...]:
        """What is shown."""
        return self._model.rows

    @property
    def current_key(self) -> str | None:
        """The selected place's key; the first one's when none is selected."""
        index = self.currentIndex()
        if index.isValid():
            return self.rows[index.row()].key
        return self.rows[0].key if self.rows else None

    def set_rows(self, rows: Sequence[RankingRow], message: str = "") -> None:
        """Show a ranking; the message stands there when it is empty, the marked place stays."""
        self._message = message
        self.setAccessibleDescription("" if rows else message)
        self.viewport().update()
        if tuple(rows) == self._model.ranked:
            return
        index = self.currentIndex()
        key = self.rows[index.row()].key if index.isValid() else None
        self._model.set_rows(rows)
        for row in rows:
            if row.key == key:
                self.setCurrentIndex(self._model.index(self.rows.index(row)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open and close versions with Right and Left; from a version, Left goes to its song."""
        index = self.currentIndex()
        wanted = OPENING_KEYS.get(Qt.Key(event.key()))
        if wanted is None or not index.isValid():
            super().keyPressEvent(event)
            return
        song = self._model.song_of(index.row())
        if song != index.row() and not wanted:
            self.setCurrentIndex(self._model.index(song))
        else:
            self._model.open_versions(index.row(), wanted)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open and close versions at the triangle; select elsewhere."""
        place = event.position().toPoint()
        index = self.indexAt(place)
        if index.isValid() and place.x() < RANK_WIDTH and self.rows[index.row()].versions:
            self._model.open_versions(index.row(), not self._model.is_open(index.row()))
        else:
            super().mousePressEvent(event)

    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self.current_changed.emit(self.rows[current.row()].key)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, or the message."""
        super().paintEvent(event)
        if not self.rows and self._message:
            painter = QPainter(self.viewport())
            painter.setPen(Theme.of(self.palette()).quiet)
            area = self.viewport().rect().adjusted(20, 10, -20, -10)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(area, int(flags), self._message)
            painter.end()
