"""The menu that shows what isolates the vocals, and lets the user choose it."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QMessageBox, QWidget

from vocal_explorer.records import SeparatorChoice

BUSY = "Not while a scan runs."


class SeparatorMenu(QMenu):
    """One line for each separator, what they are like, and where to get Spleeter's weights."""

    chosen = Signal(str)
    weights_wanted = Signal()

    def __init__(self, parent: QWidget, *, can_fetch: bool) -> None:
        super().__init__("&Separation", parent)
        self.setToolTipsVisible(True)
        self._can_fetch = can_fetch
        self._choices: tuple[SeparatorChoice, ...] = ()
        self._group = QActionGroup(self)
        self._busy = False
        self._fill()

    @property
    def choices(self) -> tuple[SeparatorChoice, ...]:
        """What is shown."""
        return self._choices

    def show_choices(self, choices: Sequence[SeparatorChoice]) -> None:
        """Show the separators and mark the chosen one."""
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
        compare = self.addAction("&What is the difference?")
        compare.setEnabled(bool(self._choices))
        compare.triggered.connect(self._compare)
        lacking = any(c.name == "spleeter" and not c.installed for c in self._choices)
        get = self.addAction("&Get Spleeter's weights…")
        get.setEnabled(lacking and self._can_fetch)
        get.setToolTip("A download of 73 MB" if lacking else "They are installed.")
        get.triggered.connect(self.weights_wanted)

    def _line(self, choice: SeparatorChoice) -> QAction:
        action = QAction(f"{choice.title}{self._addition(choice)}", self)
        action.setCheckable(True)
        action.setChecked(choice.chosen)
        action.setEnabled(choice.installed and not self._busy)
        action.setToolTip(f"{choice.text} {BUSY if self._busy else ''}".strip())
        action.triggered.connect(lambda: self.chosen.emit(choice.name))
        return action

    def _addition(self, choice: SeparatorChoice) -> str:
        if not choice.installed:
            return " (not installed)"
        others = [c.title for c in self._choices if c.current and c is not choice]
        return f" (now: {others[0]})" if choice.chosen and others else ""

    def _compare(self) -> None:
        box = QMessageBox(self.parentWidget())
        box.setWindowTitle("Separation")
        box.setText(comparison(self._choices))
        box.open()


def comparison(choices: Sequence[SeparatorChoice]) -> str:
    """Return a page about the separators: what each does and costs."""
    lines = (
        f"<p><b>{escape(c.title)}</b>{'' if c.installed else ' (not installed)'}"
        f"<br>{escape(c.text)}</p>"
        for c in choices
    )
    end = "<p>What each of them has analysed is kept, so you can go back to it at once.</p>"
    return f"<p>What isolates the vocals of your songs.</p>{''.join(lines)}{end}"
