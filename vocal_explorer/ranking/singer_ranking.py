"""The ranking of singers by their models."""

from pathlib import Path

import numpy as np

from vocal_explorer.base.records.ranking import Blend, Comparison, RankedSinger
from vocal_explorer.ranking.hubness import csls
from vocal_explorer.ranking.similarity import Similarities, not_worse
from vocal_explorer.ranking.spaces import by_vocals
from vocal_explorer.ranking.upkeep.indexed_rows import IndexedRows
from vocal_explorer.ranking.upkeep.memory import Memory
from vocal_explorer.ranking.upkeep.singer_index import Sung
from vocal_explorer.ranking.upkeep.singer_scores import SingerMeans, model_similarities


def rank_singers(
    indexed: IndexedRows,
    memory: Memory,
    query: list[int],
    similarities: Similarities,
    by: Comparison,
    top_n: int,
) -> list[RankedSinger]:
    """Rank singers; the recordings of the query count in no model.

    Parameters
    ----------
    indexed, memory
        The tracks, and what is known of them.
    query
        The rows that are searched with.
    similarities
        Of their mean to each row, (n,).
    by
        In which space.
    top_n
        How many singers at most.
    """
    groups, columns = indexed.versions.recordings, indexed.columns
    own = np.isin(groups, groups[query])
    usual = indexed.sung.of_rows(indexed.counted_by(by_vocals(by)))
    sung, space = usual.of_rows(~own), memory.space(indexed, by)
    changed = np.zeros(usual.n_singers, np.bool_)
    changed[usual.of_rows(own | columns.blank_vocals | columns.blank_mix).singers] = True
    lengths = memory.lengths.of(indexed).squared(by)
    found = model_similarities(similarities, space, lengths, sung, changed)
    scores = found
    if isinstance(by, Blend) and by.hub_corrected:
        means = memory.singer_means(indexed, by)
        here = SingerMeans.of(space, sung.only(changed[sung.singers]), means.references)
        scores = csls(found, 0.0, np.where(changed, here.means, means.means).astype(np.float32))
    return _ranked(indexed, sung, found, scores, top_n)


def _ranked(
    indexed: IndexedRows, sung: Sung, similarities: Similarities, scores: Similarities, top_n: int
) -> list[RankedSinger]:
    """Name singers as their first track in path order does, and of equal ones rank its first."""
    candidates = not_worse(scores, top_n)
    few = sung.by(candidates)
    firsts = {int(number): _first(indexed, few.by(number)) for number in candidates}
    order = sorted(firsts, key=lambda number: (-scores[number], *firsts[number][:2]))
    return [
        RankedSinger(
            rank,
            firsts[number][2],
            float(similarities[number]),
            int(np.count_nonzero(few.singers == number)),
        )
        for rank, number in enumerate(order[: max(0, top_n)], start=1)
    ]


def _first(indexed: IndexedRows, pairs: Sung) -> tuple[Path, int, str]:
    """Return the path of a singer's first track, the place in its list, and the name there."""
    found = []
    for row, place in zip(pairs.rows.tolist(), pairs.places.tolist(), strict=True):
        track = indexed.rows.tracks[row]
        if track is not None:
            found.append((track.path, place, (track.singers or (track.singer,))[place]))
    return min(found)
