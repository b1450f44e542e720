"""Recordings decoded once and kept in memory, so that training never waits for files."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.audio.files import read_audio
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Waveform
from vocal_explorer.datasets.manifest import Recording

FULL_SCALE = 32_767


@dataclass(frozen=True)
class Clip:
    """A decoded recording: int16 samples, shape (n_channels, n_samples)."""

    recording: Recording
    samples: NDArray[np.int16]

    @property
    def n_samples(self) -> int:
        """Length in samples."""
        return int(self.samples.shape[1])

    @cached_property
    def level(self) -> float:
        """Root mean square of the first channel."""
        sparse = self.samples[0, ::16].astype(np.float32) / FULL_SCALE
        return float(np.sqrt(np.mean(np.square(sparse))))

    def slice(self, start: int, length: int) -> Waveform:
        """Return float32 (n_channels, length), filled with zeros where the recording ends."""
        piece = self.samples[:, start : start + length].astype(np.float32) / FULL_SCALE
        return np.pad(piece, ((0, 0), (0, length - piece.shape[1])))


def decode_clips(
    recordings: Sequence[Recording],
    sample_rate: int,
    n_channels: int | None,
    progress: Progress,
) -> list[Clip]:
    """Decode `recordings` to `sample_rate` Hz and `n_channels`; None leaves each its own."""
    clips: list[Clip] = []
    for number, recording in enumerate(recordings):
        progress.report(number / len(recordings), f"reading {recording.path.name}")
        waveform, _ = read_audio(recording.path, sample_rate, n_channels)
        clips.append(Clip(recording, to_samples(waveform)))
    return clips


def to_samples(waveform: Waveform) -> NDArray[np.int16]:
    """Turn float samples into a clip's."""
    return np.clip(waveform * FULL_SCALE, -FULL_SCALE, FULL_SCALE).astype(np.int16)
