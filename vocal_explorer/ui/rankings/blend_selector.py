"""What rankings compare by: a slider from mix to vocals, and whether hubs are corrected."""

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from vocal_explorer.base.records.ranking import Blend
from vocal_explorer.ui.base.timers import delay
from vocal_explorer.ui.base.widgets import quiet_label, segment_button

STEP, PAGE, WHOLE = 5, 25, 100  # percent
DELAY = 120  # ms; a slider that is dragged asks for nothing until it rests


class BlendSelector(QWidget):
    """A slider between Mix and Vocals; `changed` tells the blend when it rests."""

    changed = Signal(Blend)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("blend")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, WHOLE // STEP)
        self.slider.setPageStep(PAGE // STEP)
        self.slider.setValue(WHOLE // STEP // 2)
        self.slider.setMinimumWidth(60)
        self.slider.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.slider.setAccessibleName("Compare by: from mix to vocals")
        self.hubs = segment_button("Correct hubs")
        self.hubs.setToolTip(
            "Some tracks are near to very many others. With this on, they come further down."
        )
        self.share = quiet_label()
        self._delay = delay(self, DELAY)
        self._delay.timeout.connect(lambda: self.changed.emit(self.blend))
        self.slider.valueChanged.connect(self._on_change)
        self.hubs.toggled.connect(self._on_change)
        self._lay_out()
        self._describe()

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(QLabel("Mix"))
        layout.addWidget(self.slider, 1)
        layout.addWidget(QLabel("Vocals"))
        layout.addWidget(self.share)
        layout.addWidget(self.hubs)
        self.share.setMinimumWidth(self.share.fontMetrics().horizontalAdvance("100 %"))

    @property
    def blend(self) -> Blend:
        """What is chosen."""
        return Blend(self.slider.value() * STEP / WHOLE, self.hubs.isChecked())

    @property
    def pending(self) -> bool:
        """Whether `changed` is still to come."""
        return self._delay.isActive()

    def saveState(self) -> QByteArray:
        """Return what is chosen, as a splitter returns its state."""
        return QByteArray(f"{self.slider.value()} {int(self.hubs.isChecked())}".encode())

    def restoreState(self, state: QByteArray) -> bool:
        """Choose what was chosen once; say whether the state could be read."""
        match bytes(state.data()).split():
            case [value, hubs] if value.isdigit() and hubs in (b"0", b"1"):
                self.slider.setValue(int(value))
                self.hubs.setChecked(hubs == b"1")
                return True
        return False

    def _on_change(self) -> None:
        self._describe()
        self._delay.start()

    def _describe(self) -> None:
        percent = self.slider.value() * STEP
        self.share.setText(f"{percent} %")
        words = f"{percent} % vocals, {WHOLE - percent} % mix"
        self.slider.setToolTip(f"How alike tracks are: {words}")
        self.slider.setAccessibleDescription(words)
