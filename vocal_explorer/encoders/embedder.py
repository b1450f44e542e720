"""How a track becomes two vectors. The networks load at the first track, not before."""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.audio.io import resample, to_channels
from vocal_explorer.config import MelConfig
from vocal_explorer.encoders.model_id import model_id
from vocal_explorer.features.segments import cut_segments, level
from vocal_explorer.features.vocal_activity import active_segments
from vocal_explorer.paths import models_folder
from vocal_explorer.progress import Progress
from vocal_explorer.records import Domain, Embedding, Waveform

MAX_SEGMENTS = 48  # evenly spread over a track's vocal-active segments
BATCH_SIZE = 8
DEFAULT_PAIR = "cross-sp"


class SegmentEncoder(Protocol):
    """A loaded encoder pair: encoders.runtime.PairRuntime."""

    @property
    def config(self) -> MelConfig:
        """The front end, which says how long a segment is."""

    def encode(self, domain: Domain, segments: Waveform) -> Embedding:
        """Return unit-length embeddings (n, 256) of leveled segments (n, n_samples)."""


def load_embedder(folder: Path | None = None) -> "TrackEmbedder":
    """Return the embedder of the pair in `folder`, or of the shipped CROSS-SP pair.

    Raises
    ------
    WeightsError
        If there are no weights. Damaged ones are noticed at the first track.
    """
    chosen = folder or models_folder() / DEFAULT_PAIR

    def load() -> SegmentEncoder:
        from vocal_explorer.encoders.runtime import load_runtime

        return load_runtime(chosen)

    return TrackEmbedder(model_id(chosen), load)


class TrackEmbedder:
    """Embeds whole tracks: unit-length segment embeddings, averaged, unit length again.

    Parameters
    ----------
    model_id
        Says which weights made an embedding.
    load
        Called once, at the first track.
    """

    def __init__(self, model_id: str, load: Callable[[], SegmentEncoder]) -> None:
        self.model_id = model_id
        self._load = load

    @cached_property
    def _encoder(self) -> SegmentEncoder:
        return self._load()

    def embed(
        self, mix: Waveform, vocals: Waveform, sample_rate: int, progress: Progress
    ) -> dict[Domain, Embedding]:
        """Return the embeddings of a track, unit-length float32 (256,) by domain.

        Parameters
        ----------
        mix, vocals
            Equally long waveforms (n_channels, n_samples).
        sample_rate
            Of both, in Hz.
        progress
            Reported at each batch of segments.
        """
        voice, song = self._segments(vocals, sample_rate), self._segments(mix, sample_rate)
        chosen = choose_segments(voice)
        return {
            Domain.VOCALS: self._mean(Domain.VOCALS, voice[chosen], progress.part(0.0, 0.5)),
            Domain.MIX: self._mean(Domain.MIX, song[chosen], progress.part(0.5, 1.0)),
        }

    def embed_vocals(self, vocals: Waveform, sample_rate: int, progress: Progress) -> Embedding:
        """Return f_v's embedding of isolated vocals (n_channels, n_samples)."""
        voice = self._segments(vocals, sample_rate)
        return self._mean(Domain.VOCALS, voice[choose_segments(voice)], progress)

    def _segments(self, waveform: Waveform, sample_rate: int) -> Waveform:
        config = self._encoder.config
        mono = to_channels(resample(waveform, sample_rate, config.sample_rate), 1)[0]
        return cut_segments(mono, config.segment_samples, config.segment_samples // 2)

    def _mean(self, domain: Domain, segments: Waveform, progress: Progress) -> Embedding:
        leveled = level(segments)
        total: NDArray[np.float64] | float = 0.0
        for start in range(0, len(leveled), BATCH_SIZE):
            progress.report(start / len(leveled), "listening")
            total = total + self._encoder.encode(domain, leveled[start : start + BATCH_SIZE]).sum(
                axis=0, dtype=np.float64
            )
        return np.asarray(total / max(float(np.linalg.norm(total)), 1e-12), dtype=np.float32)


def choose_segments(vocals: Waveform) -> NDArray[np.int64]:
    """Return indices of at most MAX_SEGMENTS vocal-active segments, evenly spread."""
    active = np.flatnonzero(active_segments(vocals))
    if len(active) <= MAX_SEGMENTS:
        return active
    spread = np.linspace(0, len(active) - 1, MAX_SEGMENTS).round().astype(np.int64)
    return np.asarray(active[spread])
