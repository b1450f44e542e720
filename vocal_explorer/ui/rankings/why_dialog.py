"""Why two tracks are alike: three bars, and the segments of vocals that are most alike."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from vocal_explorer.base.records.ranking import SegmentPair, WhySimilar
from vocal_explorer.base.records.signals import Stem
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.ui.base.texts import STEM_WORDS, clock
from vocal_explorer.ui.base.widgets import EscapeDialog, quiet_label, segment_button, title_label

STEPS = 100
WIDTH = 440  # px
STEMS = (Stem.VOCALS, Stem.MIX)
LISTENING = "Listening to both voices…"
HINT = "A click plays 3 seconds of the first song, then 3 seconds of the second."
NO_PAIRS = "One of these tracks has no vocals, so there are no passages to compare."
UNKNOWN = "unknown"


class ShareBar(QWidget):
    """A name, a bar and a number from 0 to 1."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.bar = QProgressBar(textVisible=False, maximum=STEPS)
        self.number = QLabel()
        label = QLabel(name)
        label.setMinimumWidth(110)
        self.number.setMinimumWidth(60)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(label)
        layout.addWidget(self.bar, 1)
        layout.addWidget(self.number)
        self.show_share(None)

    def show_share(self, share: float | None) -> None:
        """Show a share; None is unknown."""
        text = UNKNOWN if share is None else f"{share:.2f}"
        self.bar.setValue(round(STEPS * min(max(share or 0.0, 0.0), 1.0)))
        self.bar.setAccessibleName(f"{self._name}: {text}")
        self.number.setText(text)


class WhyDialog(EscapeDialog):
    """Shows one comparison at a time; the window beside it stays usable."""

    pair_wanted = Signal(SegmentPair, Stem)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Why these two")
        self.names = title_label("")
        self.names.setTextFormat(Qt.TextFormat.PlainText)
        self.names.setWordWrap(True)
        self.voice, self.mix = ShareBar("Voice"), ShareBar("Mix")
        self.pitch_range = ShareBar("Pitch range")
        self.status = quiet_label()
        self.status.setTextFormat(Qt.TextFormat.PlainText)
        self.status.setWordWrap(True)
        self._stems = QButtonGroup(self)
        self.pair_buttons: list[QPushButton] = []
        self._pairs = QGridLayout()
        self._lay_out()

    def _lay_out(self) -> None:
        self.setMinimumWidth(WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(self.names)
        for bar in (self.voice, self.mix, self.pitch_range):
            layout.addWidget(bar)
        header = QHBoxLayout()
        header.addWidget(title_label("Passages most alike"), 1)
        for n, stem in enumerate(STEMS):
            button = segment_button(STEM_WORDS[stem])
            button.setAccessibleName(f"Play passages as: {STEM_WORDS[stem]}")
            self._stems.addButton(button, n)
            header.addWidget(button)
        self._stems.button(0).setChecked(True)
        layout.addLayout(header)
        layout.addLayout(self._pairs)
        layout.addWidget(self.status)
        layout.addStretch()

    @property
    def stem(self) -> Stem:
        """As what the passages are played."""
        return STEMS[self._stems.checkedId()]

    def show_waiting(self, first: Track, second: Track) -> None:
        """Show which tracks are compared, before it is known why they are alike."""
        self.names.setText(f"{_name(first)}\n{_name(second)}")
        for bar in (self.voice, self.mix, self.pitch_range):
            bar.show_share(None)
        self._show_pairs(())
        self.show_status(LISTENING)

    def show_status(self, sentence: str) -> None:
        """Show a sentence under the passages."""
        self.status.setText(sentence)
        self.setAccessibleDescription(sentence)

    def show_why(self, why: WhySimilar) -> None:
        """Show the bars and the passages."""
        self.voice.show_share(why.voice)
        self.mix.show_share(why.mix)
        self.pitch_range.show_share(why.pitch_overlap)
        self._show_pairs(why.pairs)
        self.show_status(HINT if why.pairs else NO_PAIRS)
        if self.pair_buttons:
            self.pair_buttons[0].setFocus()

    def _show_pairs(self, pairs: tuple[SegmentPair, ...]) -> None:
        for button in self.pair_buttons:
            self._pairs.removeWidget(button)
            button.deleteLater()
        self.pair_buttons = [self._pair_button(pair) for pair in pairs]
        for row, button in enumerate(self.pair_buttons):
            self._pairs.addWidget(button, row, 0)
            button.show()  # what is not shown yet cannot take the focus

    def _pair_button(self, pair: SegmentPair) -> QPushButton:
        first, second = clock(pair.first_start), clock(pair.second_start)
        button = QPushButton(f"{first}  and  {second}      {pair.similarity:.2f}")
        button.setAutoDefault(True)  # Enter presses the one that has the focus
        button.setAccessibleName(
            f"Play {first} of the first song and {second} of the second,"
            f" similarity {pair.similarity:.2f}"
        )
        button.clicked.connect(lambda: self.pair_wanted.emit(pair, self.stem))
        return button


def _name(track: Track) -> str:
    return f"{track.title}, {track.singer}" if track.singer else track.title
