"""How failures are told: a bar in the window, and one dialog for a bug."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMessageBox, QToolButton, QWidget

from vocal_explorer.base.paths import log_folder
from vocal_explorer.ui.base.icons import icon
from vocal_explorer.ui.base.widgets import push_button


class MessageBar(QFrame):
    """One sentence about what did not work or what was done, until it is closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messageBar")
        self._label = QLabel(wordWrap=True)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._close = QToolButton(autoRaise=True)
        self._close.setAccessibleName("Close message")
        self._close.setToolTip("Close message")
        self._close.clicked.connect(self.hide)
        self.action_button = push_button("")
        self.action_button.clicked.connect(self._act)
        self._action: Callable[[], object] | None = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 6, 6)
        layout.addWidget(self._label, 1)
        layout.addWidget(self.action_button)
        layout.addWidget(self._close)
        self._draw_icon()
        self.hide()

    @property
    def text(self) -> str:
        """What the bar says; empty when it is hidden."""
        return "" if self.isHidden() else self._label.text()

    def show_failure(
        self, sentence: str, button: str = "", action: Callable[[], object] | None = None
    ) -> None:
        """Say what did not work, with a button that helps if there is one."""
        self._show(sentence, "failure")
        if action is not None:
            self._offer(sentence, button, action)

    def show_done(self, sentence: str) -> None:
        """Say what was done."""
        self._show(sentence, "done")

    def show_offer(self, sentence: str, button: str, action: Callable[[], object]) -> None:
        """Say what could be done, with a button that does it."""
        self._show(sentence, "done")
        self._offer(sentence, button, action)

    def _offer(self, sentence: str, button: str, action: Callable[[], object]) -> None:
        self._action = action
        self.action_button.setText(button)
        self.action_button.setAccessibleDescription(sentence)
        self.action_button.show()

    def _act(self) -> None:
        action = self._action
        self.hide()
        if action is not None:
            action()

    def _show(self, sentence: str, tone: str) -> None:
        self._action = None
        self.action_button.hide()
        self._label.setText(sentence)
        self.setAccessibleName(sentence)
        self.setProperty("tone", tone)
        self.style().unpolish(self)
        self.style().polish(self)
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _draw_icon(self) -> None:
        self._close.setIcon(icon("close", self.palette()))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_icon()
        super().changeEvent(event)


class BugDialog(QMessageBox):
    """Says that the program has a fault; one at a time."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setIcon(QMessageBox.Icon.Warning)
        self.setWindowTitle("Vocal Explorer")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText("Something went wrong that should not have. Your library is safe.")

    def tell(self, what: str) -> None:
        """Show the dialog, unless it is open already.

        Parameters
        ----------
        what
            The error, as the log has it.
        """
        if self.isVisible():
            return
        self.setInformativeText(f"{what}\n\nDetails are in the log: {log_folder()}")
        self.open()
