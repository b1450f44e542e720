"""What the window remembers from one start to the next."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QWidget


class Restorable(Protocol):
    """A splitter or a header: something whose state can be kept under its name."""

    def objectName(self) -> str:
        """Return its name."""
        ...

    def saveState(self, /) -> QByteArray:
        """Return its state."""
        ...

    def restoreState(self, state: QByteArray, /) -> bool:
        """Take a state again."""
        ...


class WindowSettings:
    """Geometry of the window, and where it plays.

    Parameters
    ----------
    settings
        Where it is kept.
    library
        The library that is open.
    """

    def __init__(self, settings: QSettings, library: Path) -> None:
        self._settings = settings
        name = hashlib.sha256(str(library).encode()).hexdigest()[:16]
        self._sources_key = f"sources/{name}"

    def restore(self, window: QWidget, parts: Iterable[Restorable]) -> None:
        """Put the window and its parts where they were."""
        geometry = self._settings.value("window/geometry")
        if isinstance(geometry, QByteArray):
            window.restoreGeometry(geometry)
        for part in parts:
            state = self._settings.value(f"window/{part.objectName()}")
            if isinstance(state, QByteArray):
                part.restoreState(state)

    def save(self, window: QWidget, parts: Iterable[Restorable]) -> None:
        """Remember where the window and its parts are."""
        self._settings.setValue("window/geometry", window.saveGeometry())
        for part in parts:
            self._settings.setValue(f"window/{part.objectName()}", part.saveState())
        self._settings.sync()

    @property
    def output(self) -> str:
        """Name of the sound output; empty is the system's default."""
        return str(self._settings.value("player/output") or "")

    @output.setter
    def output(self, name: str) -> None:
        self._settings.setValue("player/output", name)

    def take_folders(self) -> list[Path]:
        """Return what earlier versions kept here, once: the library remembers it itself now."""
        stored = self._settings.value(self._sources_key)
        self._settings.remove(self._sources_key)
        names = [stored] if isinstance(stored, str) else stored
        return [Path(name) for name in names] if isinstance(names, list) else []
