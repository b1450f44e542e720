"""Who sings? Leave one track out and rank the singers (after the paper, section 4.2).

The complete protocol of the paper needs 300 singers with 20 songs; here each source
of a manifest is a closed set of its own, and every track is once the query.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vocal_explorer.audio.io import read_audio
from vocal_explorer.config import STEM_SAMPLE_RATE
from vocal_explorer.datasets.manifest import Recording, load_manifest, split_by_singer
from vocal_explorer.encoders.embedder import TrackEmbedder
from vocal_explorer.errors import VocalExplorerError
from vocal_explorer.index.similarity import best, cosine, space_vectors
from vocal_explorer.index.singers import singer_models
from vocal_explorer.progress import Progress
from vocal_explorer.records import Domain, Embedding, Space, Waveform

EXCERPT_SECONDS = 60
SCENARIOS: dict[str, tuple[Space, Space]] = {
    "M->M": (Space.M, Space.M),
    "V->V": (Space.V, Space.V),
    "M->V": (Space.M, Space.V),
    "V->M": (Space.V, Space.M),
    "[M+V]": (Space.SUM, Space.SUM),
    "[M,V]": (Space.JOINT, Space.JOINT),
}
"""Name: space of the singer models, space of the queries."""


@dataclass(frozen=True)
class EmbeddedTracks:
    """Embeddings (n, d) of the tracks of one source, and their singers."""

    vocals: Embedding
    mix: Embedding
    singers: tuple[str, ...]


def top_1(tracks: EmbeddedTracks, models: Space, queries: Space) -> float:
    """Return how often the nearest singer model is the query's singer.

    Every track of a singer with two or more is once the query, and left out of its
    singer's model.
    """
    gallery = space_vectors(tracks.vocals, tracks.mix, models)
    vectors = space_vectors(tracks.vocals, tracks.mix, queries)
    hits = []
    for index, singer in enumerate(tracks.singers):
        if tracks.singers.count(singer) < 2:
            continue
        ranked = singer_models(gallery, tracks.singers, leave_out=index)
        nearest = best(cosine(vectors[index], ranked.vectors), 1)[0]
        hits.append(ranked.singers[nearest] == singer)
    return float(np.mean(hits))


def evaluate_singer_identification(
    embedder: TrackEmbedder, data: Path, *, seed: int = 0, progress: Progress
) -> dict[str, dict[str, float]]:
    """Return top-1 by source and scenario; the last row is the mean over sources.

    The vocals of validation singers are mixed at 0 dB with accompaniments, their own
    where there are any. Each source's "chance" is one over its number of singers.

    Raises
    ------
    VocalExplorerError
        If no source has two validation singers with two tracks each.
    """
    recordings = load_manifest(data)
    _, validation = split_by_singer(recordings)
    music = [r for r in recordings if r.domain == "accompaniment"]
    sources = _sources([r for r in validation if r.domain == "vocals"])
    table: dict[str, dict[str, float]] = {}
    for number, (source, voices) in enumerate(sources.items()):
        part = progress.part(number / len(sources), (number + 1) / len(sources))
        tracks = _embed(embedder, voices, music, seed, part)
        scores = {name: top_1(tracks, *spaces) for name, spaces in SCENARIOS.items()}
        table[source] = scores | {"chance": 1 / len(set(tracks.singers))}
    if not table:
        raise VocalExplorerError(f"{data} has no source with two validation singers.")
    columns = next(iter(table.values()))
    table["mean"] = {c: float(np.mean([row[c] for row in table.values()])) for c in columns}
    return table


def _sources(voices: Sequence[Recording]) -> dict[str, list[Recording]]:
    """Return recordings by source: those where two singers or more have two tracks."""
    groups: dict[str, list[Recording]] = defaultdict(list)
    for voice in voices:
        groups[voice.source].append(voice)
    singers = {source: [v.singer for v in group] for source, group in groups.items()}
    return {
        source: group
        for source, group in groups.items()
        if sum(singers[source].count(singer) >= 2 for singer in set(singers[source])) >= 2
    }


def _embed(
    embedder: TrackEmbedder,
    voices: Sequence[Recording],
    music: Sequence[Recording],
    seed: int,
    progress: Progress,
) -> EmbeddedTracks:
    own = {r.song: r for r in music}
    rng = np.random.default_rng(seed)
    rows: dict[Domain, list[Embedding]] = {domain: [] for domain in Domain}
    for number, voice in enumerate(voices):
        progress.report(number / len(voices), voice.path.name)
        other = own.get(voice.song) or music[int(rng.integers(len(music)))]
        vocals, mix = _at_0_db(_excerpt(voice), _excerpt(other))
        embedded = embedder.embed(mix, vocals, STEM_SAMPLE_RATE, Progress())
        for domain, vector in embedded.items():
            rows[domain].append(vector)
    return EmbeddedTracks(
        np.stack(rows[Domain.VOCALS]),
        np.stack(rows[Domain.MIX]),
        tuple(voice.singer for voice in voices),
    )


def _excerpt(recording: Recording) -> Waveform:
    waveform = read_audio(recording.path, STEM_SAMPLE_RATE, 1)[0]
    return waveform[:, : EXCERPT_SECONDS * STEM_SAMPLE_RATE]


def _at_0_db(vocals: Waveform, music: Waveform) -> tuple[Waveform, Waveform]:
    repeats = -(-vocals.shape[1] // music.shape[1])
    music = np.tile(music, repeats)[:, : vocals.shape[1]]
    gain = np.sqrt(np.mean(vocals**2) / max(float(np.mean(music**2)), 1e-12))
    return vocals, np.asarray(vocals + gain * music, dtype=np.float32)
