"""The files that could not be analysed, why, and another try."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from vocal_explorer.base.records.tracks import Failure
from vocal_explorer.ui.base.row_list import RowList
from vocal_explorer.ui.base.texts import counted, reason

SIZE = (760, 420)  # px


class FailuresDialog(QDialog):
    """A list of failures; `retry_wanted` has the paths that are to be tried again."""

    retry_wanted = Signal(list)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Files that failed")
        self.text = QLabel(wordWrap=True)
        self.list = RowList("Files that failed", ("File", "Folder", "Reason"))
        self.one_button = QPushButton("Try selected again", autoDefault=False)
        self.all_button = QPushButton("Try all again", autoDefault=False)
        close = QPushButton("Close", autoDefault=False)
        self.list.itemSelectionChanged.connect(self._enable)
        self.one_button.clicked.connect(lambda: self.retry_wanted.emit(self.list.chosen()))
        self.all_button.clicked.connect(lambda: self.retry_wanted.emit(self.list.all()))
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addWidget(self.one_button)
        buttons.addWidget(self.all_button)
        buttons.addStretch()
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(self.list, 1)
        layout.addLayout(buttons)
        self.resize(*SIZE)
        self.show_failures([])

    def show_failures(self, failures: Sequence[Failure]) -> None:
        """Show these instead."""
        self.list.show_rows(
            [(f.path, (f.path.name, str(f.path.parent), reason(f))) for f in failures]
        )
        what = f"{counted(len(failures), 'file')} could not be analysed. A scan tries them again"
        self.text.setText(
            f"{what} only when they have changed." if failures else "No file has failed."
        )
        self._enable()

    def _enable(self) -> None:
        self.one_button.setEnabled(bool(self.list.chosen()))
        self.all_button.setEnabled(self.list.topLevelItemCount() > 0)
