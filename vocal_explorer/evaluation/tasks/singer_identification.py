"""Task 1: who of many singers sings a song? (paper, section 4.2)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.names import label_key
from vocal_explorer.base.records.ranking import Space
from vocal_explorer.base.records.signals import Embedding
from vocal_explorer.evaluation.embeddings import EmbeddedTracks
from vocal_explorer.evaluation.statistics.bootstrap import Estimate, bootstrap_mean
from vocal_explorer.ranking.similarity import best, cosine, space_vectors
from vocal_explorer.ranking.singers import SingerModels, singer_models

N_SINGERS, N_MODEL_SONGS, N_QUERY_SONGS = 300, 15, 5  # the paper's
TOP = (1, 5)
SCENARIOS: dict[str, tuple[Space, Space]] = {
    "M->M": (Space.M, Space.M),
    "V->V": (Space.V, Space.V),
    "M->V": (Space.M, Space.V),
    "V->M": (Space.V, Space.M),
    "[M+V]": (Space.SUM, Space.SUM),
    "[M,V]": (Space.JOINT, Space.JOINT),
}
"""Name: space of the singer models, space of the queries (figure 3)."""

Ranks = NDArray[np.int_]
"""Place of the right singer in each query's ranking, from 1, shape (n_queries,)."""


@dataclass(frozen=True)
class Identification:
    """How one pair ranked `n_candidates` singers for each query, by scenario.

    `singers` are the right answers.
    """

    ranks: Mapping[str, Ranks]
    singers: tuple[str, ...]
    n_candidates: int

    def accuracy(self, scenario: str, top: int) -> Estimate:
        """Return how often the right singer is among the `top` first.

        The interval is from a bootstrap over singers.
        """
        return bootstrap_mean(self.ranks[scenario] <= top, groups=self.singers)


def identify(known: EmbeddedTracks, queries: EmbeddedTracks) -> Identification:
    """Compare each query with the models of all singers in `known`.

    Parameters
    ----------
    known
        The songs of which singer models are made: the mean of a singer's tracks.
    queries
        Other songs; those of singers that `known` lacks are left out.
    """
    there = {label_key(singer) for singer in known.singers}
    rows = [row for row, singer in enumerate(queries.singers) if label_key(singer) in there]
    singers = tuple(queries.singers[row] for row in rows)
    ranks = {}
    for scenario, (model_space, query_space) in SCENARIOS.items():
        models = singer_models(space_vectors(known.vocals, known.mix, model_space), known.singers)
        vectors = space_vectors(queries.vocals, queries.mix, query_space)[rows]
        ranks[scenario] = np.array(
            [rank_of(singer, models, query) for singer, query in zip(singers, vectors, strict=True)]
        )
    return Identification(ranks, singers, len(there))


def rank_of(singer: str, models: SingerModels, query: Embedding) -> int:
    """Return the place of `singer` in the ranking of all models for a query (d,), from 1."""
    order = best(cosine(query, models.vectors), len(models.singers))
    keys = [label_key(models.singers[index]) for index in order]
    return keys.index(label_key(singer)) + 1
