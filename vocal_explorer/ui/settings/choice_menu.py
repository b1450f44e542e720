"""A menu of which one line is chosen: what a library is analysed with."""

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

BUSY = "Not while a scan runs."


class _Choice(Protocol):
    """A separator or an encoder pair: records.SeparatorChoice, records.PairChoice."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def chosen(self) -> bool: ...


Choice = TypeVar("Choice", bound=_Choice)


class ChoiceMenu(QMenu, Generic[Choice]):
    """One line for each choice, and below them what a subclass adds."""

    chosen = Signal(str)

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self.setToolTipsVisible(True)
        self._choices: tuple[Choice, ...] = ()
        self._group = QActionGroup(self)
        self._busy = False

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What is shown."""
        return self._choices

    def show_choices(self, choices: Sequence[Choice]) -> None:
        """Show the choices and mark the chosen one."""
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
        self._add_more()

    def _add_more(self) -> None:
        """Add lines below the choices."""

    def _words(self, choice: Choice) -> str:
        return choice.title

    def _is_there(self, choice: Choice) -> bool:
        return True

    def _line(self, choice: Choice) -> QAction:
        action = QAction(self._words(choice), self)
        action.setCheckable(True)
        action.setChecked(choice.chosen)
        action.setEnabled(self._is_there(choice) and not self._busy)
        action.setToolTip(f"{choice.text} {BUSY if self._busy else ''}".strip())
        action.triggered.connect(lambda: self.chosen.emit(choice.name))
        return action
