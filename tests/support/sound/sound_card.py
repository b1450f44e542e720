"""A sound card for tests."""

import numpy as np

from vocal_explorer.audio.playing.outputs import FillBuffer
from vocal_explorer.base.errors import DeviceError


class SoundCard:
    """Takes samples only when the test pulls them."""

    def __init__(self, *others: str) -> None:
        self.opened: list[tuple[int, int]] = []
        self.active = False
        self.others = list(others)
        self.asked: list[bool] = []
        self.name = ""
        self.fill: FillBuffer | None = None

    def names(self, *, refresh: bool) -> list[str]:
        assert not (refresh and self.active), "looking for sound cards ends the stream"
        self.asked.append(refresh)
        return self.others

    def open(self, sample_rate: int, n_channels: int, fill: FillBuffer, name: str) -> "SoundCard":
        assert not self.active, "the sound card was not given back"
        if name and name not in self.others:
            raise DeviceError(f"The output {name} cannot be used.")
        self.opened.append((sample_rate, n_channels))
        self.active = True
        self.fill = fill
        self.name = name
        return self

    def close(self) -> None:
        self.active = False

    def pull(self, n_samples: int) -> np.ndarray:
        assert self.fill is not None
        buffer = np.full((n_samples, 2), np.nan, np.float32)
        self.fill(buffer)
        return buffer[:, 0]
