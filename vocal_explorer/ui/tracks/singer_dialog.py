"""Asks who sings on some tracks."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QCompleter,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from vocal_explorer.base.records.tracks import Track
from vocal_explorer.base.spellings import split_singers
from vocal_explorer.ui.base.texts import counted
from vocal_explorer.ui.base.widgets import quiet_label

WIDTH = 420  # px
FROM_FILES = "The singer comes from the tags of each file again."
NOTE = "This is kept in the library; your files stay as they are."


class SingerDialog(QDialog):
    """A name, and whether it means several singers; `singers_given` has them one by one."""

    singers_given = Signal(list, list)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Change singer")
        self._track_ids: list[str] = []
        self.text = QLabel(wordWrap=True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.name = QLineEdit(clearButtonEnabled=True)
        self.name.setAccessibleName("Singer")
        self.split = QCheckBox("Several singers: separate at “&&”, “feat.”, “,”, “;”…")
        self.preview = quiet_label()
        self.preview.setTextFormat(Qt.TextFormat.PlainText)
        self.preview.setWordWrap(True)
        ok, cancel = QDialogButtonBox.StandardButton.Ok, QDialogButtonBox.StandardButton.Cancel
        self.buttons = QDialogButtonBox(ok | cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.name.textChanged.connect(self._show_preview)
        self.split.toggled.connect(self._show_preview)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        for widget in (self.text, self.name, self.split, self.preview, quiet_label(NOTE)):
            layout.addWidget(widget)
        layout.addWidget(self.buttons)
        self.setMinimumWidth(WIDTH)

    @property
    def singers(self) -> list[str]:
        """Who sings, as the dialog has it; none means the tags decide."""
        text = " ".join(self.name.text().split())
        if self.split.isChecked():
            return split_singers(text)
        return [text] if text else []

    def ask(self, tracks: Sequence[Track], known: Sequence[str]) -> None:
        """Ask about tracks, helped by the names that are known."""
        self._track_ids = [track.track_id for track in tracks]
        what = tracks[0].title if len(tracks) == 1 else counted(len(tracks), "track")
        self.text.setText(f"Who sings on {what}?")
        completer = QCompleter(list(known), self.name)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.name.setCompleter(completer)
        names = {track.singer for track in tracks}
        self.name.setText(names.pop() if len(names) == 1 else "")
        self.split.setChecked(any(track.singers for track in tracks))
        self._show_preview()
        self.open()
        self.name.setFocus()
        self.name.selectAll()

    def accept(self) -> None:
        """Tell who sings."""
        super().accept()
        self.singers_given.emit(self._track_ids, self.singers)

    def _show_preview(self) -> None:
        names = self.singers
        several = f"{len(names)} singers: {'; '.join(names)}"
        self.preview.setText(several if len(names) > 1 else "" if names else FROM_FILES)
