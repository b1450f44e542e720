"""All comparable tracks of a library as matrices, and the three rankings of them.

Instrumental tracks are compared by their mix only: what a separator leaves of them as
"vocals" would be noise in every space that has vocals in it. They are accompaniments.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.errors import InstrumentalError
from vocal_explorer.index.similarity import (
    Similarities,
    best,
    cosine,
    space_vectors,
    unit_rows,
)
from vocal_explorer.index.singers import singer_models
from vocal_explorer.index.versions import first_of_each, group_versions
from vocal_explorer.records import (
    Domain,
    Embedding,
    RankedSinger,
    RankedTrack,
    Space,
    Track,
    TrackState,
)

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
        self, track_id: str, space: Space, top_n: int, all_versions: bool = False
    ) -> list[RankedTrack]:
        """Rank the other tracks by their similarity in `space`.

        Of each song only the most similar version is there, and none of the query's own
        song, unless `all_versions`.

        Raises
        ------
        InstrumentalError
            If the query has no voice, and `space` compares voices.
        """
        by_vocals = space is not Space.M
        row, vectors = self._query_row(track_id, by_vocals), self._space(space)
        similarities = cosine(vectors[row], vectors)
        similarities[self._left_out(by_vocals)] = -np.inf
        similarities[row] = -np.inf
        if not all_versions:
            similarities[self._versions.songs == self._versions.songs[row]] = -np.inf
        return self._ranked(similarities, top_n, all_versions)

    def singers(self, track_id: str, space: Space, top_n: int) -> list[RankedSinger]:
        """Rank singers by their models, in which each recording counts once, the query's never.

        A track of several singers counts for each. Raises as `similar` does.
        """
        by_vocals = space is not Space.M
        row, vectors = self._query_row(track_id, by_vocals), self._space(space)
        left_out = self._left_out(by_vocals)
        groups = self._versions.recordings
        counted = first_of_each(groups, np.flatnonzero(~left_out & (groups != groups[row])))
        sung = [
            (index, singer)
            for index in counted.tolist()
            for singer in self.tracks[index].singers or (self.tracks[index].singer,)
        ]
        rows = np.array([index for index, _ in sung], dtype=np.int64)
        models = singer_models(vectors[rows], [singer for _, singer in sung])
        similarities = cosine(vectors[row], models.vectors)
        return [
            RankedSinger(
                rank, models.singers[index], float(similarities[index]), models.counts[index]
            )
            for rank, index in enumerate(best(similarities, top_n), start=1)
        ]

    def matches(self, track_id: str, top_n: int, all_versions: bool = False) -> list[RankedTrack]:
        """Rank other tracks by how f_m of their mix fits f_v of the query's vocals.

        Left out: missing files, versions of the query's song, and all but the best
        version of each other song unless `all_versions`.

        Raises
        ------
        InstrumentalError
            If the query has no vocals that could be laid over anything.
        """
        row = self._rows[track_id]
        require_vocals(self.tracks[row])
        similarities = cosine(self._domains[Domain.VOCALS][row], self._domains[Domain.MIX])
        similarities[self._missing] = -np.inf
        similarities[self._versions.songs == self._versions.songs[row]] = -np.inf
        return self._ranked(similarities, top_n, all_versions)

    def _query_row(self, track_id: str, by_vocals: bool) -> int:
        row = self._rows[track_id]
        if by_vocals:
            require_vocals(self.tracks[row], NO_COMPARISON)
        return row

    def _left_out(self, by_vocals: bool) -> NDArray[np.bool_]:
        return self._instrumental if by_vocals else np.zeros_like(self._instrumental)

    def _space(self, space: Space) -> Embedding:
        if space not in self._spaces:
            self._spaces[space] = space_vectors(
                self._domains[Domain.VOCALS], self._domains[Domain.MIX], space
            )
        return self._spaces[space]

    def _ranked(
        self, similarities: Similarities, top_n: int, all_versions: bool
    ) -> list[RankedTrack]:
        if all_versions:
            order = best(similarities, top_n)
        else:
            everything = best(similarities, len(similarities))
            order = first_of_each(self._versions.songs, everything)[: max(0, top_n)]
        return [
            RankedTrack(
                rank,
                self.tracks[index],
                float(similarities[index]),
                () if all_versions else self._others(index, similarities),
            )
            for rank, index in enumerate(order.tolist(), start=1)
        ]

    def _others(self, row: int, similarities: Similarities) -> tuple[Track, ...]:
        """Return the other tracks of a song that could have been ranked."""
        song = self._versions.songs == self._versions.songs[row]
        others = np.flatnonzero(song & np.isfinite(similarities)).tolist()
        return tuple(self.tracks[other] for other in others if other != row)


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
