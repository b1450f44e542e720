"""Which output is played on: a menu, and what happens when it is unplugged."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from vocal_explorer.ui.base.messages import MessageBar
from vocal_explorer.ui.base.player_port import PlayerPort
from vocal_explorer.ui.base.tasks import Tasks
from vocal_explorer.ui.base.window_settings import WindowSettings
from vocal_explorer.ui.player.playback import Playback

OUTPUTS = "outputs"  # kind of question
CHOOSE = "choose output"  # kind of deed
DEFAULT = "System default"


class OutputControl(QObject):
    """The window's side of sound outputs; it works from `set_player` on.

    Parameters
    ----------
    menu
        Where outputs are chosen; what there is, is looked up whenever it opens.
    tasks
        Where sound cards are waited for.
    messages
        Where a loss is told.
    memory
        Remembers the name of the output.
    """

    def __init__(
        self,
        menu: QMenu,
        tasks: Tasks,
        messages: MessageBar,
        memory: WindowSettings,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._menu = menu
        self._tasks = tasks
        self._messages = messages
        self._memory = memory
        self._player: PlayerPort | None = None
        self._playback: Playback | None = None
        menu.aboutToShow.connect(self._look_up)

    def set_player(self, player: PlayerPort, playback: Playback) -> None:
        """Choose for this player from now on; it gets the output that was used last."""
        self._player = player
        self._playback = playback
        player.choose_output(self._memory.output)

    def tell_loss(self) -> None:
        """Say that the sound card is gone, and offer another one."""
        player = self._player
        if player is None:
            return
        name = player.output
        player.give_up()
        self._messages.show_failure(
            f"The output {name} was unplugged or does not answer, so playback is paused."
            if name
            else "The sound output was unplugged or does not answer, so playback is paused.",
            "Play on the default output",
            self._play_on_default,
        )

    def _look_up(self) -> None:
        player = self._player
        if player is not None:
            self._fill([])
            self._tasks.ask(OUTPUTS, lambda _progress: player.outputs(), self._fill)

    def _fill(self, names: list[str]) -> None:
        """List the system's default, the outputs, and the chosen one even if it is gone."""
        player = self._player
        if player is None:
            return
        self._menu.clear()
        group = QActionGroup(self._menu)
        gone = [player.output] if player.output and player.output not in names else []
        for name in ["", *names, *gone]:
            action = self._menu.addAction((name or DEFAULT).replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(name == player.output)
            action.triggered.connect(lambda _checked=False, name=name: self.choose(name))
            group.addAction(action)

    def choose(self, name: str) -> None:
        """Play on an output from now on; an empty name means the system's default."""
        player = self._player
        if player is not None:
            self._memory.output = name
            self._tasks.do(CHOOSE, lambda _progress: player.choose_output(name))

    def _play_on_default(self) -> None:
        player, playback = self._player, self._playback
        if player is not None and playback is not None:
            self._memory.output = ""
            self._tasks.do(
                CHOOSE,
                lambda _progress: player.choose_output(""),
                lambda _: playback.go_on(),
            )
