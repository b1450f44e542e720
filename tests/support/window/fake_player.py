"""A hand-written stand-in for Player."""

from collections.abc import Mapping

import numpy as np

from vocal_explorer.base.errors import DeviceError
from vocal_explorer.base.records.signals import Stem, Waveform


class FakePlayer:
    """Remembers what it was told; time does not pass in it."""

    def __init__(self, *, broken: bool = False) -> None:
        self.broken = broken
        self.playing = False
        self.finished = False
        self.lost = False
        self.position = 0.0
        self.duration = 0.0
        self.loads: list[tuple[int, bool]] = []
        self.seeks: list[float] = []
        self.recording = ""
        self.names: set[str] = set()
        self.gains: dict[str, float] = {}
        self.loop: tuple[float, float] | None = None
        self.connected = ["Headphones", "Speakers"]
        self.output = ""
        self.closed = False
        self.rate = 1
        self.ready = np.ones(0, bool)  # samples of a recording that is made while it plays
        self.started_at: list[float] = []

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
        self.finished = False
        self.loads.append((waveform.shape[-1], keep_position))
        self.duration = waveform.shape[-1] / sample_rate
        self.position = self.position if keep_position else 0.0
        self.recording, self.names, self.gains = recording, {layer}, {layer: gain}
        self.loop = self.loop if keep_position else None

    def load_unfinished(
        self,
        recording: str,
        n_samples: int,
        sample_rate: int,
        gains: Mapping[str, float],
        at: float,
    ) -> None:
        self.finished = False
        self.duration, self.position = n_samples / sample_rate, at
        self.recording, self.names, self.gains = recording, set(gains), dict(gains)
        self.loop = None
        self.rate, self.ready = sample_rate, np.zeros(n_samples, bool)
        self.started_at.append(at)

    def grow(self, recording: str, first: int, pieces: Mapping[str, Waveform]) -> None:
        if recording == self.recording:
            length = {piece.shape[-1] for piece in pieces.values()}
            assert len(length) == 1
            self.ready[first : first + length.pop()] = True

    def missing(self, recording: str) -> int | None:
        if recording != self.recording or self.ready.all():
            return None
        head = round(self.position * self.rate)
        behind = np.flatnonzero(~self.ready[head:])
        return head + int(behind[0]) if len(behind) else int(np.flatnonzero(~self.ready)[0])

    def layers(self, recording: str) -> frozenset[str]:
        return frozenset(self.names if recording == self.recording else ())

    def add_layer(self, recording: str, layer: str, waveform: Waveform) -> None:
        if recording == self.recording:
            self.names.add(layer)

    def set_gains(self, gains: Mapping[str, float]) -> None:
        self.gains = dict(gains)

    def set_loop(self, start: float, end: float) -> None:
        self.loop = (min(start, end), max(start, end))

    def clear_loop(self) -> None:
        self.loop = None

    def play(self) -> None:
        if self.broken:
            raise DeviceError("No sound card was found.")
        if self.output and self.output not in self.connected:
            raise DeviceError(f"The output {self.output} cannot be used.")
        self.playing = True

    def pause(self) -> None:
        self.playing = False

    def stop(self) -> None:
        self.playing, self.position = False, 0.0

    def seek(self, seconds: float) -> None:
        self.seeks.append(seconds)
        self.position = seconds

    def close(self) -> None:
        self.playing, self.closed = False, True

    def unplug(self) -> None:
        self.playing, self.lost = False, True

    def give_up(self) -> None:
        self.playing = self.lost = False

    def outputs(self) -> list[str]:
        return self.connected

    def choose_output(self, name: str) -> None:
        self.output = name
        if self.playing:
            self.playing = False
            self.play()
