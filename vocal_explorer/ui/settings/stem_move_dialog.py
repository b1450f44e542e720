"""Asks whether the kept stems go along to another folder, and shows how far they are."""

from pathlib import Path

from PySide6.QtWidgets import QBoxLayout, QCheckBox, QWidget

from vocal_explorer.base.records.library import StemRoom
from vocal_explorer.ui.base.job_dialog import JobDialog, JobWords
from vocal_explorer.ui.base.texts import gigabytes


class StemMoveDialog(JobDialog):
    """The move of the stems to a folder; cancelled, they stay where they are."""

    def __init__(self, parent: QWidget, room: StemRoom, place: Path) -> None:
        words = JobWords(
            title="Move the stems",
            text=f"Separated stems are kept in {place} from now on, in a folder of their own.",
            button="Move",
            noun="move",
            first_step="looking for the stems",
        )
        super().__init__(parent, words)
        self.take_along = QCheckBox(f"&Take the {gigabytes(room.used)} of kept stems along")
        self.take_along.setToolTip("Otherwise they stay where they are, and are not used any more")
        self.take_along.setChecked(room.used > 0)
        self.take_along.setEnabled(room.used > 0)
        self.start_wanted.connect(lambda: self.take_along.setEnabled(False))
        layout = self.layout()
        if isinstance(layout, QBoxLayout):
            layout.insertWidget(1, self.take_along)
