"""The groups of the maps, each with its mark; a click hides or shows one."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from vocal_explorer.ui.base.colours import Theme
from vocal_explorer.ui.base.texts import counted
from vocal_explorer.ui.maps.attributes import Group
from vocal_explorer.ui.maps.points_picture import sprite

LABEL = Qt.ItemDataRole.UserRole
SCROLL = 60  # px with one step of the wheel
KEYS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Legend(QListWidget):
    """One line of groups; `filtered` tells the labels of those that are hidden.

    A click, Space or Enter hides and shows a group; a double click, or Shift with any of
    these, leaves only this one, or brings all back if it is alone already.
    """

    filtered = Signal(frozenset)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups: tuple[Group, ...] = ()
        self._hidden: frozenset[str] = frozenset()
        self.setObjectName("legend")
        self.setAccessibleName("Legend of the maps")
        self.setAccessibleDescription("Space hides and shows a group; Shift+Space shows only it")
        self.setFlow(QListWidget.Flow.LeftToRight)
        self.setWrapping(False)
        self.setSpacing(1)
        self.setUniformItemSizes(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setIconSize(QSize(14, 14))
        self.setFixedHeight(self.fontMetrics().height() + 12)
        self.viewport().setAutoFillBackground(False)

    @property
    def hidden_labels(self) -> frozenset[str]:
        """The groups that are hidden."""
        return self._hidden

    def show_groups(self, groups: tuple[Group, ...]) -> None:
        """Show other groups; those that were hidden stay so."""
        if groups != self._groups:
            self._groups = groups
            self._fill()

    def show_all_groups(self) -> None:
        """Hide none."""
        self._filter(frozenset())

    def _fill(self) -> None:
        row = self.currentRow()
        self.clear()
        theme = Theme.of(self.window().palette())  # the style sheet clears its own base
        for group in self._groups:
            icon = QIcon(sprite(group.mark, theme, 1.0, self.devicePixelRatioF()))
            item = QListWidgetItem(icon, group.label, self)
            item.setData(LABEL, group.label)
            hidden = group.label in self._hidden
            tracks = counted(group.n_tracks, "track")
            item.setToolTip(f"{group.label}, {tracks}\nClick: hide or show. Double click: only it")
            state = f"{tracks}, {'hidden' if hidden else 'shown'}"
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{group.label}, {state}")
            self._show_state(item, hidden=hidden, theme=theme)
        if 0 <= row < self.count():
            self.setCurrentRow(row)

    def _show_state(self, item: QListWidgetItem, *, hidden: bool, theme: Theme) -> None:
        font = item.font()
        font.setStrikeOut(hidden)
        item.setFont(font)
        item.setForeground(theme.quiet if hidden else theme.text)

    def _label_at(self, index: QModelIndex) -> str:
        return str(index.data(LABEL)) if index.isValid() else ""

    def _toggle(self, label: str) -> None:
        self._filter(self._hidden ^ {label})

    def _isolate(self, label: str) -> None:
        others = frozenset(group.label for group in self._groups) - {label}
        self._filter(frozenset() if self._hidden == others else others)

    def _filter(self, hidden: frozenset[str]) -> None:
        if hidden != self._hidden:
            self._hidden = hidden
            self._fill()
            self.filtered.emit(hidden)

    def _act(self, label: str, action: Callable[[str], None]) -> None:
        if label:
            action(label)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Hide or show the group at the mouse."""
        super().mousePressEvent(event)
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        label = self._label_at(self.indexAt(event.position().toPoint()))
        if event.button() == Qt.MouseButton.LeftButton:
            self._act(label, self._isolate if shift else self._toggle)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Leave only the group at the mouse, which the first click has hidden or shown."""
        label = self._label_at(self.indexAt(event.position().toPoint()))
        if label:
            self._hidden ^= {label}  # what the first of both clicks did
            self._isolate(label)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hide or show the current group."""
        if event.key() in KEYS:
            shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            label = self._label_at(self.currentIndex())
            self._act(label, self._isolate if shift else self._toggle)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep Space, which plays and pauses elsewhere."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in KEYS
        ):
            event.accept()
            return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Move along the line."""
        steps = (event.angleDelta().y() or event.angleDelta().x()) / 120
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - round(steps * SCROLL))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._fill()
