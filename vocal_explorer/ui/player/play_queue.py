"""Several tracks one after the other."""

from collections.abc import Sequence

from PySide6.QtCore import QObject

from vocal_explorer.base.records.signals import Stem
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.ui.base.player_port import PlayerPort
from vocal_explorer.ui.base.timers import ticker
from vocal_explorer.ui.player.playback import Playback
from vocal_explorer.ui.state.listening import Listening, NowPlaying

POLL_INTERVAL = 200  # ms


class PlayQueue(QObject):
    """Plays the next track when one has ended; anything else that is played ends the queue.

    Parameters
    ----------
    playback, player
        What plays, and what says that a track has ended.
    listening
        Has the queue.
    """

    def __init__(
        self, playback: Playback, player: PlayerPort, listening: Listening, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._playback = playback
        self._player = player
        self._listening = listening
        self._timer = ticker(self, POLL_INTERVAL)
        self._timer.timeout.connect(self.poll)
        listening.changed.connect(self._on_heard)

    def start(self, tracks: Sequence[Track]) -> None:
        """Play these, from the first one."""
        self._listening.queue(tracks)
        self._play()

    def next(self) -> None:
        """Play the next track of the queue."""
        if self._listening.waiting:
            self._step(1)

    def previous(self) -> None:
        """Play the track before; the first one begins again."""
        if self._listening.played:
            self._step(-1)
        elif self._listening.queued is not None:
            self._player.seek(0.0)
            self._play()

    def poll(self) -> None:
        """Go on to the next track if the present one was heard to its end."""
        heard = self._listening.heard
        is_current = heard is not None and heard.track == self._listening.queued
        if is_current and self._player.finished:
            self._step(1)

    def _step(self, by: int) -> None:
        self._listening.step(by)
        self._play()

    def _play(self) -> None:
        track = self._listening.queued
        self._timer.stop()  # until it is ready, the player still has the one before
        if track is not None:
            self._playback.play_stem(track, Stem.MIX)

    def _on_heard(self, heard: NowPlaying) -> None:
        if heard.track == self._listening.queued:
            self._timer.start()
        elif self._listening.queued is not None:
            self._listening.queue(())
            self._timer.stop()
