"""What rankings of a library compute once, and keep up while it changes."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from vocal_explorer.base.caching import LruCache
from vocal_explorer.base.records.ranking import Blend, Comparison, Space
from vocal_explorer.ranking.clusters import find_clusters
from vocal_explorer.ranking.hubness import reference_rows
from vocal_explorer.ranking.spaces import Rows, SpaceRows, by_vocals
from vocal_explorer.ranking.upkeep.indexed_rows import IndexedRows, changed_singers
from vocal_explorer.ranking.upkeep.kept_up import KeptUp
from vocal_explorer.ranking.upkeep.neighbour_means import Neighbours
from vocal_explorer.ranking.upkeep.singer_scores import SingerMeans, SumLengths


class Memory:
    """Shared by the galleries of one library, one after the other; safe in any thread.

    Attributes
    ----------
    lengths
        Of the sums of the tracks of singers.
    clusters
        The cluster of each track that is in one.
    """

    def __init__(self) -> None:
        self.lengths = KeptUp(_lengths, _updated_lengths)
        self.clusters = KeptUp(_clusters, _same_clusters)
        self._sums = KeptUp(lambda rows: _space(rows, Space.SUM), lambda *_: None)
        self._neighbours: LruCache[KeptUp[Neighbours]] = LruCache(1)
        self._singer_means: LruCache[KeptUp[SingerMeans]] = LruCache(1)

    def space(self, indexed: IndexedRows, by: Comparison) -> SpaceRows:
        """Return the rows in a space."""
        return self._sums.of(indexed) if by is Space.SUM else _space(indexed, by)

    def references(self, indexed: IndexedRows, by: Comparison) -> Rows:
        """Return the rows among which neighbours are sought, where hubs are corrected."""
        columns = indexed.columns
        return reference_rows(columns.marks, ~columns.left_out(by_vocals(by)))

    def neighbours(self, indexed: IndexedRows, by: Comparison) -> Neighbours:
        """Return the similarities of all rows to their nearest references."""

        def make(rows: IndexedRows) -> Neighbours:
            n = len(rows.rows.tracks)
            return Neighbours.of(self.space(rows, by), n, self.references(rows, by))

        def update(kept: Neighbours, _: IndexedRows, rows: IndexedRows) -> Neighbours | None:
            n = len(rows.rows.tracks)
            return kept.grown(self.space(rows, by), n, self.references(rows, by))

        return self._neighbours.get(by, lambda: KeptUp(make, update)).of(indexed)

    def singer_means(self, indexed: IndexedRows, by: Comparison) -> SingerMeans:
        """Return the mean similarity of each singer model to its nearest references."""

        def make(rows: IndexedRows) -> SingerMeans:
            sung = rows.sung.of_rows(rows.counted_by(by_vocals(by)))
            return SingerMeans.of(self.space(rows, by), sung, self.references(rows, by))

        def update(kept: SingerMeans, before: IndexedRows, now: IndexedRows) -> SingerMeans | None:
            if not np.array_equal(kept.references, self.references(now, by)):
                return None
            singers = changed_singers(before, now)
            return kept.updated(make(replace(now, sung=now.sung.by(singers))), singers)

        return self._singer_means.get(by, lambda: KeptUp(make, update)).of(indexed)


def _space(indexed: IndexedRows, by: Comparison) -> SpaceRows:
    rows, columns = indexed.rows, indexed.columns
    return SpaceRows(rows.vocals, rows.mix, (columns.blank_vocals, columns.blank_mix), by)


def _lengths(indexed: IndexedRows) -> SumLengths:
    rows, sung = indexed.rows, indexed.sung
    voiced = sung.of_rows(indexed.counted_voiced)
    return SumLengths.of(rows.vocals, rows.mix, sung.of_rows(indexed.counted), voiced)


def _updated_lengths(kept: SumLengths, before: IndexedRows, now: IndexedRows) -> SumLengths:
    singers = changed_singers(before, now)
    return kept.updated(_lengths(replace(now, sung=now.sung.by(singers))), singers)


def _clusters(indexed: IndexedRows) -> Mapping[str, int]:
    left_out, tracks = indexed.columns.left_out(True), indexed.rows.tracks
    by_id = {t.track_id: row for row, t in enumerate(tracks) if t and not left_out[row]}
    ids = sorted(by_id)  # whatever their rows are, the same tracks give the same clusters
    vectors = _space(indexed, Blend()).vectors(np.array([by_id[i] for i in ids], np.int64))
    labels = find_clusters(vectors).tolist()
    return {i: label for i, label in zip(ids, labels, strict=True) if label >= 0}


def _same_clusters(
    kept: Mapping[str, int], before: IndexedRows, now: IndexedRows
) -> Mapping[str, int] | None:
    """Tracks keep their clusters until others come or go."""
    same = np.array_equal(before.columns.left_out(True), now.columns.left_out(True))
    return kept if same else None
