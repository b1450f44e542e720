"""The tracks of a dataset as an encoder pair hears them, kept for all tasks that need them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from vocal_explorer.analysis.boundary import attempt
from vocal_explorer.analysis.pipeline import Embedder
from vocal_explorer.analysis.track_listener import track_embedding
from vocal_explorer.base.errors import AudioFileError, StorageError, VocalExplorerError
from vocal_explorer.base.files import replacing
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Domain, Embedding
from vocal_explorer.base.records.tracks import Failure
from vocal_explorer.datasets.labelled import LabelledTrack
from vocal_explorer.datasets.signals import SignalSource

Segments = Mapping[Domain, Embedding]
"""Unit-length segment embeddings of one track by domain, each (n_segments, d)."""


@dataclass(frozen=True)
class EmbeddedTracks:
    """Track embeddings by f_v and f_m, (n, d), and the singer of each track."""

    vocals: Embedding
    mix: Embedding
    singers: tuple[str, ...]


@dataclass(frozen=True)
class EmbeddedDataset:
    """Tracks with their segment embeddings, and those that failed."""

    tracks: tuple[LabelledTrack, ...]
    segments: tuple[Segments, ...]
    failures: tuple[Failure, ...] = ()

    def track_level(self) -> EmbeddedTracks:
        """Return the embeddings that the app has of these tracks."""
        return EmbeddedTracks(
            self._means(Domain.VOCALS),
            self._means(Domain.MIX),
            tuple(track.singer for track in self.tracks),
        )

    def part(self, tracks: Sequence[LabelledTrack]) -> "EmbeddedDataset":
        """Return those of `tracks` that are in it, in their order."""
        rows = {track.name: row for row, track in enumerate(self.tracks)}
        chosen = [rows[track.name] for track in tracks if track.name in rows]
        return EmbeddedDataset(
            tuple(self.tracks[row] for row in chosen),
            tuple(self.segments[row] for row in chosen),
            self.failures,
        )

    def _means(self, domain: Domain) -> Embedding:
        if not self.segments:
            return np.empty((0, 1), np.float32)
        return np.stack([track_embedding(segments[domain]) for segments in self.segments])


class DatasetEmbedder:
    """Embeds labelled tracks with one pair, each only once.

    Parameters
    ----------
    embedder
        The pair; what is kept of another one is not used.
    source
        Gives the signals.
    cache
        Folder of what is kept; a file of it belongs to a model, a source and to files of
        one size and time of change.
    """

    def __init__(self, embedder: Embedder, source: SignalSource, cache: Path) -> None:
        self._embedder = embedder
        self._source = source
        self._cache = cache

    def embed(self, tracks: Sequence[LabelledTrack], progress: Progress) -> EmbeddedDataset:
        """Return the segment embeddings of `tracks`; those that fail are left out and named.

        Raises
        ------
        VocalExplorerError
            If no track can be embedded, or the results cannot be kept.
        """
        done: list[LabelledTrack] = []
        segments: list[Segments] = []
        failures: list[Failure] = []
        for number, track in enumerate(tracks):
            part = progress.part(number / len(tracks), (number + 1) / len(tracks))
            part.report(0.0, track.name)
            made = attempt(track.path, partial(self._segments, track, part))
            if isinstance(made, Failure):
                failures.append(made)
            else:
                segments.append(made)
                done.append(track)
        if tracks and not done:
            raise VocalExplorerError(f"No track could be embedded: {failures[0].sentence}")
        return EmbeddedDataset(tuple(done), tuple(segments), tuple(failures))

    def _segments(self, track: LabelledTrack, progress: Progress) -> Segments:
        place = self._place(track)
        kept = _load(place)
        if kept is not None:
            return kept
        signals = self._source.load(track, progress.part(0.0, 0.6))
        with self._embedder.listen(signals.sample_rate) as listener:
            listener.hear(Domain.VOCALS, signals.vocals)
            listener.hear(Domain.MIX, signals.mix)
            segments = listener.embed(progress.part(0.6, 1.0)).segments
        if not all(np.isfinite(rows).all() for rows in segments.values()):
            raise AudioFileError(track.path, "its sound cannot be described in numbers")
        _save(place, segments)
        return segments

    def _place(self, track: LabelledTrack) -> Path:
        """Return where the embeddings of a track are kept as long as its files do not change."""
        files = [_stamp(path) for path in (track.mix, track.vocals, track.accompaniment)]
        facts = [self._embedder.model_id, self._source.key, files, track.start, track.seconds]
        digest = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:32]
        return self._cache / digest[:2] / f"{digest}.safetensors"


def _stamp(path: Path | None) -> tuple[str, int, int] | None:
    if path is None:
        return None
    try:
        status = path.stat()
    except OSError as error:
        raise AudioFileError(path, f"it cannot be opened ({error.strerror})") from error
    return ascii(str(path.absolute())), status.st_size, status.st_mtime_ns


def _load(place: Path) -> Segments | None:
    """Return kept embeddings; None where there are none, or they are damaged."""
    try:
        arrays = load_file(place)
        return {domain: arrays[domain] for domain in Domain}
    except (OSError, KeyError, SafetensorError):
        return None


def _save(place: Path, segments: Segments) -> None:
    arrays = {str(domain): np.ascontiguousarray(rows) for domain, rows in segments.items()}
    try:
        with replacing(place) as temporary:
            save_file(arrays, temporary)
    except (OSError, SafetensorError) as error:  # a full disk is either
        reason = error.strerror if isinstance(error, OSError) else error
        raise StorageError(f"Embeddings cannot be kept in {place.parent}: {reason}.") from error
