"""The menu that shows what isolates the vocals, and lets the user choose it."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from vocal_explorer.base.records.library import SeparatorChoice
from vocal_explorer.ui.settings.choice_menu import ChoiceMenu


class SeparatorMenu(ChoiceMenu[SeparatorChoice]):
    """One line for each separator, what they are like, and where to get Spleeter's weights."""

    weights_wanted = Signal()

    def __init__(self, parent: QWidget, *, can_fetch: bool) -> None:
        super().__init__("&Separation", parent)
        self._can_fetch = can_fetch
        self._fill()

    def _add_more(self) -> None:
        compare = self.addAction("&What is the difference?")
        compare.setEnabled(bool(self._choices))
        compare.triggered.connect(self._compare)
        lacking = any(c.name == "spleeter" and not c.installed for c in self._choices)
        get = self.addAction("&Get Spleeter's weights…")
        get.setEnabled(lacking and self._can_fetch)
        get.setToolTip("A download of 73 MB" if lacking else "They are installed.")
        get.triggered.connect(self.weights_wanted)

    def _words(self, choice: SeparatorChoice) -> str:
        return f"{choice.title}{self._addition(choice)}"

    def _is_there(self, choice: SeparatorChoice) -> bool:
        return choice.installed

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
