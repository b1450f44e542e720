"""What can be set for the library: separator, encoders, room for stems."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from vocal_explorer.base.records.library import PairChoice, SeparatorChoice, StemRoom
from vocal_explorer.ui.base.texts import gigabytes
from vocal_explorer.ui.base.widgets import quiet_label

WIDTH = 560  # px
TEXT_WIDTH = 500  # px; what is left of WIDTH at least
INDENT = 24  # px, of the text under a radio button
GIGABYTE = 1024**3
LEAST, MOST = 1, 10_000  # GB


class ChoiceBox(QGroupBox):
    """Radio buttons, each with a sentence on what it costs."""

    chosen = Signal(str)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._layout = QVBoxLayout(self)
        self._layout.setSpacing(2)
        self._shown: list[QWidget] = []

    def show_choices(self, choices: Sequence[SeparatorChoice] | Sequence[PairChoice]) -> None:
        """Show these instead."""
        for widget in self._shown:
            self._layout.removeWidget(widget)
            widget.deleteLater()
        self._shown = []
        for choice in choices:
            button = QRadioButton(choice.title)
            button.setChecked(choice.chosen)
            button.setEnabled(not isinstance(choice, SeparatorChoice) or choice.installed)
            button.setAccessibleDescription(choice.text)
            button.clicked.connect(lambda _on, name=choice.name: self.chosen.emit(name))
            text = quiet_label(choice.text)
            text.setWordWrap(True)
            text.setIndent(INDENT)
            text.setMinimumHeight(text.heightForWidth(TEXT_WIDTH))
            for widget in (button, text):
                self._layout.addWidget(widget)
                self._shown.append(widget)


class RoomBox(QGroupBox):
    """Where stems lie, how much room they take, and how much they may take."""

    limit_chosen = Signal(object)  # bytes: more than Qt's int holds
    clear_wanted = Signal()
    folder_wanted = Signal()
    move_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Separated stems", parent)
        self.place = quiet_label()
        self.place.setWordWrap(True)
        self.limit = QSpinBox(minimum=LEAST, maximum=MOST, suffix=" GB")
        self.limit.setKeyboardTracking(False)
        self.limit.setAccessibleName("Most room for stems, in gigabytes")
        self.limit.editingFinished.connect(self._choose_limit)
        self.clear_button = QPushButton("Remove all stems", autoDefault=False)
        self.folder_button = QPushButton("Open folder", autoDefault=False)
        self.move_button = QPushButton("Move…", autoDefault=False)
        self.move_button.setAccessibleName("Move the stems to another folder")
        self.move_button.setToolTip("Keep stems in another folder, on another drive maybe")
        self.clear_button.clicked.connect(self.clear_wanted)
        self.folder_button.clicked.connect(self.folder_wanted)
        self.move_button.clicked.connect(self.move_wanted)
        label = QLabel("&Keep at most")
        label.setBuddy(self.limit)
        row = QHBoxLayout()
        for widget in (label, self.limit):
            row.addWidget(widget)
        row.addStretch()
        buttons = QHBoxLayout()
        buttons.addStretch()
        for button in (self.folder_button, self.move_button, self.clear_button):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.addWidget(self.place)
        layout.addLayout(row)
        layout.addLayout(buttons)
        self._room: StemRoom | None = None

    def show_room(self, room: StemRoom) -> None:
        """Show how things are."""
        self._room = room
        self.place.setText(
            f"{gigabytes(room.used)} in {room.folder}. Stems that were not used for longest go"
            " first, and are separated again when they are needed."
        )
        self.limit.setValue(round(room.limit / GIGABYTE))
        self.clear_button.setEnabled(room.used > 0)

    def _choose_limit(self) -> None:
        limit = self.limit.value() * GIGABYTE
        if self._room is not None and limit != self._room.limit:
            self.limit_chosen.emit(limit)


class SettingsDialog(QDialog):
    """All of it; what the user chooses is done at once."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self.separators = ChoiceBox("Isolating the vocals")
        self.pairs = ChoiceBox("Comparing voices")
        self.room = RoomBox()
        close = QPushButton("Close", autoDefault=False)
        close.clicked.connect(self.accept)
        bottom = QHBoxLayout()
        bottom.addStretch()
        bottom.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        for box in (self.separators, self.pairs, self.room):
            layout.addWidget(box)
        layout.addLayout(bottom)
        self.setMinimumWidth(WIDTH)

    def set_busy(self, busy: bool) -> None:
        """Let nothing be changed that a scan works with."""
        for box in (self.separators, self.pairs, self.room):
            box.setEnabled(not busy)
            box.setToolTip("Not while a scan runs." if busy else "")
