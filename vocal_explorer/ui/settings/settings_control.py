"""The window's side of the settings."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.library import PairChoice, SeparatorChoice, StemRoom
from vocal_explorer.ui.base.choosers import choose_folder
from vocal_explorer.ui.base.ports import Explorer
from vocal_explorer.ui.base.tasks import Tasks
from vocal_explorer.ui.settings.encoder_control import EncoderControl
from vocal_explorer.ui.settings.separator_control import SeparatorControl
from vocal_explorer.ui.settings.settings_dialog import SettingsDialog
from vocal_explorer.ui.settings.stem_move_dialog import StemMoveDialog

SHOW = "settings"  # kind of question
ROOM = "stem room"  # kind of deed
_Shown = tuple[list[SeparatorChoice], list[PairChoice], StemRoom]


class SettingsControl(QObject):
    """Shows the settings and does what is chosen there.

    Parameters
    ----------
    tasks
        Where the library is asked.
    separation, encoders
        Change those, and offer a new analysis.
    window
        Parent of the dialog.
    """

    def __init__(
        self,
        tasks: Tasks,
        separation: SeparatorControl,
        encoders: EncoderControl,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._tasks = tasks
        self._explorer: Explorer | None = None
        self._room: StemRoom | None = None
        self.move_dialog: StemMoveDialog | None = None
        self.dialog = SettingsDialog(window)
        self.dialog.separators.chosen.connect(separation.choose)
        self.dialog.pairs.chosen.connect(encoders.choose)
        self.dialog.room.limit_chosen.connect(self._set_limit)
        self.dialog.room.clear_wanted.connect(self._clear)
        self.dialog.room.folder_wanted.connect(self._open_folder)
        self.dialog.room.move_wanted.connect(self._ask_place)

    def set_explorer(self, explorer: Explorer) -> None:
        """Set this session."""
        self._explorer = explorer

    def show(self) -> None:
        """Show how things are set."""
        if self._explorer is None:
            return
        explorer = self._explorer

        def job(_progress: Progress) -> _Shown:
            return explorer.separators(), explorer.pairs(), explorer.stems.room()

        self._tasks.ask(SHOW, job, lambda shown: self._show(*shown))

    def _show(
        self, separators: list[SeparatorChoice], pairs: list[PairChoice], room: StemRoom
    ) -> None:
        self.dialog.separators.show_choices(separators)
        self.dialog.pairs.show_choices(pairs)
        self._show_room(room)
        self.dialog.open()

    def _show_room(self, room: StemRoom) -> None:
        self._room = room
        self.dialog.room.show_room(room)

    def _set_limit(self, limit: int) -> None:
        self._change(lambda explorer: explorer.stems.set_limit(limit))

    def _clear(self) -> None:
        self._change(lambda explorer: explorer.stems.clear())

    def _change(self, change: Callable[[Explorer], StemRoom]) -> None:
        if self._explorer is not None:
            explorer = self._explorer
            self._tasks.do(ROOM, lambda _progress: change(explorer), self._show_room)

    def _ask_place(self) -> None:
        choose_folder(self.dialog, "Keep separated stems in this folder", self._offer_move)

    def _offer_move(self, place: Path) -> None:
        if self._room is None:
            return
        if self.move_dialog is not None:
            self.move_dialog.deleteLater()
        dialog = self.move_dialog = StemMoveDialog(self.dialog, self._room, place)
        dialog.start_wanted.connect(lambda: self._move(dialog, place))
        dialog.open()

    def _move(self, dialog: StemMoveDialog, place: Path) -> None:
        if self._explorer is not None:
            stems, take_along = self._explorer.stems, dialog.take_along.isChecked()
            moving = self._tasks.do(
                ROOM,
                lambda progress: stems.move(place, take_along, progress),
                self._show_room,
                on_progress=dialog.show_progress,
                on_end=dialog.end,
            )
            dialog.cancel_wanted.connect(moving.control.cancel)

    def _open_folder(self) -> None:
        if self._room is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._room.folder)))
