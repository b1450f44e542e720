"""The folders of the library: which there are, what is in them, adding and removing."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from vocal_explorer.base.records.library import LibraryFolder
from vocal_explorer.ui.base.row_list import RowList
from vocal_explorer.ui.base.texts import counted

SIZE = (720, 360)  # px
TEXT = (
    "New, changed and moved songs in these folders are noticed by themselves. To remove a"
    " folder takes it out of the library only: its files stay as they are, and when you add"
    " it again, nothing has to be analysed again."
)


class FoldersDialog(QDialog):
    """A list of folders; what is to be done with them is decided elsewhere."""

    add_wanted = Signal()
    remove_wanted = Signal(list)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Folders of the library")
        self.list = RowList("Folders of the library", ("Folder", "Songs", "State"))
        self.add_button = QPushButton("Add folder…", autoDefault=False)
        self.remove_button = QPushButton("Remove from the library", autoDefault=False)
        close = QPushButton("Close", autoDefault=False)
        self.list.itemSelectionChanged.connect(self._enable)
        self.add_button.clicked.connect(self.add_wanted)
        self.remove_button.clicked.connect(lambda: self.remove_wanted.emit(self.list.chosen()))
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addWidget(self.add_button)
        buttons.addWidget(self.remove_button)
        buttons.addStretch()
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.addWidget(QLabel(TEXT, wordWrap=True))
        layout.addWidget(self.list, 1)
        layout.addLayout(buttons)
        self.resize(*SIZE)
        self._enable()

    def show_folders(self, folders: Sequence[LibraryFolder]) -> None:
        """Show these instead."""
        self.list.show_rows(
            [(f.path, (str(f.path), f"{f.n_tracks:,}", _state(f))) for f in folders]
        )
        self._enable()

    def _enable(self) -> None:
        self.remove_button.setEnabled(bool(self.list.chosen()))


def _state(folder: LibraryFolder) -> str:
    if not folder.there:
        return "Not there: everything is kept until its drive is back"
    watched = "Watched for changes" if folder.watched else "Changes are noticed by a scan (F5)"
    return f"{watched}, {counted(folder.n_failed, 'file')} failed" if folder.n_failed else watched
