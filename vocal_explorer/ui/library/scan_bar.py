"""The line at the bottom: what is going on, how long it takes, pause and cancel."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from vocal_explorer.ui.base.texts import time_left
from vocal_explorer.ui.base.widgets import push_button, quiet_label, tool_tip

STEPS = 1000


class ScanBar(QWidget):
    """A status text; during a scan also a progress bar and two buttons."""

    pause_wanted = Signal()
    resume_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paused = False
        self._doing = ""
        self.label = quiet_label()
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setAccessibleName("Status")
        self.remaining = quiet_label()
        self.remaining.setAccessibleName("Time left")
        self.bar = QProgressBar(textVisible=False, maximum=STEPS)
        self.bar.setAccessibleName("Progress of the scan")
        self.bar.setFixedWidth(220)
        self.pause_button = push_button("Pause")
        self.cancel_button = push_button("Cancel")
        self.cancel_button.setToolTip("End the scan; what is analysed is kept")
        self.pause_button.clicked.connect(self._toggle_pause)
        self.cancel_button.clicked.connect(self.cancel_wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 12, 2)
        layout.addWidget(self.label, 1)
        for widget in self._scan_widgets():
            layout.addWidget(widget)
        policy = self.cancel_button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # a scan that begins or ends moves nothing else
        self.cancel_button.setSizePolicy(policy)
        self.end()

    def _scan_widgets(self) -> tuple[QWidget, ...]:
        return self.remaining, self.bar, self.pause_button, self.cancel_button

    @property
    def paused(self) -> bool:
        """Whether the user paused the scan."""
        return self._paused

    def show_status(self, text: str) -> None:
        """Say what is going on."""
        self.label.setText(text)
        self.label.setToolTip(tool_tip(text))

    def begin(self) -> None:
        """Show the progress of a scan that starts now."""
        self._set_paused(False)
        self.bar.setValue(0)
        self._doing = "Looking for songs…"
        self.show_scan()
        self.remaining.clear()
        for widget in self._scan_widgets():
            widget.show()

    def show_progress(self, fraction: float, message: str, seconds_left: float | None) -> None:
        """Show how far the scan is."""
        self.bar.setValue(round(fraction * STEPS))
        if message:
            self._doing = message[:1].upper() + message[1:]
            self.show_scan()
        self.remaining.setText("" if seconds_left is None else time_left(seconds_left))

    def show_scan(self) -> None:
        """Say again what the scan does, after something else was said."""
        self.show_status(self._doing)

    def end(self) -> None:
        """Hide what belongs to a scan."""
        for widget in self._scan_widgets():
            widget.hide()

    def _toggle_pause(self) -> None:
        if self._paused:
            self.resume_wanted.emit()
        else:
            self.remaining.setText("paused")
            self.pause_wanted.emit()
        self._set_paused(not self._paused)

    def _set_paused(self, paused: bool) -> None:
        self._paused = paused
        self.pause_button.setText("Resume" if paused else "Pause")
