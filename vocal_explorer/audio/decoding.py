"""What the decoders hand over, and what they have in common."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vocal_explorer.base.errors import AudioFileError
from vocal_explorer.base.records.signals import Waveform

Block = tuple[Waveform, int]
"""Samples, shape (n_channels, n_samples), and their rate in Hz."""


@dataclass(frozen=True)
class AudioInfo:
    """How long a file sounds, at which rate (Hz), and in how many channels."""

    seconds: float
    sample_rate: int
    n_channels: int


def gather(pieces: Iterable[Waveform], n_samples: int) -> Iterator[Waveform]:
    """Join short pieces to blocks of at least `n_samples`; the last may be shorter.

    Parameters
    ----------
    pieces
        Each of shape (n_channels, any length).
    n_samples
        At which length a block is full.
    """
    waiting: list[Waveform] = []
    n_waiting = 0
    for piece in pieces:
        waiting.append(piece)
        n_waiting += piece.shape[1]
        if n_waiting >= n_samples:
            yield np.concatenate(waiting, axis=1)
            waiting, n_waiting = [], 0
    if n_waiting:
        yield np.concatenate(waiting, axis=1)


def drop_first(pieces: Iterable[Waveform], n_samples: int) -> Iterator[Waveform]:
    """Leave out the first `n_samples` samples of a sequence of pieces."""
    for piece in pieces:
        if n_samples < piece.shape[1]:
            yield piece[:, n_samples:]
        n_samples = max(0, n_samples - piece.shape[1])


def check_file(path: Path) -> bytes:
    """Open a file for reading and return its first four bytes.

    Raises
    ------
    AudioFileError
        If it is missing, no file, empty, or may not be read.
    """
    try:
        if os.path.isdir(path):
            raise AudioFileError(path, "it is a folder, not a file")
        if os.path.exists(path) and not os.path.isfile(path):
            raise AudioFileError(path, "it is not an ordinary file")
        with path.open("rb") as file:
            beginning = file.read(4)
    except FileNotFoundError as error:
        raise AudioFileError(path, "it does not exist") from error
    except PermissionError as error:
        raise AudioFileError(path, "you are not allowed to read it") from error
    except (OSError, ValueError) as error:
        raise AudioFileError(path, f"it cannot be opened ({error})") from error
    if not beginning:
        raise AudioFileError(path, "it is empty")
    return beginning
