"""Builds the window and throws it away: whether it can be built on this machine."""

from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QSettings, Qt

from vocal_explorer.ui.base.style import application_object, apply_style
from vocal_explorer.ui.base.window_settings import WindowSettings
from vocal_explorer.ui.main_window import MainWindow


def build_window() -> None:
    """Build the window with settings of its own, without showing it."""
    apply_style(application_object())
    with TemporaryDirectory() as folder:
        settings = QSettings(f"{folder}/window.ini", QSettings.Format.IniFormat)
        window = MainWindow(WindowSettings(settings, Path(folder)))
        window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        window.show()
        window.close_and_wait()
        window.deleteLater()
