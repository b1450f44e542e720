"""All comparable tracks of a library at one moment, and the rankings of them.

Instrumental tracks are compared by their mix only: what a separator leaves of them as
"vocals" would be noise in every space that has vocals in it. They are accompaniments.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from vocal_explorer.base.errors import InstrumentalError
from vocal_explorer.base.records.ranking import (
    Blend,
    Comparison,
    Hubness,
    Query,
    RankedSinger,
    RankedTrack,
)
from vocal_explorer.base.records.signals import Domain, Embedding, Stem
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.base.vectors import unit_rows
from vocal_explorer.library.rows import TrackRows
from vocal_explorer.ranking.hubness import csls, hubness
from vocal_explorer.ranking.similarity import Similarities, cosine, not_worse
from vocal_explorer.ranking.singer_ranking import rank_singers
from vocal_explorer.ranking.spaces import Rows, by_vocals
from vocal_explorer.ranking.upkeep.indexed_rows import IndexedRows, RowIndex
from vocal_explorer.ranking.upkeep.memory import Memory
from vocal_explorer.ranking.upkeep.version_index import Links
from vocal_explorer.ranking.versions import first_of_each

NO_MATCH = "there are no vocals to lay over another song"
NO_COMPARISON = "only its mix can be compared with others (space M)"
WIDER = 4  # times as many candidates, where the best ones are versions of few songs


class Gallery:
    """Tracks with their embeddings; all rankings are of one query against all the others.

    Parameters
    ----------
    indexed
        What is known of each row; a row without a track is in no ranking.
    memory
        What was computed for earlier galleries of the same library.
    """

    def __init__(self, indexed: IndexedRows, memory: Memory | None = None) -> None:
        self.indexed = indexed
        self.rows = indexed.rows
        self._columns, self._versions = indexed.columns, indexed.versions
        self._memory = memory or Memory()

    @classmethod
    def of(
        cls, tracks: Sequence[Track], vocals: Embedding, mix: Embedding, links: Links | None = None
    ) -> "Gallery":
        """Make a gallery of n tracks with embeddings, (n, d), by f_v and f_m; see TrackRows."""
        return cls(RowIndex().updated(TrackRows.of(tracks, vocals, mix), links or {}))

    def __contains__(self, track_id: str) -> bool:
        return track_id in self.rows.row_of

    def on_map(self, domain: Domain) -> tuple[list[str], Embedding]:
        """Return ids and unit vectors (n, d) of the tracks that one domain can place.

        They are in path order.
        """
        there = ~self._columns.left_out(domain is Domain.VOCALS)
        rows = self._in_path_order(np.flatnonzero(there).tolist())
        return [self._track(row).track_id for row in rows], self._domain(domain)[rows]

    def similarity(self, first_id: str, second_id: str, domain: Domain) -> float:
        """Return the cosine between two tracks in one domain."""
        rows = [self.rows.row_of[track_id] for track_id in (first_id, second_id)]
        first, second = self._domain(domain)[rows]
        return float(first @ second)

    def similar(
        self, query: Query, by: Comparison, top_n: int, all_versions: bool = False
    ) -> list[RankedTrack]:
        """Rank the other tracks by their similarity to a track, or to the mean of a set.

        Of each song only the most similar version is there, and none of the query's own
        songs, unless `all_versions`.

        Raises
        ------
        InstrumentalError
            If the query has no voice, and `by` compares voices.
        """
        rows, similarities = self._compared(query, by)
        scores = similarities.copy()
        if hub_corrected(by):
            scores = csls(similarities, 0.0, self._memory.neighbours(self.indexed, by).means)
        scores[self._columns.left_out(by_vocals(by))] = -np.inf
        scores[rows] = -np.inf
        if not all_versions:
            songs = self._versions.songs
            scores[np.isin(songs, songs[rows])] = -np.inf
        return self.ranked(similarities, scores, top_n, all_versions)

    def singers(self, query: Query, by: Comparison, top_n: int) -> list[RankedSinger]:
        """Rank singers by their models, in which each recording counts once, the query's never.

        A track of several singers counts for each. Raises as `similar` does.
        """
        rows, similarities = self._compared(query, by)
        return rank_singers(self.indexed, self._memory, rows, similarities, by, top_n)

    def hub_effect(self, blend: Blend) -> tuple[Hubness, Hubness]:
        """Return how unequally tracks are found without and with the correction.

        Among the same tracks that the correction looks at: all, or a sample of many.
        """
        references = self._memory.references(self.indexed, blend)
        vectors = self._memory.space(self.indexed, blend).vectors(references)
        return hubness(vectors, corrected=False), hubness(vectors, corrected=True)

    def clusters(self) -> Mapping[str, int]:
        """Return the cluster of each track in the joint space, 0 being the biggest.

        Left out: instrumentals, and tracks in no cluster.
        """
        return self._memory.clusters.of(self.indexed)

    def match_similarities(self, track_id: str, gives: Stem = Stem.VOCALS) -> Similarities:
        """Return how f_v of one side fits f_m of the other, for each row, (n,).

        Parameters
        ----------
        track_id
            The query.
        gives
            VOCALS: its vocals are to be laid over the others' accompaniments;
            ACCOMPANIMENT: the others' vocals over its accompaniment.

        Returns
        -------
        -inf for what is left out: missing files, versions of the query's song, and
        instrumentals where vocals are sought.

        Raises
        ------
        InstrumentalError
            If the query has no vocals that could be laid over anything.
        """
        row = self.rows.row_of[track_id]
        vocals, mix = self.rows.vocals, self.rows.mix
        if gives is Stem.VOCALS:
            require_vocals(self._track(row))
            similarities = cosine(vocals[row], mix)
        else:
            similarities = cosine(mix[row], vocals)
        out = self._columns.left_out(gives is not Stem.VOCALS) | self._columns.missing
        similarities[out | (self._versions.songs == self._versions.songs[row])] = -np.inf
        return similarities

    def ranked(
        self, similarities: Similarities, scores: Similarities, top_n: int, all_versions: bool
    ) -> list[RankedTrack]:
        """Rank by `scores`, of which -inf leaves a row out, and tell the similarities.

        Of each song there is only the best version, unless `all_versions`; of equal ones the
        first in path order is the best.
        """
        return [
            RankedTrack(
                rank,
                self._track(row),
                float(similarities[row]),
                () if all_versions else self._others(row, scores),
            )
            for rank, row in enumerate(self._best(scores, top_n, all_versions), start=1)
        ]

    def _best(self, scores: Similarities, top_n: int, all_versions: bool) -> list[int]:
        wanted, n = max(0, top_n), len(scores)
        if all_versions:
            return self._best_first(scores, not_worse(scores, wanted))[:wanted]
        while True:
            order = np.array(self._best_first(scores, not_worse(scores, wanted)), np.int64)
            songs: list[int] = first_of_each(self._versions.songs, order).tolist()
            if len(songs) >= top_n or wanted >= n:
                return songs[: max(0, top_n)]
            wanted *= WIDER

    def _best_first(self, scores: Similarities, rows: Rows) -> list[int]:
        of_row = dict(zip(rows.tolist(), scores[rows].tolist(), strict=True))
        return sorted(self._in_path_order(of_row), key=lambda row: -of_row[row])

    def _others(self, row: int, scores: Similarities) -> tuple[Track, ...]:
        """Return the other tracks of a song that could have been ranked."""
        song = self._versions.songs == self._versions.songs[row]
        others = self._in_path_order(np.flatnonzero(song & np.isfinite(scores)).tolist())
        return tuple(self._track(other) for other in others if other != row)

    def _compared(self, query: Query, by: Comparison) -> tuple[list[int], Similarities]:
        """Return the rows to search with, and the similarity of their mean to each row.

        Of a set, those that can be compared are searched with.
        """
        ids = (query,) if isinstance(query, str) else query
        rows = [self.rows.row_of[track_id] for track_id in ids]
        if by_vocals(by):
            voiced = [row for row in rows if not self._columns.instrumental[row]]
            if not voiced:
                require_vocals(self._track(rows[0]), NO_COMPARISON)
            rows = voiced
        space = self._memory.space(self.indexed, by)
        mean = unit_rows(space.vectors(np.array(rows)).mean(axis=0))
        return rows, space.similarities(mean)

    def _domain(self, domain: Domain) -> Embedding:
        return self.rows.vocals if domain is Domain.VOCALS else self.rows.mix

    def _track(self, row: int) -> Track:
        track = self.rows.tracks[row]
        assert track is not None  # empty rows are left out of everything
        return track

    def _in_path_order(self, rows: Iterable[int]) -> list[int]:
        return sorted(rows, key=lambda row: self._track(row).path)


def hub_corrected(by: Comparison) -> bool:
    """Return whether hubs come further down."""
    return isinstance(by, Blend) and by.hub_corrected


def require_vocals(track: Track, missing: str = NO_MATCH) -> None:
    """Do nothing if a voice is heard in the track.

    Parameters
    ----------
    track
        Whose vocals are needed.
    missing
        What cannot be done without them, as the end of a sentence.

    Raises
    ------
    InstrumentalError
        If it is instrumental.
    """
    if track.instrumental:
        raise InstrumentalError(f"{track.title}: no voice is heard in it, so {missing}.")
