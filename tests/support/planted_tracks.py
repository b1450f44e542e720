"""Tracks whose segment embeddings are made up, so that it is known what can be learned."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.base.records.tracks import Failure
from vocal_explorer.base.vectors import unit_rows
from vocal_explorer.datasets.labelled import LabelledTrack, TaggedSegment
from vocal_explorer.evaluation.embeddings import EmbeddedDataset, Segments

N_SEGMENTS = 4
N_DIMENSIONS = 24
NOISE = 0.3


@dataclass
class PlantedEmbedder:
    """Hears what `meaning` says of a track, with noise; `deaf` names tracks that fail."""

    meaning: Callable[[LabelledTrack], np.ndarray]
    deaf: frozenset[str] = frozenset()

    def embed(self, tracks: Sequence[LabelledTrack], progress: Progress) -> EmbeddedDataset:
        progress.report(0.0, "planting")
        heard = [track for track in tracks if track.name not in self.deaf]
        failures = [
            Failure(track.path, f"{track.name} is silent.")
            for track in tracks
            if track not in heard
        ]
        rng = np.random.default_rng(0)
        return EmbeddedDataset(
            tuple(heard), tuple(self._segments(track, rng) for track in heard), tuple(failures)
        )

    def _segments(self, track: LabelledTrack, rng: np.random.Generator) -> Segments:
        return {
            domain: unit_rows(
                self.meaning(track) + rng.normal(0, NOISE, (N_SEGMENTS, N_DIMENSIONS))
            )
            for domain in Domain
        }


def track(name: str, singer: str, album: str = "") -> LabelledTrack:
    return LabelledTrack(name, singer, Path(f"{name}.wav"), group=album)


def tagged(
    n_singers: int, n_excerpts: int, vocabulary: Sequence[str], seed: int = 0
) -> list[TaggedSegment]:
    """Excerpts whose tags are their singer's."""
    holds = np.random.default_rng(seed).uniform(size=(n_singers, len(vocabulary))) < 0.5
    return [
        TaggedSegment(
            track(f"song of {singer}", f"singer {singer}"),
            10.0 * number,
            10.0,
            tuple(tag for tag, own in zip(vocabulary, holds[singer], strict=True) if own),
        )
        for singer in range(n_singers)
        for number in range(n_excerpts)
    ]


def songs(n_artists: int, n_albums: int, n_songs: int) -> list[LabelledTrack]:
    return [
        track(f"{artist}/{album}/{song}", f"artist {artist}", f"album {album}")
        for artist in range(n_artists)
        for album in range(n_albums)
        for song in range(n_songs)
    ]
