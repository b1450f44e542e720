"""The menu that shows which encoders the library is heard with, and lets it be learnt."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from vocal_explorer.records import PairChoice
from vocal_explorer.ui.separator_menu import BUSY


class EncoderMenu(QMenu):
    """One line for each encoder pair, and one that learns another from the library."""

    chosen = Signal(str)
    learn_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__("&Encoders", parent)
        self.setToolTipsVisible(True)
        self._choices: tuple[PairChoice, ...] = ()
        self._group = QActionGroup(self)
        self._busy = False
        self._fill()

    @property
    def choices(self) -> tuple[PairChoice, ...]:
        """What is shown."""
        return self._choices

    def show_choices(self, choices: Sequence[PairChoice]) -> None:
        """Show the pairs and mark the chosen one."""
        self._choices = tuple(choices)
        self._fill()

    def set_busy(self, busy: bool) -> None:
        """Let nothing be chosen while a scan runs: it goes on with what it began with."""
        self._busy = busy
        self._fill()

    def _fill(self) -> None:
        self.clear()  # deletes the actions, which the group then forgets
        for choice in self._choices:
            self.addAction(self._group.addAction(self._line(choice)))
        self.addSeparator()
        learn = self.addAction("&Learn my library…")
        learn.setEnabled(bool(self._choices) and not self._busy)
        learn.setToolTip(BUSY if self._busy else "Fit the encoders to the artists that you have.")
        learn.triggered.connect(self.learn_wanted)

    def _line(self, choice: PairChoice) -> QAction:
        action = QAction(choice.title, self)
        action.setCheckable(True)
        action.setChecked(choice.chosen)
        action.setEnabled(not self._busy)
        action.setToolTip(f"{choice.text} {BUSY if self._busy else ''}".strip())
        action.triggered.connect(lambda: self.chosen.emit(choice.name))
        return action
