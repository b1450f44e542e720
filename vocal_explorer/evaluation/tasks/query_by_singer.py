"""Task 2: find the other songs of a song's singer (paper, section 4.3)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.names import label_key
from vocal_explorer.base.records.ranking import Space
from vocal_explorer.evaluation.embeddings import EmbeddedTracks
from vocal_explorer.evaluation.statistics.bootstrap import Estimate, bootstrap_mean
from vocal_explorer.evaluation.tables.paper_tables import RETRIEVAL_COLUMNS
from vocal_explorer.ranking.similarity import best, cosine, space_vectors

N_GALLERY_SONGS, N_QUERY_SONGS = 6, 4  # of each singer, the paper's
SPACES = {"M": Space.M, "V": Space.V, "[M+V]": Space.SUM, "[M,V]": Space.JOINT}
CUTOFFS = (5, 10)


@dataclass(frozen=True)
class Retrieval:
    """What one pair found, by space.

    `values` are the RETRIEVAL_COLUMNS of each query, (n_queries, 5); `singers` say whose
    each query is.
    """

    values: Mapping[str, NDArray[np.float64]]
    singers: tuple[str, ...]

    def estimates(self, space: str) -> tuple[Estimate, ...]:
        """Return the mean of each column; the intervals are from a bootstrap over singers."""
        columns = self.values[space].T
        return tuple(bootstrap_mean(column, groups=self.singers) for column in columns)


def retrieve(gallery: EmbeddedTracks, queries: EmbeddedTracks) -> Retrieval:
    """Rank the whole gallery for each query by cosine similarity, in each space.

    Queries of singers without a song in the gallery are left out: nothing can be found.
    """
    owners = np.array([label_key(singer) for singer in gallery.singers])
    rows = [row for row, singer in enumerate(queries.singers) if label_key(singer) in owners]
    singers = tuple(queries.singers[row] for row in rows)
    values = {}
    for name, space in SPACES.items():
        songs = space_vectors(gallery.vocals, gallery.mix, space)
        vectors = space_vectors(queries.vocals, queries.mix, space)[rows]
        found = [owners[best(cosine(vector, songs), len(songs))] for vector in vectors]
        values[name] = np.array(
            [retrieval_scores(ranked == label_key(singer))
             for ranked, singer in zip(found, singers, strict=True)]
        )  # fmt: skip
    return Retrieval(values, singers)


def retrieval_scores(relevant: NDArray[np.bool_]) -> tuple[float, ...]:
    """Return R@5, R@10, Pr@5, Pr@10 and average precision of one ranking.

    Parameters
    ----------
    relevant
        Whether the song at each rank is one that was looked for, best rank first; at
        least one is.
    """
    hits = relevant.cumsum()
    at = [int(hits[min(cutoff, len(hits)) - 1]) for cutoff in CUTOFFS]
    recalls = [found / int(hits[-1]) for found in at]
    precisions = [found / cutoff for found, cutoff in zip(at, CUTOFFS, strict=True)]
    ranks = np.flatnonzero(relevant) + 1
    average_precision = float(np.mean(np.arange(1, len(ranks) + 1) / ranks))
    scores = (*recalls, *precisions, average_precision)
    assert len(scores) == len(RETRIEVAL_COLUMNS)
    return scores
