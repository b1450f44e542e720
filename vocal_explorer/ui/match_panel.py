"""Whose accompaniment fits the selected track's vocals, and buttons to hear and keep it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from vocal_explorer.records import RankedTrack
from vocal_explorer.ui.parts import named, push_button, quiet_label, title_label
from vocal_explorer.ui.ranking_list import RankingList
from vocal_explorer.ui.singer_panel import ranked_rows

HINT = "Select a track to hear its vocals over other songs."


class MatchPanel(QWidget):
    """A ranking of accompaniments."""

    play_wanted = Signal(str)
    save_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = RankingList("Matches: instrumentals that fit the vocals")
        self.list.chosen.connect(self.play_wanted)
        self.play_button = named(push_button("Play match"), "primary")
        self.play_button.setToolTip("Hear the vocals over the selected instrumental (M)")
        self.save_button = push_button("Save…")
        self.save_button.setToolTip("Write the match as a WAV file")
        self.save_button.setAccessibleName("Save match")
        self.play_button.clicked.connect(self.play_current)
        self.save_button.clicked.connect(lambda: self._tell(self.save_wanted))
        title = title_label("Matches")
        subtitle = quiet_label("these vocals over another song")
        header = QHBoxLayout()
        header.addWidget(title)
        header.addWidget(subtitle, 1, Qt.AlignmentFlag.AlignLeft)
        buttons = QHBoxLayout()
        buttons.addWidget(self.play_button, 1)
        buttons.addWidget(self.save_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(header)
        layout.addWidget(self.list, 1)
        layout.addLayout(buttons)
        self.show_message(HINT)

    @property
    def current_id(self) -> str | None:
        """The track whose accompaniment is chosen: the selected row, else the best one."""
        return self.list.current_key

    def show_message(self, sentence: str) -> None:
        """Show a sentence instead of the ranking."""
        self._show((), sentence)

    def show_matches(self, matches: Sequence[RankedTrack]) -> None:
        """Show the ranking."""
        self._show(matches, "There is no other track whose instrumental could fit yet.")

    def play_current(self) -> None:
        """Ask for the chosen match to be played."""
        self._tell(self.play_wanted)

    def _show(self, matches: Sequence[RankedTrack], message: str) -> None:
        self.list.set_rows(ranked_rows(matches), message)
        for button in (self.play_button, self.save_button):
            button.setEnabled(bool(matches))

    def _tell(self, signal: SignalInstance) -> None:
        if self.current_id is not None:
            signal.emit(self.current_id)
