"""What can be done with a mashup that is heard: where its vocals enter, keys, levels, originals."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSlider,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from vocal_explorer.base.records.mashups import Alignment, Fit, Moved
from vocal_explorer.base.records.signals import STEMS, Stem
from vocal_explorer.ui.base.texts import STEM_WORDS
from vocal_explorer.ui.base.widgets import named, quiet_label, segment_button
from vocal_explorer.ui.mashup.audition import Audible
from vocal_explorer.ui.mashup.mashup_lanes import MashupLanes, Shift
from vocal_explorer.ui.player.levels import LOUDEST, SILENT, Levels

MOVED_WORDS = {
    Moved.AUTO: "Whatever changes least",
    Moved.VOCALS: "The vocals",
    Moved.ACCOMPANIMENT: "The instrumental",
    Moved.NOTHING: "Nothing",
}
AUTO_KEY = -13  # the spin box's lowest value: as the keys say
NUDGE = 0.01  # s
ORIGINALS = (
    ("Mashup", "Hear the mashup (B)"),
    ("Vocals' song", "Hear the song that the vocals are from (B)"),
    ("Other song", "Hear the song that the instrumental is from (B)"),
)


class MashupBar(QFrame):
    """Two lanes and the controls of a mashup; what they do is decided elsewhere."""

    fit_wanted = Signal(Fit)
    levels_changed = Signal(Levels)
    original_wanted = Signal(object)
    phrase_wanted = Signal(int)
    swap_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "playerBar")
        self._fit = Fit()
        self.lanes = MashupLanes()
        self.lanes.shifted.connect(self.shift)
        self.offset = quiet_label()
        self.moved = QComboBox()
        self.moved.setAccessibleName("What is changed so that both fit")
        self.moved.setToolTip("Which side becomes faster or slower, and higher or lower")
        for moved, words in MOVED_WORDS.items():
            self.moved.addItem(words, moved)
        self.stretch = QCheckBox("Same tempo")
        self.stretch.setToolTip("Stretch what is changed, so that the beats fall together")
        self.key = QSpinBox()
        self.key.setRange(AUTO_KEY, 12)
        self.key.setSpecialValueText("Same key")
        self.key.setSuffix(" semitones")
        self.key.setAccessibleName("How much higher the vocals become")
        self.key.setToolTip("By how many semitones the vocals become higher; lowest: the same key")
        self.changes = quiet_label()
        self.sliders = {stem: _slider(stem) for stem in STEMS}
        self.solos = {stem: segment_button("Solo") for stem in STEMS}
        self._heard = QButtonGroup(self)
        self._lay_out()
        self._connect()
        self._show_fit()

    def _lay_out(self) -> None:
        above, below = QHBoxLayout(), QHBoxLayout()
        for stem in STEMS:
            above.addWidget(QLabel(STEM_WORDS[stem]))
            above.addWidget(self.sliders[stem])
            above.addWidget(self.solos[stem])
        above.addSpacing(8)
        above.addLayout(self._original_buttons())
        above.addStretch(1)
        above.addLayout(self._phrase_buttons())
        below.addLayout(self._entry_buttons())
        below.addStretch(1)
        for widget in (self.changes, QLabel("Change"), self.moved, self.stretch, self.key):
            below.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 6, 12, 4)
        layout.setSpacing(4)
        layout.addWidget(self.lanes)
        layout.addLayout(above)
        layout.addLayout(below)

    def _entry_buttons(self) -> QHBoxLayout:
        row = _row()
        for text, name, shift in (
            ("-1 bar", "Vocals a bar earlier (Ctrl+Shift+Left)", Shift(bars=-1)),
            ("-1 beat", "Vocals a beat earlier (Ctrl+Left)", Shift(beats=-1)),
            ("-10 ms", "Vocals 10 milliseconds earlier (Alt+Shift+Left)", Shift(nudge=-NUDGE)),
            ("+10 ms", "Vocals 10 milliseconds later (Alt+Shift+Right)", Shift(nudge=NUDGE)),
            ("+1 beat", "Vocals a beat later (Ctrl+Right)", Shift(beats=1)),
            ("+1 bar", "Vocals a bar later (Ctrl+Shift+Right)", Shift(bars=1)),
        ):
            row.addWidget(_button(text, name, partial(self.shift, shift)))
        row.addWidget(self.offset)
        return row

    def _phrase_buttons(self) -> QHBoxLayout:
        row = _row()
        for text, name, command in (
            ("Phrase back", "To the phrase before (Shift+N)", partial(self.phrase_wanted.emit, -1)),
            ("Next phrase", "To the vocals' next phrase (N)", partial(self.phrase_wanted.emit, 1)),
            ("Swap", "The other track's vocals over this instrumental (X)", self.swap_wanted.emit),
        ):
            row.addWidget(_button(text, name, command))
        return row

    def _original_buttons(self) -> QHBoxLayout:
        row = _row()
        for number, (text, name) in enumerate(ORIGINALS):
            button = segment_button(text)
            button.setAccessibleName(name.partition(" (")[0])
            button.setToolTip(name)
            self._heard.addButton(button, number)
            row.addWidget(button)
        return row

    def _connect(self) -> None:
        self.moved.activated.connect(
            lambda _index: self._want(moved=Moved(self.moved.currentData()))
        )
        self.stretch.clicked.connect(lambda checked: self._want(stretch=checked))
        self.key.editingFinished.connect(self._on_key)
        self.key.valueChanged.connect(lambda _value: self._on_key())
        for stem in STEMS:
            self._connect_stem(stem)
        self._heard.idClicked.connect(
            lambda number: self.original_wanted.emit((None, *STEMS)[number])
        )

    def _connect_stem(self, stem: Stem) -> None:
        self.sliders[stem].valueChanged.connect(lambda _value: self._tell_levels())
        solo = self.solos[stem]
        solo.setAccessibleName(f"Only {STEM_WORDS[stem]} of the mashup")
        solo.setToolTip(f"Only {STEM_WORDS[stem]} (Alt+{STEMS.index(stem) + 1})")
        solo.clicked.connect(lambda checked: self._solo(stem, checked))

    @property
    def fit(self) -> Fit:
        """How the mashup is fitted."""
        return self._fit

    @property
    def levels(self) -> Levels:
        """What is heard of both stems."""
        alone = [stem for stem in STEMS if self.solos[stem].isChecked()]
        levels = [
            SILENT if alone and stem not in alone else float(self.sliders[stem].value())
            for stem in STEMS
        ]
        return Levels(*levels)

    def show_mashup(self, audible: Audible, original: Stem | None) -> None:
        """Show a mashup, and which original is heard instead of it, if one is."""
        self._fit = audible.pair.fit
        self.lanes.show_mashup(audible)
        self._heard.button((None, *STEMS).index(original)).setChecked(True)
        self.changes.setText(changes(audible.alignment))
        self._show_fit()

    def shift(self, shift: Shift) -> None:
        """Let the vocals enter later."""
        fit = self._fit
        self._want(
            bars=fit.bars + shift.bars,
            beats=fit.beats + shift.beats,
            nudge=round(fit.nudge + shift.nudge, 4),
        )

    def next_original(self) -> None:
        """Turn from the mashup to one original, to the other, and back."""
        self._heard.button((self._heard.checkedId() + 1) % 3).click()

    def solo(self, stem: Stem) -> None:
        """Hear a stem alone, or both again."""
        self.solos[stem].click()

    def _want(self, **change: object) -> None:
        self._fit = replace(self._fit, **change)  # type: ignore[arg-type]
        self._show_fit()
        self.fit_wanted.emit(self._fit)

    def _on_key(self) -> None:
        semitones = None if self.key.value() == AUTO_KEY else self.key.value()
        if semitones != self._fit.semitones:
            self._want(semitones=semitones)

    def _solo(self, stem: Stem, checked: bool) -> None:
        for other, button in self.solos.items():
            if other is not stem and checked:
                button.setChecked(False)
        self._tell_levels()

    def _tell_levels(self) -> None:
        for slider in self.sliders.values():
            slider.setAccessibleDescription(f"{slider.value():+d} dB")
        self.levels_changed.emit(self.levels)

    def _show_fit(self) -> None:
        fit = self._fit
        self.moved.setCurrentIndex(list(MOVED_WORDS).index(fit.moved))
        self.stretch.setChecked(fit.stretch)
        self.stretch.setEnabled(fit.moved is not Moved.NOTHING)
        self.key.setEnabled(fit.moved is not Moved.NOTHING)
        self.key.blockSignals(True)
        self.key.setValue(AUTO_KEY if fit.semitones is None else fit.semitones)
        self.key.blockSignals(False)
        self.offset.setText(offset_words(fit))


def offset_words(fit: Fit) -> str:
    """Say where the vocals enter, compared with what was proposed."""
    counts = ((fit.bars, "bar"), (fit.beats, "beat"), (round(1000 * fit.nudge), "ms"))
    said = [
        f"{n:+d} {unit}{'s' if unit != 'ms' and abs(n) != 1 else ''}" for n, unit in counts if n
    ]
    return ", ".join(said)


def changes(alignment: Alignment) -> str:
    """Say what becomes of both stems in a mashup."""
    steps = alignment.anchors[-1] - alignment.anchors[0]
    sides = (
        ("Vocals", steps[1] / steps[0], alignment.vocals_semitones),
        ("instrumental", steps[2] / steps[0], alignment.accompaniment_semitones),
    )
    said = []
    for name, faster, semitones in sides:
        parts = [f"{100 * (faster - 1):+.1f} %"] if abs(faster - 1) > 5e-4 else []
        parts += [f"{semitones:+.0f} st"] if semitones else []
        said += [f"{name} {' '.join(parts)}"] if parts else []
    return ", ".join(said) or "Both as they are"


def _button(text: str, name: str, command: Callable[[], object]) -> QToolButton:
    button = named(QToolButton(), "segment")
    button.setText(text)
    button.setAccessibleName(name.partition(" (")[0])
    button.setToolTip(name)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(lambda: command())
    return button


def _row() -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(2)
    return row


def _slider(stem: Stem) -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setAccessibleName(f"Level of {STEM_WORDS[stem]} in the mashup")
    slider.setToolTip(f"How loud: {STEM_WORDS[stem]}")
    slider.setRange(round(SILENT / 2), round(LOUDEST))
    slider.setPageStep(3)
    slider.setFixedWidth(90)
    return slider
