"""The region that is repeated, set with the keyboard or drawn on the waveform."""

from vocal_explorer.ui.base.player_port import PlayerPort


class LoopControl:
    """Where a loop starts and ends; without a player it does nothing."""

    def __init__(self) -> None:
        self._player: PlayerPort | None = None

    def set_player(self, player: PlayerPort) -> None:
        """Loop in this player from now on."""
        self._player = player

    def start_here(self) -> None:
        """Let the loop start where playback is; without an end it ends with the sound."""
        player = self._player
        if player is not None and player.duration:
            end = player.loop[1] if player.loop else player.duration
            here = player.position
            player.set_loop(here, end if end > here else player.duration)

    def end_here(self) -> None:
        """Let the loop end where playback is; without a start it starts with the sound."""
        player = self._player
        if player is not None and player.duration:
            start = player.loop[0] if player.loop else 0.0
            here = player.position
            player.set_loop(start if start < here else 0.0, here)

    def set(self, start: float, end: float) -> None:
        """Repeat what is between two seconds."""
        if self._player is not None:
            self._player.set_loop(start, end)

    def clear(self) -> None:
        """Repeat nothing."""
        if self._player is not None:
            self._player.clear_loop()
