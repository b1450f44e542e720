"""The menu that shows which encoders the library is heard with, and lets it be learnt."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from vocal_explorer.base.records.library import PairChoice
from vocal_explorer.ui.settings.choice_menu import BUSY, ChoiceMenu


class EncoderMenu(ChoiceMenu[PairChoice]):
    """One line for each encoder pair, and one that learns another from the library."""

    learn_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__("&Encoders", parent)
        self._fill()

    def _add_more(self) -> None:
        learn = self.addAction("&Learn my library…")
        learn.setEnabled(bool(self._choices) and not self._busy)
        learn.setToolTip(BUSY if self._busy else "Fit the encoders to the artists that you have.")
        learn.triggered.connect(self.learn_wanted)
