"""The line at the bottom: what is going on, how long it takes, pause and cancel."""

import time

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from vocal_explorer.ui.parts import push_button, quiet_label
from vocal_explorer.ui.words import time_left

STEPS = 1000
SHOWN_AFTER = 3.0  # s; earlier, the time left would be a wild guess


class Stopwatch:
    """Guesses how long a job still takes, without the time that it was paused."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._paused_at: float | None = None

    def pause(self) -> None:
        """Stop counting."""
        self._paused_at = time.monotonic()

    def resume(self) -> None:
        """Count again."""
        if self._paused_at is not None:
            self._started += time.monotonic() - self._paused_at
            self._paused_at = None

    def left(self, fraction: float) -> float | None:
        """Return the seconds left; None while nothing can be said."""
        spent = time.monotonic() - self._started
        if spent < SHOWN_AFTER or fraction <= 0.0:
            return None
        return spent * (1.0 - fraction) / fraction


class ScanBar(QWidget):
    """A status text; during a scan also a progress bar and two buttons."""

    pause_wanted = Signal()
    resume_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paused = False
        self._stopwatch = Stopwatch()
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
        layout.setContentsMargins(12, 2, 12, 6)
        layout.addWidget(self.label, 1)
        for widget in self._scan_widgets():
            layout.addWidget(widget)
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
        self.label.setToolTip(text)

    def begin(self) -> None:
        """Show the progress of a scan that starts now."""
        self._stopwatch = Stopwatch()
        self._set_paused(False)
        self.bar.setValue(0)
        self.show_status("Looking for songs…")
        self.remaining.clear()
        for widget in self._scan_widgets():
            widget.show()

    def show_progress(self, fraction: float, message: str) -> None:
        """Show how far the scan is."""
        self.bar.setValue(round(fraction * STEPS))
        if message:
            self.show_status(message[:1].upper() + message[1:])
        seconds = self._stopwatch.left(fraction)
        self.remaining.setText("" if seconds is None else time_left(seconds))

    def end(self) -> None:
        """Hide what belongs to a scan."""
        for widget in self._scan_widgets():
            widget.hide()

    def _toggle_pause(self) -> None:
        if self._paused:
            self._stopwatch.resume()
            self.resume_wanted.emit()
        else:
            self._stopwatch.pause()
            self.remaining.setText("paused")
            self.pause_wanted.emit()
        self._set_paused(not self._paused)

    def _set_paused(self, paused: bool) -> None:
        self._paused = paused
        self.pause_button.setText("Resume" if paused else "Pause")
