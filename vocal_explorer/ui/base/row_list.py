"""A list with columns, of which rows are chosen to do something with them."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

from vocal_explorer.ui.base.widgets import tool_tip


class RowList(QTreeWidget):
    """Rows of texts, each with the thing that it stands for.

    Parameters
    ----------
    name
        What a screen reader calls it.
    headers
        The columns; the last one takes what room there is.
    """

    def __init__(self, name: str, headers: Sequence[str]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setHeaderLabels(list(headers))
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.header().setSectionResizeMode(len(headers) - 1, QHeaderView.ResizeMode.Stretch)

    def show_rows(self, rows: Sequence[tuple[Any, Sequence[str]]]) -> None:
        """Show these things with their texts; what was chosen stays chosen."""
        chosen = self.chosen()
        self.clear()
        for thing, texts in rows:
            item = QTreeWidgetItem(list(texts))
            item.setData(0, Qt.ItemDataRole.UserRole, thing)
            for column, text in enumerate(texts):
                item.setToolTip(column, tool_tip(text))
            self.addTopLevelItem(item)
            item.setSelected(thing in chosen)

    def chosen(self) -> list[Any]:
        """Return the things of the chosen rows."""
        return [item.data(0, Qt.ItemDataRole.UserRole) for item in self.selectedItems()]

    def all(self) -> list[Any]:
        """Return the things of all rows."""
        items = [self.topLevelItem(row) for row in range(self.topLevelItemCount())]
        return [item.data(0, Qt.ItemDataRole.UserRole) for item in items if item is not None]
