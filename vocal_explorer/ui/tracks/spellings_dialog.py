"""Merges different spellings of one singer's name, and separates them again."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from vocal_explorer.base.spellings import Likely
from vocal_explorer.ui.base.row_list import RowList
from vocal_explorer.ui.base.widgets import title_label

SIZE = (640, 560)  # px
TEXT = (
    "Tracks of both names count as one singer from then on, also those that are added later."
    " Your files stay as they are."
)


class SpellingsDialog(QDialog):
    """Likely spellings to choose from, two names to type, and what is merged already."""

    merge_wanted = Signal(list)
    separate_wanted = Signal(list)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Merge spellings")
        self.likely = RowList("Likely spellings", ("Spelling", "Tracks", "Singer", "Tracks"))
        self.merge_button = QPushButton("Merge selected", autoDefault=False)
        self.spelling, self.name = _name_box("Spelling"), _name_box("Singer")
        self.both_button = QPushButton("Merge these two", autoDefault=False)
        self.merged = RowList("Merged spellings", ("Spelling", "Counts as"))
        self.separate_button = QPushButton("Separate selected", autoDefault=False)
        self._lay_out()
        self._connect()
        self.resize(*SIZE)

    def _lay_out(self) -> None:
        close = QPushButton("Close", autoDefault=False)
        close.clicked.connect(self.accept)
        names = QFormLayout()
        names.addRow("The spelling", self.spelling)
        names.addRow("is the singer", self.name)
        layout = QVBoxLayout(self)
        layout.addWidget(QLabel(TEXT, wordWrap=True))
        layout.addWidget(title_label("Likely the same singer"))
        layout.addWidget(self.likely, 3)
        layout.addLayout(_right(self.merge_button))
        layout.addWidget(title_label("Any two names"))
        layout.addLayout(names)
        layout.addLayout(_right(self.both_button))
        layout.addWidget(title_label("Merged"))
        layout.addWidget(self.merged, 2)
        layout.addLayout(_right(self.separate_button))
        layout.addLayout(_right(close))

    def _connect(self) -> None:
        self.likely.itemSelectionChanged.connect(self._enable)
        self.merged.itemSelectionChanged.connect(self._enable)
        self.spelling.currentTextChanged.connect(self._enable)
        self.name.currentTextChanged.connect(self._enable)
        self.merge_button.clicked.connect(lambda: self.merge_wanted.emit(self.likely.chosen()))
        self.both_button.clicked.connect(lambda: self.merge_wanted.emit([self._typed()]))
        self.separate_button.clicked.connect(
            lambda: self.separate_wanted.emit(self.merged.chosen())
        )

    def show_names(
        self, names: Sequence[str], likely: Sequence[Likely], merged: Mapping[str, str]
    ) -> None:
        """Show all singers, the likely spellings among them, and what is merged."""
        self.likely.show_rows(
            [
                ((p.spelling, p.name), (p.spelling, f"{p.n_spelling:,}", p.name, f"{p.n_name:,}"))
                for p in likely
            ]
        )
        self.merged.show_rows([(key, (key, name)) for key, name in merged.items()])
        for box in (self.spelling, self.name):
            box.clear()
            box.addItems(list(names))
            box.setCurrentText("")
        self._enable()

    def _typed(self) -> tuple[str, str]:
        return self.spelling.currentText().strip(), self.name.currentText().strip()

    def _enable(self) -> None:
        spelling, name = self._typed()
        self.merge_button.setEnabled(bool(self.likely.chosen()))
        self.separate_button.setEnabled(bool(self.merged.chosen()))
        self.both_button.setEnabled(bool(spelling and name) and spelling != name)


def _name_box(name: str) -> QComboBox:
    box = QComboBox(editable=True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    box.setAccessibleName(name)
    completer = QCompleter(box.model(), box)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    box.setCompleter(completer)
    return box


def _right(button: QPushButton) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addStretch()
    row.addWidget(button)
    return row
