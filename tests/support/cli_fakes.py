"""A separator and an embedder without weights, good enough to run the whole job."""

import json
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from library_fakes import FakeListener

from vocal_explorer.audio.files import write_audio
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Domain, Embedding, Stems, Waveform
from vocal_explorer.cli.entry import run
from vocal_explorer.cli.services import Services
from vocal_explorer.session import Session

N_BANDS = 32
RATE = 44_100
SECONDS = 1.0


class HalfSeparator:
    """Calls half of the mix its vocals."""

    name = "half"
    version = "1"

    def stream(
        self, mix: Iterable[Waveform], n_samples: int, progress: Progress
    ) -> Iterator[Stems]:
        for piece in mix:
            half = (piece / 2).astype(np.float32)
            yield Stems(half, piece - half, RATE)
        progress.report(1.0, "halving")


class BandEmbedder:
    """Describes sound by its level in a few frequency bands."""

    model_id = "bands"

    def listen(self, sample_rate: int) -> FakeListener:
        return FakeListener(self, sample_rate)

    def embed(
        self, mix: Waveform, vocals: Waveform, sample_rate: int, progress: Progress
    ) -> dict[Domain, Embedding]:
        progress.report(1.0, "listening")
        return {Domain.VOCALS: bands(vocals), Domain.MIX: bands(mix)}

    def embed_vocals(self, vocals: Waveform, sample_rate: int, progress: Progress) -> Embedding:
        progress.report(1.0, "listening")
        return bands(vocals)


def bands(waveform: Waveform) -> Embedding:
    spectrum = np.abs(np.fft.rfft(waveform.mean(axis=0)))
    edges = np.geomspace(4, len(spectrum), N_BANDS + 1).astype(int)
    levels = np.array([spectrum[a:b].mean() for a, b in pairwise(edges)])
    vector = np.log(levels + 1e-3)
    vector -= vector.mean()
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def open_session(library: Path, make_embedder: type[BandEmbedder] = BandEmbedder) -> Session:
    return Session(
        library,
        make_separator=lambda _name: HalfSeparator(),
        make_embedder=lambda _folder: make_embedder(),
    )


def services(**changes: object) -> Services:
    makers = {
        "open_session": open_session,
        "load_separator": lambda _name: HalfSeparator(),
        "load_embedder": lambda _folder: BandEmbedder(),
    }
    return Services(**(makers | changes))


def command_line(*arguments: object, **changes: object) -> int:
    return run([str(argument) for argument in arguments], services(**changes))


def no_session(_library: Path) -> None:
    raise AssertionError("this command must not open a library")


def document(capsys: pytest.CaptureFixture[str]) -> dict:
    return json.loads(capsys.readouterr().out)


def tone(path: Path, frequency: float, seconds: float = SECONDS) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    time = np.arange(int(seconds * RATE)) / RATE
    voice = sum(np.sin(2 * np.pi * frequency * h * time) / h for h in range(1, 8))
    write_audio(path, np.stack([voice, voice]).astype(np.float32) / 8, RATE)
    return path


def write_songs(folder: Path) -> Path:
    for singer, frequencies in {"Ann": (200, 205, 210), "Bob": (80, 82)}.items():
        for number, frequency in enumerate(frequencies, start=1):
            tone(folder / singer / f"{singer} - Song {number}.flac", frequency)
    return folder
