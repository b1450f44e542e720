"""The player at the bottom: what is heard, where in it, and which stem of the track."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from vocal_explorer.base.records.signals import Stem
from vocal_explorer.ui.base.icons import icon
from vocal_explorer.ui.base.player_port import PlayerPort
from vocal_explorer.ui.base.texts import STEM_WORDS, clock
from vocal_explorer.ui.base.timers import ticker
from vocal_explorer.ui.base.widgets import (
    named,
    push_button,
    quiet_label,
    segment_button,
    tool_tip,
)
from vocal_explorer.ui.player.file_drag import FileDragButton
from vocal_explorer.ui.player.levels_popup import LevelsPopup
from vocal_explorer.ui.player.loop_control import LoopControl
from vocal_explorer.ui.player.waveform_slider import WaveformSlider

POLL_INTERVAL = 100  # ms
MATCH_BUTTON = len(STEM_WORDS)


class PlayerBar(QWidget):
    """Buttons and texts; what they do is decided elsewhere.

    Parameters
    ----------
    cover
        What stands before the names.
    """

    toggled = Signal()
    stem_wanted = Signal(Stem)
    file_wanted = Signal(Stem)
    match_wanted = Signal()
    lost = Signal()
    changed = Signal()

    def __init__(self, cover: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cover = cover or QWidget()
        self.setObjectName("playerBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._player: PlayerPort | None = None
        self._shows_pause = False
        self.play_button = named(QToolButton(), "play")
        self.play_button.clicked.connect(self.toggled)
        self.title = named(QLabel("Nothing to play yet"), "playing")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.subtitle = quiet_label()
        self.slider = WaveformSlider()
        self.slider.sought.connect(self.seek)
        self.loop = LoopControl()
        self.slider.loop_wanted.connect(self.loop.set)
        self.levels = LevelsPopup(self)
        self.levels.stem_wanted.connect(self.press_stem)
        self.levels_button = push_button("Levels")
        self.levels_button.setToolTip("How loud the vocals and the instrumental are")
        self.levels_button.clicked.connect(lambda: self.levels.open_above(self.levels_button))
        self.position = quiet_label(clock(0))
        self.duration = quiet_label(clock(0))
        self.output_button = named(QToolButton(), "output")
        self.output_button.setAccessibleName("Sound output")
        self.output_button.setToolTip("Where it is played: headphones, speakers")
        self.output_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.output_menu = QMenu(self.output_button)
        self.output_button.setMenu(self.output_menu)
        self._stems = QButtonGroup(self)
        self._lay_out()
        self._set_play_button(False)
        self._draw_output_button()
        self.setEnabled(False)
        self._timer = ticker(self, POLL_INTERVAL)
        self._timer.timeout.connect(self.poll)

    def _lay_out(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(0)
        for label in (self.title, self.subtitle):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            names.addWidget(label)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(10)
        layout.addWidget(self.play_button)
        layout.addWidget(self._cover)
        layout.addLayout(names, 2)
        layout.addWidget(self.position)
        layout.addWidget(self.slider, 5)
        layout.addWidget(self.duration)
        layout.addSpacing(6)
        layout.addLayout(self._stem_buttons())
        layout.addWidget(self.levels_button)
        layout.addWidget(self.output_button)

    def _stem_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2)
        buttons: list[QToolButton] = [
            FileDragButton(word, partial(self.file_wanted.emit, stem))
            for stem, word in STEM_WORDS.items()
        ]
        match = segment_button("Match")
        match.setToolTip("The vocals over the chosen match (M)")
        for i, button in enumerate((*buttons, match)):
            button.setAccessibleName(f"Play: {button.text()}")
            self._stems.addButton(button, i)
            row.addWidget(button)
        self._stems.idClicked.connect(self._on_stem)
        return row

    def set_player(self, player: PlayerPort) -> None:
        """Show what this player does from now on."""
        self._player = player
        self.loop.set_player(player)
        self.setEnabled(True)
        self._timer.start()
        self.poll()

    def show_names(self, title: str, subtitle: str) -> None:
        """Say what is heard."""
        for label, text in ((self.title, title), (self.subtitle, subtitle)):
            label.setText(text)
            label.setToolTip(tool_tip(text))
        self.changed.emit()

    def show_stem(self, stem: Stem | None) -> None:
        """Press the button of what is heard; None is the match."""
        parts = list(STEM_WORDS)
        self._stems.button(MATCH_BUTTON if stem is None else parts.index(stem)).setChecked(True)
        self.levels.show_stem(stem)
        self.levels_button.setEnabled(stem is not None)

    def give_file(self, stem: Stem, file: Path) -> None:
        """Let a stem be dragged out of the window as this file."""
        button = self._stems.button(list(STEM_WORDS).index(stem))
        if isinstance(button, FileDragButton):
            button.set_file(file)

    def press_stem(self, stem: Stem) -> None:
        """Do as if the user pressed a stem's button."""
        self._stems.button(list(STEM_WORDS).index(stem)).click()

    def poll(self) -> None:
        """Ask the player where it is."""
        if self._player is None:
            return
        position, duration = self._player.position, self._player.duration
        self.slider.follow(position, duration)
        self.slider.setEnabled(duration > 0)
        self.slider.show_loop(self._player.loop)
        shown = self.slider.value() / 1000 if self.slider.isSliderDown() else position
        self.position.setText(clock(shown))
        self.duration.setText(clock(duration))
        if self._player.playing != self._shows_pause:
            self._set_play_button(self._player.playing)
            self.changed.emit()
        if self._player.lost:
            self.lost.emit()

    @property
    def playing(self) -> bool:
        """Whether something is heard."""
        return self._player is not None and self._player.playing

    @property
    def loaded(self) -> bool:
        """Whether there is something to hear."""
        return self._player is not None and self._player.duration > 0

    @property
    def seconds(self) -> float:
        """Where playback is."""
        return 0.0 if self._player is None else self._player.position

    def seek(self, seconds: float) -> None:
        """Go to a second."""
        if self._player is not None:
            self._player.seek(seconds)

    def stop(self) -> None:
        """Pause, and go back to the beginning."""
        if self._player is not None:
            self._player.pause()
            self._player.seek(0.0)

    def _on_stem(self, number: int) -> None:
        if number == MATCH_BUTTON:
            self.match_wanted.emit()
        else:
            self.stem_wanted.emit(list(STEM_WORDS)[number])

    def _draw_output_button(self) -> None:
        self.output_button.setIcon(icon("output", self.palette()))

    def _set_play_button(self, shows_pause: bool) -> None:
        self._shows_pause = shows_pause
        self.play_button.setIcon(icon("pause" if shows_pause else "play", self.palette()))
        word = "Pause" if shows_pause else "Play"
        self.play_button.setAccessibleName(word)
        self.play_button.setToolTip(f"{word} (Space)")

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_output_button()
            self._set_play_button(self._shows_pause)
        super().changeEvent(event)
