"""What can be done with a set of tracks that was chosen."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from vocal_explorer.ui.base.texts import counted
from vocal_explorer.ui.base.widgets import push_button, title_label


class SetBar(QWidget):
    """A line of buttons; hidden while no set is chosen."""

    play_wanted = Signal()
    alike_wanted = Signal()
    save_wanted = Signal()
    clear_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.count = title_label("")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 4, 0)
        layout.addWidget(self.count, 1)
        self.buttons = {}
        for text, tip, signal in (
            ("Play all", "Play these tracks one after the other", self.play_wanted),
            ("More like these", "Rank by likeness to the mean of these", self.alike_wanted),
            ("Save…", "Write these tracks as a playlist or a table", self.save_wanted),
            ("Clear", "Choose none (Esc)", self.clear_wanted),
        ):
            button = push_button(text)
            button.setToolTip(tip)
            button.clicked.connect(signal)
            self.buttons[text] = button
            layout.addWidget(button)
        self.hide()

    def show_set(self, n_tracks: int) -> None:
        """Show how many tracks are chosen."""
        self.count.setText(f"{counted(n_tracks, 'track')} chosen")
        self.setVisible(n_tracks > 0)
