"""Several tracks one after the other."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from vocal_explorer.base.records.signals import Stem
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.ui.base.player_port import PlayerPort
from vocal_explorer.ui.base.timers import ticker
from vocal_explorer.ui.player.playback import Playback
from vocal_explorer.ui.state.listening import Heard

POLL_INTERVAL = 200  # ms


class PlayQueue(QObject):
    """Plays the next track when one has ended; anything else that is played ends it.

    Parameters
    ----------
    playback, player
        What plays, and what says that a track has ended.
    on_track
        Called with each track when its turn comes.
    """

    def __init__(
        self,
        playback: Playback,
        player: PlayerPort,
        on_track: Callable[[Track], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._playback = playback
        self._player = player
        self._on_track = on_track
        self._waiting: list[Track] = []
        self._current: Track | None = None
        self._timer = ticker(self, POLL_INTERVAL)
        self._timer.timeout.connect(self.poll)
        playback.ready.connect(self._on_ready)

    @property
    def waiting(self) -> tuple[Track, ...]:
        """What comes after the present track."""
        return tuple(self._waiting)

    def start(self, tracks: Sequence[Track]) -> None:
        """Play these, from the first one."""
        self._waiting = list(tracks)
        self._next()

    def poll(self) -> None:
        """Go on to the next track if the present one was heard to its end."""
        heard = self._playback.heard
        is_current = heard is not None and heard.track == self._current
        if is_current and self._player.finished:
            self._next()

    def _next(self) -> None:
        if not self._waiting:
            self._stop()
            return
        self._current = self._waiting.pop(0)
        self._timer.stop()  # until it is ready, the player still has the one before
        self._on_track(self._current)
        self._playback.play_part(self._current, Stem.MIX)

    def _on_ready(self, heard: Heard) -> None:
        if heard.track == self._current:
            self._timer.start()
        else:
            self._stop()

    def _stop(self) -> None:
        self._waiting = []
        self._current = None
        self._timer.stop()
