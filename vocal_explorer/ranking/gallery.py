"""All comparable tracks of a library as matrices, and the rankings of them.

Instrumental tracks are compared by their mix only: what a separator leaves of them as
"vocals" would be noise in every space that has vocals in it. They are accompaniments.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.errors import InstrumentalError
from vocal_explorer.base.records.ranking import (
    Blend,
    Comparison,
    Hubness,
    Query,
    RankedSinger,
    RankedTrack,
    Space,
)
from vocal_explorer.base.records.signals import Domain, Embedding, Stem
from vocal_explorer.base.records.tracks import Track, TrackState
from vocal_explorer.ranking.clusters import find_clusters
from vocal_explorer.ranking.hubness import (
    csls,
    hubness,
    mean_neighbour_similarity,
    nearest_mean,
    reference_rows,
)
from vocal_explorer.ranking.similarity import (
    Similarities,
    best,
    blend_vectors,
    cosine,
    space_vectors,
    unit_rows,
)
from vocal_explorer.ranking.singers import singer_models
from vocal_explorer.ranking.versions import first_of_each, group_versions

NO_MATCH = "there are no vocals to lay over another song"
NO_COMPARISON = "only its mix can be compared with others (space M)"


class Gallery:
    """Tracks with their embeddings; all rankings are of one query against all the others.

    Parameters
    ----------
    tracks
        The tracks to compare, n of them.
    vocals, mix
        Their embeddings by f_v and f_m, each (n, d).
    recordings
        Pairs of track ids that are one recording.
    """

    def __init__(
        self,
        tracks: Sequence[Track],
        vocals: Embedding,
        mix: Embedding,
        recordings: Iterable[tuple[str, str]] = (),
    ) -> None:
        self.tracks = tuple(tracks)
        self._domains = {Domain.VOCALS: unit_rows(vocals), Domain.MIX: unit_rows(mix)}
        self._spaces: dict[Space, Embedding] = {}
        self._blended: tuple[float, Embedding] | None = None  # the last one
        self._clusters: dict[str, int] | None = None
        self._means: tuple[Comparison, Similarities] | None = None
        self._rows = {track.track_id: row for row, track in enumerate(self.tracks)}
        self._versions = group_versions(self.tracks, recordings, *self._domains.values())
        states = [track.state is TrackState.MISSING for track in self.tracks]
        self._missing: NDArray[np.bool_] = np.array(states, dtype=np.bool_)
        instrumental = [track.instrumental for track in self.tracks]
        self._instrumental: NDArray[np.bool_] = np.array(instrumental, dtype=np.bool_)

    def __contains__(self, track_id: str) -> bool:
        return track_id in self._rows

    def on_map(self, domain: Domain) -> tuple[list[str], Embedding]:
        """Return ids and unit vectors (n, d) of the tracks that one domain can place."""
        left_out = self._left_out(domain is Domain.VOCALS)
        ids = [t.track_id for t, out in zip(self.tracks, left_out, strict=True) if not out]
        return ids, self._domains[domain][~left_out]

    def similarity(self, first_id: str, second_id: str, domain: Domain) -> float:
        """Return the cosine between two tracks in one domain."""
        first, second = (self._domains[domain][self._rows[key]] for key in (first_id, second_id))
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
        rows, vectors = self._query_rows(query, by), self._space(by)
        similarities = cosine(_mean(vectors[rows]), vectors)
        scores = similarities.copy()
        if _hub_corrected(by):
            scores = csls(similarities, 0.0, self._neighbour_means(by))
        scores[self._left_out(_by_vocals(by))] = -np.inf
        scores[rows] = -np.inf
        if not all_versions:
            songs = self._versions.songs
            scores[np.isin(songs, songs[rows])] = -np.inf
        return self.ranked(similarities, scores, top_n, all_versions)

    def singers(self, query: Query, by: Comparison, top_n: int) -> list[RankedSinger]:
        """Rank singers by their models, in which each recording counts once, the query's never.

        A track of several singers counts for each. Raises as `similar` does.
        """
        rows, vectors = self._query_rows(query, by), self._space(by)
        groups = self._versions.recordings
        left_out = self._left_out(_by_vocals(by)) | np.isin(groups, groups[rows])
        sung = [
            (index, singer)
            for index in first_of_each(groups, np.flatnonzero(~left_out)).tolist()
            for singer in self.tracks[index].singers or (self.tracks[index].singer,)
        ]
        counted = np.array([index for index, _ in sung], dtype=np.int64)
        models = singer_models(vectors[counted], [singer for _, singer in sung])
        similarities = cosine(_mean(vectors[rows]), models.vectors)
        scores = similarities
        if _hub_corrected(by):
            reference = vectors[self._references(by)]
            scores = csls(similarities, 0.0, nearest_mean(models.vectors @ reference.T))
        return [
            RankedSinger(
                rank, models.singers[index], float(similarities[index]), models.counts[index]
            )
            for rank, index in enumerate(best(scores, top_n), start=1)
        ]

    def hub_effect(self, blend: Blend) -> tuple[Hubness, Hubness]:
        """Return how unequally tracks are found without and with the correction.

        Among the same tracks that the correction looks at: all, or a sample of many.
        """
        vectors = self._space(blend)[self._references(blend)]
        return hubness(vectors, corrected=False), hubness(vectors, corrected=True)

    def clusters(self) -> dict[str, int]:
        """Return the cluster of each track in the joint space, 0 being the biggest.

        Left out: instrumentals, and tracks in no cluster.
        """
        if self._clusters is None:
            rows = np.flatnonzero(~self._instrumental)
            labels = find_clusters(self._space(Space.JOINT)[rows])
            self._clusters = {
                self.tracks[row].track_id: int(label)
                for row, label in zip(rows, labels, strict=True)
                if label >= 0
            }
        return self._clusters

    def match_similarities(self, track_id: str, gives: Stem = Stem.VOCALS) -> Similarities:
        """Return how f_v of one side fits f_m of the other, for each track, (n_tracks,).

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
        row = self._rows[track_id]
        vocals, mix = self._domains[Domain.VOCALS], self._domains[Domain.MIX]
        if gives is Stem.VOCALS:
            require_vocals(self.tracks[row])
            similarities = cosine(vocals[row], mix)
        else:
            similarities = cosine(mix[row], vocals)
            similarities[self._instrumental] = -np.inf
        similarities[self._missing] = -np.inf
        similarities[self._versions.songs == self._versions.songs[row]] = -np.inf
        return similarities

    def _query_rows(self, query: Query, by: Comparison) -> list[int]:
        """Return the rows to search with; of a set, those that can be compared."""
        ids = (query,) if isinstance(query, str) else query
        rows = [self._rows[track_id] for track_id in ids]
        voiced = [row for row in rows if not self._instrumental[row]]
        if _by_vocals(by) and not voiced:
            require_vocals(self.tracks[rows[0]], NO_COMPARISON)
        return voiced if _by_vocals(by) else rows

    def _left_out(self, by_vocals: bool) -> NDArray[np.bool_]:
        return self._instrumental if by_vocals else np.zeros_like(self._instrumental)

    def _space(self, by: Comparison) -> Embedding:
        vocals, mix = self._domains[Domain.VOCALS], self._domains[Domain.MIX]
        if isinstance(by, Space):
            if by not in self._spaces:
                self._spaces[by] = space_vectors(vocals, mix, by)
            return self._spaces[by]
        kept = self._blended  # another thread may replace it meanwhile
        if kept is None or kept[0] != by.vocals:
            kept = (by.vocals, blend_vectors(vocals, mix, by.vocals))
            self._blended = kept
        return kept[1]

    def _references(self, by: Comparison) -> NDArray[np.int64]:
        """Return the rows among which neighbours are sought, where hubs are corrected."""
        rows = np.flatnonzero(~self._left_out(_by_vocals(by)))
        return np.asarray(rows[reference_rows(len(rows))], dtype=np.int64)

    def _neighbour_means(self, by: Comparison) -> Similarities:
        kept = self._means
        if kept is None or kept[0] != by:
            kept = (by, mean_neighbour_similarity(self._space(by), self._references(by)))
            self._means = kept
        return kept[1]

    def ranked(
        self, similarities: Similarities, scores: Similarities, top_n: int, all_versions: bool
    ) -> list[RankedTrack]:
        """Rank by `scores`, of which -inf leaves a track out, and tell the similarities.

        Of each song there is only the best version, unless `all_versions`.
        """
        order = best(scores, len(scores))
        if not all_versions:
            order = first_of_each(self._versions.songs, order)
        return [
            RankedTrack(
                rank,
                self.tracks[index],
                float(similarities[index]),
                () if all_versions else self._others(index, scores),
            )
            for rank, index in enumerate(order[: max(0, top_n)].tolist(), start=1)
        ]

    def _others(self, row: int, similarities: Similarities) -> tuple[Track, ...]:
        """Return the other tracks of a song that could have been ranked."""
        song = self._versions.songs == self._versions.songs[row]
        others = np.flatnonzero(song & np.isfinite(similarities)).tolist()
        return tuple(self.tracks[other] for other in others if other != row)


def _by_vocals(by: Comparison) -> bool:
    return by.vocals > 0 if isinstance(by, Blend) else by is not Space.M


def _hub_corrected(by: Comparison) -> bool:
    return isinstance(by, Blend) and by.hub_corrected


def _mean(vectors: Embedding) -> Embedding:
    return unit_rows(vectors.mean(axis=0))


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
