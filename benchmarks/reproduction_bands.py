"""What tells the singers of synthetic mixes apart: the voice, or the band?

A synthetic artist's band has a style, as real ones have. So the mixes of unseen singers are
identified three times: as they are, the bands alone, and each voice over the band of some other
singer, another one in each song. The true stems are mixed; nothing is separated.
"""

from collections.abc import Sequence

import numpy as np

from vocal_explorer.base.config import MelConfig
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Domain, Embedding, Waveform
from vocal_explorer.datasets.synthetic_dataset import SyntheticPlan
from vocal_explorer.encoders.runtime import PairRuntime
from vocal_explorer.evaluation.embeddings import EmbeddedTracks
from vocal_explorer.evaluation.tables.findings import Finding, Paired, Statement, examine
from vocal_explorer.evaluation.tables.reports import OurRow, ResultTable
from vocal_explorer.evaluation.tables.singer_tables import INTERVALS
from vocal_explorer.evaluation.tasks.singer_identification import Identification, identify
from vocal_explorer.synthesis.songs import SyntheticSong, synthetic_song

BANDS = "bands"
MIXES, ALONE, STRANGERS = "mixes", "bands alone", "strangers' bands"
SCENARIO, TOP_1 = "M->M", "top-1"
STATEMENTS = (
    Statement(
        "The band alone tells MIXED more about who it is than CROSS and CROSS-SP.",
        BANDS,
        TOP_1,
        ((("MIXED", ALONE), ("CROSS", ALONE)), (("MIXED", ALONE), ("CROSS-SP", ALONE))),
    ),
    Statement(
        "Over strangers' bands, CROSS identifies singers better than MIXED.",
        BANDS,
        TOP_1,
        ((("CROSS", STRANGERS), ("MIXED", STRANGERS)),),
    ),
    Statement(
        "Over strangers' bands, CROSS-SP identifies singers better than CROSS.",
        BANDS,
        TOP_1,
        ((("CROSS-SP", STRANGERS), ("CROSS", STRANGERS)),),
    ),
)
"""What explains a lead of MIXED that the paper does not have, if all of it holds."""


def band_table(
    pairs: Sequence[tuple[str, PairRuntime]],
    plan: SyntheticPlan,
    n_singers: int,
    n_model_songs: int,
    seed: int,
    progress: Progress,
) -> tuple[ResultTable, list[Finding]]:
    """Return the top-1 accuracy of f_m of each pair by what is heard, and what follows of it.

    The first `n_singers` of a plan are identified; of each singer's songs `n_model_songs`
    make the model, and the others are the queries. `seed` draws whose band is a stranger's.
    """
    rng = np.random.default_rng(seed)
    names = [name for name, _ in pairs]
    heard: dict[tuple[str, str], list[Embedding]] = {
        (name, kind): [] for name in names for kind in (MIXES, ALONE, STRANGERS)
    }
    singers: list[str] = []
    numbers = range(plan.first_singer, plan.first_singer + n_singers)
    for song in range(plan.n_songs):
        progress.report(song / plan.n_songs, f"song {song + 1} of {plan.n_songs} by each singer")
        rate = pairs[0][1].config.sample_rate
        songs = [_rendered(singer, song, plan, rate) for singer in numbers]
        singers += [rendered.singer for rendered in songs]
        for kind, waveforms in _variants(songs, rng).items():
            segments = np.concatenate([_segments(w, pairs[0][1].config) for w in waveforms])
            for name, pair in pairs:
                vectors = pair.encode(Domain.MIX, segments)
                means = vectors.reshape(len(waveforms), -1, vectors.shape[-1]).mean(axis=1)
                heard[name, kind].append(means)
    n_known = n_model_songs * n_singers
    found = {
        labels: _identified(np.concatenate(rows), singers, n_known)
        for labels, rows in heard.items()
    }
    ours = tuple(OurRow(labels, (one.accuracy(SCENARIO, 1),)) for labels, one in found.items())
    notes = (
        f"{n_singers} of the unseen singers, {n_model_songs} model and"
        f" {plan.n_songs - n_model_songs} query songs each, f_m. Chance: {1 / n_singers:.4f}.",
        INTERVALS,
    )
    table = ResultTable(BANDS, ("Model", "Heard"), (TOP_1,), (), ours, notes)
    ranks = {labels: one.ranks[SCENARIO] <= 1 for labels, one in found.items()}
    return table, examine(table, Paired(ranks, singers[n_known:]), STATEMENTS)


def _identified(vectors: Embedding, singers: Sequence[str], n_known: int) -> Identification:
    """Compare rows (n, d) with singer models of the first of them."""
    parts = (slice(0, n_known), slice(n_known, None))
    known, queries = (EmbeddedTracks(vectors[p], vectors[p], tuple(singers[p])) for p in parts)
    return identify(known, queries)


def _rendered(singer: int, song: int, plan: SyntheticPlan, sample_rate: int) -> SyntheticSong:
    return synthetic_song(
        singer, song, seconds=plan.seconds, sample_rate=sample_rate, seed=plan.seed
    )


def _variants(
    songs: Sequence[SyntheticSong], rng: np.random.Generator
) -> dict[str, list[Waveform]]:
    """Return all songs in all variants, mono, (n_samples,) each."""
    voices = [song.vocals.mean(axis=0) for song in songs]
    bands = [song.accompaniment.mean(axis=0) for song in songs]
    strangers = np.roll(np.arange(len(songs)), rng.integers(1, len(songs)))
    own = [np.sqrt(np.mean(np.square(band))) for band in bands]
    return {
        MIXES: [voice + band for voice, band in zip(voices, bands, strict=True)],
        ALONE: bands,
        STRANGERS: [
            voice + bands[other] * (own[n] / own[other])
            for n, (voice, other) in enumerate(zip(voices, strangers, strict=True))
        ],
    }


def _segments(waveform: Waveform, config: MelConfig) -> Waveform:
    """Return consecutive segments, (n_segments, n_samples)."""
    length = config.segment_samples
    n_segments = len(waveform) // length
    return waveform[: n_segments * length].reshape(n_segments, length)
