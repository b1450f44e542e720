"""What the window needs of the sound card: the Player is handed in as this."""

from collections.abc import Mapping
from typing import Protocol

from vocal_explorer.base.records.signals import Stem, Waveform


class PlayerPort(Protocol):
    """The sound card; it is as audio.playing.player.Player says.

    `load`, `play`, `outputs` and `choose_output` raise DeviceError when it cannot be used.
    """

    @property
    def playing(self) -> bool:
        """Whether sound comes out now."""
        ...

    @property
    def finished(self) -> bool:
        """Whether what is loaded was played to its end."""
        ...

    @property
    def position(self) -> float:
        """Where playback is, in seconds."""
        ...

    @property
    def duration(self) -> float:
        """Length of what is loaded, in seconds; 0 when nothing is."""
        ...

    @property
    def lost(self) -> bool:
        """Whether the sound card is gone while something should be heard."""
        ...

    @property
    def loop(self) -> tuple[float, float] | None:
        """Start and end of the region that is repeated, in seconds."""
        ...

    @property
    def output(self) -> str:
        """The output that was chosen; empty is the system's default."""
        ...

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
        """Take another recording, (n_channels, n_samples); playing goes on if it was."""
        ...

    def load_unfinished(
        self,
        recording: str,
        n_samples: int,
        sample_rate: int,
        gains: Mapping[str, float],
        at: float,
    ) -> None:
        """Take a recording that is made while it plays, and go to a position in seconds."""
        ...

    def grow(self, recording: str, first: int, pieces: Mapping[str, Waveform]) -> None:
        """Add a piece of every layer from a sample on, unless another recording was loaded."""
        ...

    def missing(self, recording: str) -> int | None:
        """Return the sample that is needed next; None if nothing is missing."""
        ...

    def layers(self, recording: str) -> frozenset[str]:
        """Return the layers that are loaded; none if another recording is."""
        ...

    def add_layer(self, recording: str, layer: str, waveform: Waveform) -> None:
        """Add a layer, unless another recording was loaded meanwhile."""
        ...

    def set_gains(self, gains: Mapping[str, float]) -> None:
        """Turn the layers to these levels; those that are not named fall silent."""
        ...

    def set_loop(self, start: float, end: float) -> None:
        """Repeat what is between two seconds."""
        ...

    def clear_loop(self) -> None:
        """Repeat nothing."""
        ...

    def play(self) -> None:
        """Start or go on."""
        ...

    def pause(self) -> None:
        """Stop where it is."""
        ...

    def stop(self) -> None:
        """Stop and go back to the beginning."""
        ...

    def seek(self, seconds: float) -> None:
        """Go to a position."""
        ...

    def close(self) -> None:
        """Stop and give the sound card back."""
        ...

    def give_up(self) -> None:
        """Pause, and leave a lost sound card alone."""
        ...

    def outputs(self) -> list[str]:
        """Return the names of the outputs."""
        ...

    def choose_output(self, name: str) -> None:
        """Play on another output from now on; an empty name means the system's default."""
        ...
