"""The ranking of matches: the paper's similarity, joined with what makes a mashup work."""

from collections.abc import Callable
from dataclasses import astuple, dataclass, replace

import numpy as np

from vocal_explorer.base.records.mashups import Match, MatchTerms, MatchWeights
from vocal_explorer.base.records.signals import Stem
from vocal_explorer.mashups.music_fit import (
    BEAT_RATIOS,
    KeyFit,
    MusicColumns,
    Parts,
    TempoFit,
    fit_energy,
    fit_keys,
    fit_tempo,
)
from vocal_explorer.ranking.gallery import Gallery
from vocal_explorer.ranking.similarity import Similarities

N_ALIGNED = 60  # the overlap is looked at for so many, the best by everything else
UNKNOWN = 0.4  # what a part counts that is not known: less than a middling one
_HAIR = 1e-6  # equal scores: the more similar one is better

Overlap = Callable[[str], float | None]
"""Returns how well sung stretches fall in the match with a track, None if unknown."""


def rank_matches(
    gallery: Gallery,
    music: MusicColumns,
    query_id: str,
    gives: Stem,
    weights: MatchWeights,
    overlap: Overlap,
    top_n: int,
    all_versions: bool = False,
) -> list[Match]:
    """Rank the other tracks as partners of a query.

    Parameters
    ----------
    gallery
        The tracks, in n rows.
    music
        What is known of their music, (n,).
    query_id, gives
        The query, and whether its vocals or its accompaniment are used.
    weights
        How much each part counts.
    overlap
        Looked at for the best tracks only, because it takes time.
    top_n
        How many at most.
    all_versions
        Whether each version of a song is ranked by itself.

    Raises
    ------
    InstrumentalError
        If the query has no vocals that could be laid over anything.
    """
    similarities = gallery.match_similarities(query_id, gives)
    rows = gallery.rows.row_of
    table = _Table.of(similarities, music, rows[query_id], gives)
    scores = table.scores(weights) + _HAIR * similarities
    looked_at = max(top_n, N_ALIGNED if weights.overlap else 0)
    matches = []
    for found in gallery.ranked(similarities, scores, looked_at, all_versions):
        track_id = found.track.track_id
        parts = table.parts(rows[track_id])
        if weights.overlap:
            parts = replace(parts, overlap=overlap(track_id))
        score = score_of(parts, weights)
        matches.append(Match(**vars(found), score=score, parts=parts))
    matches.sort(key=lambda match: -match.score - _HAIR * match.similarity)
    return [replace(match, rank=rank) for rank, match in enumerate(matches[:top_n], start=1)]


def score_of(parts: MatchTerms, weights: MatchWeights) -> float:
    """Return the weighted mean of the parts; one that is not known counts 0.4."""
    values = (parts.similarity, parts.tempo, parts.key, parts.overlap, parts.energy)
    counted = [UNKNOWN if value is None else value for value in values]
    return float(np.dot(astuple(weights), counted) / max(sum(astuple(weights)), _HAIR))


@dataclass(frozen=True, eq=False)
class _Table:
    """The parts of all tracks (n,), but for the overlap."""

    similarity: Parts
    tempo: TempoFit
    key: KeyFit
    energy: Parts

    @classmethod
    def of(
        cls, similarities: Similarities, music: MusicColumns, query: int, gives: Stem
    ) -> "_Table":
        own = music.row(query)
        vocals, accompaniment = (own, music) if gives is Stem.VOCALS else (music, own)
        return cls(
            _above_middle(similarities),
            fit_tempo(vocals.tempo, accompaniment.tempo),
            fit_keys(vocals, accompaniment),
            fit_energy(own.energy[0], music.energy),
        )

    def scores(self, weights: MatchWeights) -> Parts:
        columns = (
            (self.similarity, weights.similarity),
            (self.tempo.parts, weights.tempo),
            (self.key.parts, weights.key),
            (self.energy, weights.energy),
        )
        return sum(
            (weight * np.nan_to_num(column, nan=UNKNOWN) for column, weight in columns),
            np.zeros(len(self.similarity)),
        )

    def parts(self, row: int) -> MatchTerms:
        stretch, steps = _known(self.tempo.stretches[row]), _known(self.key.semitones[row])
        return MatchTerms(
            similarity=_known(self.similarity[row]),
            tempo=_known(self.tempo.parts[row]),
            key=_known(self.key.parts[row]),
            energy=_known(self.energy[row]),
            beats=None if stretch is None else BEAT_RATIOS[self.tempo.ratios[row]],
            stretch=stretch,
            semitones=None if steps is None else int(steps),
        )


def _above_middle(similarities: Similarities) -> Parts:
    """Return 1 for the most similar track, 0 for the middle one and all below it."""
    there = similarities[np.isfinite(similarities)].astype(np.float64)
    if not len(there):
        return np.zeros(len(similarities))
    middle, most = float(np.median(there)), float(there.max())
    if most == middle:
        return np.ones(len(similarities))
    return np.clip((similarities - middle) / (most - middle), 0, 1)


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
