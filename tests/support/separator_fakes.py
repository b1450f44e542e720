"""A machine on which Spleeter may be installed, and separators that tell voice by its pitch."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from library_fakes import RATE, FakeEmbedder, FakeSeparator

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Stems, Waveform
from vocal_explorer.session import Session

HIGHEST_VOICE = 600  # Hz; a tone above it is no voice


class PitchSeparator(FakeSeparator):
    """Takes low tones for vocals and leaks a little of the high ones."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def stream(
        self, mix: Iterable[Waveform], n_samples: int, progress: Progress
    ) -> Iterator[Stems]:
        self.calls += 1
        progress.report(0.5)
        for piece in mix:
            crossings = np.count_nonzero(np.diff(np.signbit(piece[0])))
            pitch = crossings / 2 / max(piece.shape[1], 1) * RATE
            vocals = piece * np.float32(0.8 if pitch < HIGHEST_VOICE else 0.02)
            yield Stems(vocals, piece - vocals, RATE)


class Machine:
    """Which separators are installed, and how often each was asked."""

    def __init__(self) -> None:
        self.installed = {"auto", "embedded"}
        self.embedder = FakeEmbedder()
        self.separators = {name: PitchSeparator(name) for name in ("embedded", "spleeter")}

    @property
    def calls(self) -> dict[str, int]:
        return {name: separator.calls for name, separator in self.separators.items()}

    def session(self, library: Path) -> Session:
        return Session(
            library,
            make_separator=self.separators.__getitem__,
            make_embedder=lambda _folder: self.embedder,
            is_installed=self.installed.__contains__,
        )
