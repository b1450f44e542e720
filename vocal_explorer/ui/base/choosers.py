"""Asks for files and folders without stopping the window."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from vocal_explorer.audio.suffixes import AUDIO_SUFFIXES, PLAYLIST_SUFFIXES

_SONGS = " ".join(f"*{suffix}" for suffix in sorted(AUDIO_SUFFIXES | PLAYLIST_SUFFIXES))
FILTERS = (f"Songs and playlists ({_SONGS})", "All files (*)")


def _dialog(parent: QWidget, title: str) -> QFileDialog:
    music = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MusicLocation)
    dialog = QFileDialog(parent, title, music)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return dialog


def choose_folder(parent: QWidget, title: str, then: Callable[[Path], None]) -> None:
    """Ask for a folder; call `then` with it unless the user cancels."""
    dialog = _dialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.fileSelected.connect(lambda name: then(Path(name)))
    dialog.open()


def choose_files(parent: QWidget, title: str, then: Callable[[list[Path]], None]) -> None:
    """Ask for one or more files; call `then` with them unless the user cancels."""
    dialog = _dialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setNameFilters(FILTERS)
    dialog.filesSelected.connect(lambda names: then([Path(name) for name in names]))
    dialog.open()


def choose_new_file(
    parent: QWidget, title: str, kinds: Mapping[str, str], then: Callable[[Path], None]
) -> None:
    """Ask for a file to write; call `then` with it unless the user cancels.

    `kinds` are the suffixes by their filters; a name without one gets that of the filter.
    """
    dialog = _dialog(parent, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setNameFilters(list(kinds))

    def take_suffix(name_filter: str) -> None:
        dialog.setDefaultSuffix(kinds[name_filter])

    take_suffix(next(iter(kinds)))
    dialog.filterSelected.connect(take_suffix)
    dialog.fileSelected.connect(lambda name: then(Path(name)))
    dialog.open()
