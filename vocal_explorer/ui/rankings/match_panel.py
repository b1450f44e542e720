"""Whose accompaniment fits the selected track's vocals, or whose voice its accompaniment."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from vocal_explorer.base.records.mashups import PAPER_WEIGHTS, Match, MatchWeights
from vocal_explorer.base.records.signals import Stem
from vocal_explorer.ui.base.widgets import named, push_button, segment_button, title_label
from vocal_explorer.ui.rankings.match_rows import match_rows
from vocal_explorer.ui.rankings.match_terms_view import MatchTermsView
from vocal_explorer.ui.rankings.ranking_list import RankingList
from vocal_explorer.ui.rankings.weights_popup import WeightsPopup

HINT = "Select a track to hear its vocals over other songs."
NOTHING = {
    Stem.VOCALS: "There is no other track whose instrumental could fit yet.",
    Stem.ACCOMPANIMENT: "There is no other track whose vocals could fit yet.",
}
SAVE_FORMATS = {
    "As &WAV…": (".wav", False),
    "As &FLAC…": (".flac", False),
    "As WAV, with &both stems…": (".wav", True),
    "As FLAC, with both &stems…": (".flac", True),
}


class MatchPanel(QWidget):
    """A ranking of matches, and how it is made.

    `changed` tells that another ranking is wanted; `save_wanted` a track, a suffix, and
    whether stems are wanted.
    """

    play_wanted = Signal(str)
    save_wanted = Signal(str, str, bool)
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._matches: dict[str, Match] = {}
        self.list = RankingList("Matches: what fits the selected track")
        self.list.chosen.connect(self.play_wanted)
        self.list.current_changed.connect(self._show_parts)
        self.parts = MatchTermsView()
        self.play_button = named(push_button("Play match"), "primary")
        self.play_button.setToolTip("Hear the vocals over the instrumental (M)")
        self.save_button = push_button("Save…")
        self.save_button.setToolTip("Write the match as a file, with its settings beside it")
        self.save_button.setAccessibleName("Save match")
        self.save_menu = QMenu(self.save_button)
        for text, (suffix, stems) in SAVE_FORMATS.items():
            self.save_menu.addAction(text).triggered.connect(
                partial(self._tell_save, suffix, stems)
            )
        self.save_button.setMenu(self.save_menu)
        self.play_button.clicked.connect(self.play_current)
        self.voices_button = segment_button("Other voices")
        self.voices_button.setToolTip(
            "The other way round: other songs' vocals over this instrumental"
        )
        self.voices_button.toggled.connect(lambda _on: self.changed.emit())
        self.paper_button = segment_button("Paper's ranking")
        self.paper_button.setToolTip("Rank by the learned similarity alone, as in the paper")
        self.paper_button.toggled.connect(self._on_paper)
        self.weights = WeightsPopup(self)
        self.weights.setObjectName("matchWeights")
        self.weights.changed.connect(self._on_weights)
        self.weights_button = push_button("Weights")
        self.weights_button.setToolTip("How much tempo, key and the rest count")
        self.weights_button.clicked.connect(lambda: self.weights.open_below(self.weights_button))
        self._lay_out()
        self.show_message(HINT)

    def _lay_out(self) -> None:
        header = QHBoxLayout()
        header.setSpacing(4)
        header.addWidget(title_label("Matches"))
        header.addStretch(1)
        for button in (self.voices_button, self.paper_button, self.weights_button):
            header.addWidget(button)
        buttons = QHBoxLayout()
        buttons.addWidget(self.play_button, 1)
        buttons.addWidget(self.save_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(header)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.parts)
        layout.addLayout(buttons)

    @property
    def gives(self) -> Stem:
        """What of the selected track is used."""
        return Stem.ACCOMPANIMENT if self.voices_button.isChecked() else Stem.VOCALS

    @property
    def wanted_weights(self) -> MatchWeights:
        """How much each part of the score counts."""
        return PAPER_WEIGHTS if self.paper_button.isChecked() else self.weights.weights

    @property
    def pending(self) -> bool:
        """Whether `changed` is still to come."""
        return self.weights.pending

    @property
    def current_id(self) -> str | None:
        """The chosen track: the selected row, else the best one."""
        return self.list.current_key

    def show_message(self, sentence: str) -> None:
        """Show a sentence instead of the ranking."""
        self._show((), sentence)

    def show_matches(self, matches: Sequence[Match]) -> None:
        """Show the ranking."""
        self._show(matches, NOTHING[self.gives])

    def play_current(self) -> None:
        """Ask for the chosen match to be played."""
        if self.current_id is not None:
            self.play_wanted.emit(self.current_id)

    def _show(self, matches: Sequence[Match], message: str) -> None:
        self._matches = {found.track.track_id: found for found in matches}
        self.list.set_rows(match_rows(matches), message)
        self._show_parts(self.current_id)
        for button in (self.play_button, self.save_button):
            button.setEnabled(bool(matches))

    def _show_parts(self, track_id: str | None) -> None:
        self.parts.show_match(self._matches.get(track_id or ""))

    def _tell_save(self, suffix: str, stems: bool, _checked: bool = False) -> None:
        if self.current_id is not None:
            self.save_wanted.emit(self.current_id, suffix, stems)

    def _on_paper(self, _on: bool) -> None:
        self.changed.emit()

    def _on_weights(self, _weights: MatchWeights) -> None:
        if self.paper_button.isChecked():
            self.paper_button.setChecked(False)  # which tells that something changed
        else:
            self.changed.emit()
