"""Rankings as one would write them first: everything is compared, and everything is sorted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from vocal_explorer.base.names import label_key
from vocal_explorer.base.records.ranking import Blend, Comparison, Space
from vocal_explorer.base.records.signals import Embedding
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.base.vectors import unit_rows
from vocal_explorer.ranking.similarity import blend_vectors, space_vectors
from vocal_explorer.ranking.singers import singer_models
from vocal_explorer.ranking.versions import SOMEWHAT_ALIKE, base_title

Ranked = list[tuple[str, float]]


@dataclass
class NaiveRankings:
    """Tracks in path order, their embeddings (n, d), and pairs of ids of one recording."""

    tracks: Sequence[Track]
    vocals: Embedding
    mix: Embedding
    links: set[frozenset[str]]

    def __post_init__(self) -> None:
        self.vocals, self.mix = unit_rows(self.vocals), unit_rows(self.mix)
        self._titles = [
            (label_key(track.singer), base_title(track.title), label_key(track.title))
            for track in self.tracks
        ]
        self._recordings = self._groups(self._linked)
        self._songs = self._groups(self._same_song)

    def similar(self, query: str, by: Comparison, top_n: int) -> Ranked:
        vectors, row = self._space(by), self._row(query)
        similarities = vectors @ unit_rows(vectors[row : row + 1])[0]
        scores = 2 * similarities - self._means(vectors, vectors, by)
        if not _corrected(by):
            scores = similarities
        songs = self._songs
        found, seen = [], {songs[row]}
        for index in np.argsort(-scores, kind="stable").tolist():
            if songs[index] not in seen and self._there(index, by):
                seen.add(songs[index])
                found.append((self.tracks[index].track_id, float(similarities[index])))
        return found[:top_n]

    def singers(self, query: str, by: Comparison, top_n: int) -> list[tuple[str, float, int]]:
        vectors, row = self._space(by), self._row(query)
        recordings = self._recordings
        counted, seen = [], {recordings[row]}
        for index, track in enumerate(self.tracks):
            if recordings[index] not in seen and self._there(index, by):
                seen.add(recordings[index])
                counted += [(index, singer) for singer in track.singers or (track.singer,)]
        rows = [index for index, _ in counted]
        models = singer_models(vectors[rows], [singer for _, singer in counted])
        similarities = models.vectors @ unit_rows(vectors[row : row + 1])[0]
        scores = similarities
        if _corrected(by) and len(models.singers):
            scores = 2 * similarities - self._means(models.vectors, vectors, by, own=False)
        order = np.argsort(-scores, kind="stable")[:top_n].tolist()
        return [(models.singers[i], float(similarities[i]), models.counts[i]) for i in order]

    def _row(self, track_id: str) -> int:
        return [track.track_id for track in self.tracks].index(track_id)

    def _space(self, by: Comparison) -> Embedding:
        if isinstance(by, Blend):
            return blend_vectors(self.vocals, self.mix, by.vocals)
        return space_vectors(self.vocals, self.mix, by)

    def _there(self, index: int, by: Comparison) -> bool:
        mixes_only = by is Space.M or (isinstance(by, Blend) and by.vocals == 0)
        return mixes_only or not self.tracks[index].instrumental

    def _means(
        self, of: Embedding, vectors: Embedding, by: Comparison, own: bool = True
    ) -> np.ndarray:
        means = []
        for row, vector in enumerate(of):
            others = [
                float(vector @ vectors[i])
                for i in range(len(vectors))
                if self._there(i, by) and not (own and i == row)
            ]
            nearest = sorted(others, reverse=True)[:10]
            means.append(sum(nearest) / max(len(nearest), 1))
        return np.array(means)

    def _linked(self, a: int, b: int) -> bool:
        return frozenset((self.tracks[a].track_id, self.tracks[b].track_id)) in self.links

    def _same_song(self, a: int, b: int) -> bool:
        one, two = self._titles[a], self._titles[b]
        if self._linked(a, b):
            return True
        alike = max(self.vocals[a] @ self.vocals[b], self.mix[a] @ self.mix[b]) >= SOMEWHAT_ALIKE
        return one == two or (one[:2] == two[:2] and bool(alike))

    def _groups(self, together) -> list[int]:
        groups = list(range(len(self.tracks)))
        for a in groups[:]:
            for b in range(a):
                if together(a, b):
                    old, new = groups[a], groups[b]
                    groups = [new if group == old else group for group in groups]
        return groups


def pairs(links: dict[str, Iterable[str]]) -> set[frozenset[str]]:
    return {frozenset((one, other)) for one, others in links.items() for other in others}


def _corrected(by: Comparison) -> bool:
    return isinstance(by, Blend) and by.hub_corrected
