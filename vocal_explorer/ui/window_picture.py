"""A picture of the real window, made without a display."""

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QEventLoop, QSettings, Qt
from PySide6.QtWidgets import QApplication

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.records.signals import Stem, Waveform
from vocal_explorer.ui.base.ports import Explorer
from vocal_explorer.ui.base.qt_log import qt_messages_logged
from vocal_explorer.ui.base.style import application_object, apply_style
from vocal_explorer.ui.base.window_settings import WindowSettings
from vocal_explorer.ui.main_window import MainWindow

SIZE = (1280, 800)  # px
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")
PATIENCE = 120.0  # s
TURN = 20  # ms


class StillPlayer:
    """A player for a picture: it holds a length and makes no sound."""

    playing = False
    finished = False
    lost = False
    position = 0.0
    loop = None
    output = ""

    def __init__(self, duration: float) -> None:
        self.duration = duration
        self._layers: tuple[str, set[str]] = ("", set())

    def load(
        self,
        waveform: Waveform,
        sample_rate: int,
        *,
        keep_position: bool = False,
        recording: str = "",
        layer: str = Stem.MIX,
        gain: float = 1.0,
    ) -> None:
        """Take its length."""
        self.duration = waveform.shape[-1] / sample_rate
        self._layers = (recording, {layer})

    def layers(self, recording: str) -> frozenset[str]:
        """Return what was loaded."""
        return frozenset(self._layers[1] if recording == self._layers[0] else ())

    def add_layer(self, recording: str, layer: str, waveform: Waveform) -> None:
        """Take its name."""
        if recording == self._layers[0]:
            self._layers[1].add(layer)

    def load_unfinished(
        self,
        recording: str,
        n_samples: int,
        sample_rate: int,
        gains: Mapping[str, float],
        at: float,
    ) -> None:
        """Take its length."""
        self.duration = n_samples / sample_rate
        self._layers = (recording, set(gains))

    def grow(self, recording: str, first: int, pieces: Mapping[str, Waveform]) -> None:
        """Stay still."""

    def missing(self, recording: str) -> int | None:
        """Miss nothing."""
        return None

    def outputs(self) -> list[str]:
        """Have none."""
        return []

    def set_gains(self, gains: Mapping[str, float]) -> None:
        """Stay still."""

    def set_loop(self, start: float, end: float) -> None:
        """Stay still."""

    def clear_loop(self) -> None:
        """Stay still."""

    def choose_output(self, name: str) -> None:
        """Stay still."""

    def play(self) -> None:
        """Stay still."""

    def pause(self) -> None:
        """Stay still."""

    def stop(self) -> None:
        """Stay still."""

    def seek(self, seconds: float) -> None:
        """Stay still."""

    def close(self) -> None:
        """Stay still."""

    def give_up(self) -> None:
        """Stay still."""


def grab_window(
    session: Explorer, path: Path, select_track_id: str, size: tuple[int, int] = SIZE
) -> None:
    """Write a PNG of the window with a track selected and every panel filled.

    Beside it, mashup.png shows the track's vocals over its best match, if there is one.

    Parameters
    ----------
    session
        An open session whose library has analysed tracks.
    path
        The PNG.
    select_track_id
        The track to select.
    size
        Width and height in pixels.

    Raises
    ------
    VocalExplorerError
        If the picture cannot be made or written.
    """
    if sys.platform == "linux" and not any(map(os.environ.get, DISPLAYS)):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with TemporaryDirectory() as folder, qt_messages_logged():
        apply_style(application_object())
        settings = QSettings(f"{folder}/window.ini", QSettings.Format.IniFormat)
        window = MainWindow(WindowSettings(settings, path.parent))
        window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        window.resize(*size)
        window.show()
        lengths = [t.seconds for t in session.tracks() if t.track_id == select_track_id]
        window.set_session(session, StillPlayer(sum(lengths)))
        try:
            _wait(window)
            window.page.select(select_track_id)
            _wait(window)
            window.player_bar.press_stem(Stem.MIX)
            _wait(window)
            _save(window, path)
            if window.page.matches.current_id is not None:
                window.page.matches.play_current()
                _wait(window)
                _save(window, path.with_name("mashup.png"))
        finally:
            window.close_and_wait()
            window.deleteLater()


def _save(window: MainWindow, path: Path) -> None:
    if not window.grab().save(str(path), "PNG"):
        raise VocalExplorerError(f"The picture of the window cannot be written to {path}.")


def _wait(window: MainWindow) -> None:
    """Let the window work until nothing is left to do."""
    end = time.monotonic() + PATIENCE
    quiet_turns = 0
    while quiet_turns < 10:
        if time.monotonic() > end:
            raise VocalExplorerError("The window did not get ready for its picture.")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, TURN)
        time.sleep(TURN / 1000)
        waits = window.page.selection_pending or not window.tasks.idle
        quiet_turns = 0 if waits else quiet_turns + 1
