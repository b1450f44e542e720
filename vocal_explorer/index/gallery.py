"""All comparable tracks of a library as matrices, and the three rankings of them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.index.similarity import (
    Similarities,
    best,
    cosine,
    space_vectors,
    unit_rows,
)
from vocal_explorer.index.singers import label_key, singer_models
from vocal_explorer.records import (
    Domain,
    Embedding,
    RankedSinger,
    RankedTrack,
    Space,
    Track,
    TrackState,
)


class Gallery:
    """Tracks with their embeddings; all rankings are of one query against all the others.

    Parameters
    ----------
    tracks
        The tracks to compare, n of them.
    vocals, mix
        Their embeddings by f_v and f_m, each (n, d).
    """

    def __init__(self, tracks: Sequence[Track], vocals: Embedding, mix: Embedding) -> None:
        self.tracks = tuple(tracks)
        self._domains = {Domain.VOCALS: unit_rows(vocals), Domain.MIX: unit_rows(mix)}
        self._spaces: dict[Space, Embedding] = {}
        self._rows = {track.track_id: row for row, track in enumerate(self.tracks)}
        recordings = [(label_key(track.singer), label_key(track.title)) for track in self.tracks]
        codes = {recording: code for code, recording in enumerate(dict.fromkeys(recordings))}
        self._recordings = np.array([codes[recording] for recording in recordings], dtype=np.int64)
        states = [track.state is TrackState.MISSING for track in self.tracks]
        self._missing: NDArray[np.bool_] = np.array(states, dtype=np.bool_)

    def __contains__(self, track_id: str) -> bool:
        return track_id in self._rows

    def vectors(self, domain: Domain) -> Embedding:
        """Return the unit vectors (n, d) of one domain."""
        return self._domains[domain]

    def similar(self, track_id: str, space: Space, top_n: int) -> list[RankedTrack]:
        """Rank all other tracks by their similarity in `space`."""
        row, vectors = self._rows[track_id], self._space(space)
        similarities = cosine(vectors[row], vectors)
        similarities[row] = -np.inf
        return self._ranked(similarities, top_n)

    def singers(self, track_id: str, space: Space, top_n: int) -> list[RankedSinger]:
        """Rank singers by their models; the query is not part of its own singer's model."""
        row, vectors = self._rows[track_id], self._space(space)
        models = singer_models(vectors, [track.singer for track in self.tracks], leave_out=row)
        similarities = cosine(vectors[row], models.vectors)
        return [
            RankedSinger(
                rank, models.singers[index], float(similarities[index]), models.counts[index]
            )
            for rank, index in enumerate(best(similarities, top_n), start=1)
        ]

    def matches(self, track_id: str, top_n: int) -> list[RankedTrack]:
        """Rank other tracks by how f_m of their mix fits f_v of the query's vocals.

        Left out: missing files, and other files of the same recording (same singer and
        title).
        """
        row = self._rows[track_id]
        similarities = cosine(self._domains[Domain.VOCALS][row], self._domains[Domain.MIX])
        similarities[self._missing] = -np.inf
        similarities[self._recordings == self._recordings[row]] = -np.inf
        return self._ranked(similarities, top_n)

    def _space(self, space: Space) -> Embedding:
        if space not in self._spaces:
            self._spaces[space] = space_vectors(
                self._domains[Domain.VOCALS], self._domains[Domain.MIX], space
            )
        return self._spaces[space]

    def _ranked(self, similarities: Similarities, top_n: int) -> list[RankedTrack]:
        return [
            RankedTrack(rank, self.tracks[index], float(similarities[index]))
            for rank, index in enumerate(best(similarities, top_n), start=1)
        ]
