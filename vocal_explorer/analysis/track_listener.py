"""How a track of any length is heard: piece by piece, only its chosen segments by the networks."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.audio.files import Resampler, to_channels
from vocal_explorer.base.config import MelConfig
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Domain, Embedding, Waveform
from vocal_explorer.base.records.tracks import PitchRange
from vocal_explorer.features.fingerprint import Fingerprint, Fingerprinter
from vocal_explorer.features.pitch_range import pitch_range
from vocal_explorer.features.segment_store import SegmentStore
from vocal_explorer.features.segments import level
from vocal_explorer.features.vocal_activity import active_segments

MAX_SEGMENTS = 48  # evenly spread over a track's vocal-active segments
BATCH_SIZE = 8


class SegmentEncoder(Protocol):
    """A loaded encoder pair: encoders.runtime.PairRuntime."""

    @property
    def config(self) -> MelConfig:
        """The front end, which says how long a segment is."""

    def encode(self, domain: Domain, segments: Waveform) -> Embedding:
        """Return unit-length embeddings (n, 256) of leveled segments (n, n_samples)."""


@dataclass(frozen=True)
class Heard:
    """What a listener made of a track, by domain.

    `embeddings` are unit-length float32 (256,), the means of `segments`, (n_segments,
    256), which begin at `starts`, (n_segments,) in s; `levels` are the root mean square of
    consecutive half segments, (n_halves,). `pitch_range` is that of the vocals' segments,
    `fingerprint` that of the mix, if it was heard.
    """

    embeddings: Mapping[Domain, Embedding]
    levels: Mapping[Domain, NDArray[np.float64]]
    segments: Mapping[Domain, Embedding]
    starts: NDArray[np.float64]
    pitch_range: PitchRange | None
    fingerprint: Fingerprint | None


class TrackListener:
    """Hears one track; used as a context manager, it leaves nothing on the disk.

    Parameters
    ----------
    encoder
        Embeds the segments.
    sample_rate
        Of all that it will hear, in Hz.
    """

    def __init__(self, encoder: SegmentEncoder, sample_rate: int) -> None:
        self._encoder = encoder
        self._sample_rate = sample_rate
        self._resamplers: dict[Domain, Resampler] = {}
        self._stores: dict[Domain, SegmentStore] = {}
        self._fingerprinter = Fingerprinter(encoder.config.sample_rate)
        self._open = ExitStack()

    def __enter__(self) -> "TrackListener":
        return self

    def __exit__(self, *_exception: object) -> None:
        self._open.close()

    def hear(self, domain: Domain, waveform: Waveform) -> None:
        """Take the next piece (n_channels, any length) of a domain.

        Domains may be heard in any order, and it does not matter how they are cut.

        Raises
        ------
        VocalExplorerError
            If there is no room for temporary files.
        """
        if domain not in self._stores:
            config = self._encoder.config
            store = SegmentStore(config.segment_samples // 2)
            self._stores[domain] = self._open.enter_context(store)
            self._resamplers[domain] = Resampler(self._sample_rate, config.sample_rate, 1)
        self._keep(domain, self._resamplers[domain].add(to_channels(waveform, 1))[0])

    def embed(self, progress: Progress) -> Heard:
        """Embed what was heard, once all of it was; the vocals say which segments count.

        Parameters
        ----------
        progress
            Reported at each batch of segments.
        """
        for domain, resampler in self._resamplers.items():
            self._keep(domain, resampler.rest()[0])
        config = self._encoder.config
        chosen = choose_segments(self._stores[Domain.VOCALS].levels())
        segments = {}
        for n, (domain, store) in enumerate(self._stores.items()):
            part = progress.part(n / len(self._stores), (n + 1) / len(self._stores))
            segments[domain] = self._encoded(domain, store.read(chosen), part)
        return Heard(
            embeddings={domain: track_embedding(rows) for domain, rows in segments.items()},
            levels={domain: store.half_levels() for domain, store in self._stores.items()},
            segments=segments,
            starts=chosen * (config.segment_samples // 2) / config.sample_rate,
            pitch_range=pitch_range(self._stores[Domain.VOCALS].read(chosen), config.sample_rate),
            fingerprint=self._fingerprinter.fingerprint() if Domain.MIX in segments else None,
        )

    def _keep(self, domain: Domain, mono: Waveform) -> None:
        self._stores[domain].write(mono)
        if domain is Domain.MIX:
            self._fingerprinter.add(mono)

    def _encoded(self, domain: Domain, segments: Waveform, progress: Progress) -> Embedding:
        leveled = level(segments)
        rows = []
        for start in range(0, len(leveled), BATCH_SIZE):
            progress.report(start / len(leveled), "listening")
            rows.append(self._encoder.encode(domain, leveled[start : start + BATCH_SIZE]))
        return np.concatenate(rows)


def track_embedding(segments: Embedding) -> Embedding:
    """Return the unit-length mean (d,) of a track's segment embeddings (n_segments, d)."""
    total = segments.sum(axis=0, dtype=np.float64)
    return np.asarray(total / max(float(np.linalg.norm(total)), 1e-12), dtype=np.float32)


def choose_segments(vocals_levels: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return indices of at most MAX_SEGMENTS vocal-active segments, evenly spread."""
    active = np.flatnonzero(active_segments(vocals_levels))
    if len(active) <= MAX_SEGMENTS:
        return active
    spread = np.linspace(0, len(active) - 1, MAX_SEGMENTS).round().astype(np.int64)
    return np.asarray(active[spread])
