"""What can be asked about who sounds like whom in a library."""

from collections.abc import Mapping

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.ranking import (
    Blend,
    Comparison,
    Hubness,
    Query,
    RankedSinger,
    RankedTrack,
    SegmentPair,
    Space,
    WhySimilar,
)
from vocal_explorer.base.records.signals import Stem, Waveform
from vocal_explorer.ranking.galleries import Galleries
from vocal_explorer.ranking.side_by_side import SideBySide


class Rankings:
    """Answers questions, each from one moment of the library; safe in any thread."""

    def __init__(self, galleries: Galleries, side_by_side: SideBySide) -> None:
        self._galleries = galleries
        self._side_by_side = side_by_side

    def similar_tracks(
        self,
        query: Query,
        by: Comparison = Space.JOINT,
        top_n: int = 20,
        all_versions: bool = False,
    ) -> list[RankedTrack]:
        """Rank the other tracks by similarity to a track, or to the mean of a set.

        Of a set, tracks that cannot be compared are left out. For versions see
        Gallery.similar.

        Raises
        ------
        TrackNotFoundError, NotAnalysedError
            If there is no such track, or it has no current embeddings.
        InstrumentalError
            If no voice is heard in the query and `by` compares voices.
        """
        current = self._galleries.current()
        return current.gallery.similar(current.comparable(query), by, top_n, all_versions)

    def singers(
        self, query: Query, by: Comparison = Space.JOINT, top_n: int = 20
    ) -> list[RankedSinger]:
        """Rank the singers of the library; raises as `similar_tracks` does."""
        current = self._galleries.current()
        return current.gallery.singers(current.comparable(query), by, top_n)

    def hub_effect(self, blend: Blend) -> tuple[Hubness, Hubness]:
        """Return how unequally tracks are found before and after the correction of hubs."""
        return self._galleries.current().gallery.hub_effect(blend)

    def clusters(self) -> Mapping[str, int]:
        """Return the cluster of each track that is in one; see ranking.clusters."""
        return self._galleries.current().gallery.clusters()

    def why_similar(
        self, first_id: str, second_id: str, progress: Progress | None = None
    ) -> WhySimilar:
        """Return what two tracks have in common; their vocals are listened to at first need.

        Raises as `similar_tracks` and `TrackSounds.part` do.
        """
        current = self._galleries.current()
        second, first = current.require(second_id), current.require(first_id)
        return self._side_by_side.why((first, second), current, progress or Progress())

    def pair_sound(
        self,
        first_id: str,
        second_id: str,
        pair: SegmentPair,
        part: Stem,
        progress: Progress | None = None,
    ) -> tuple[Waveform, int]:
        """Return a pair of segments, one after the other, as `TrackSounds.part` does."""
        current = self._galleries.current()
        tracks = (current.snapshot.track(first_id), current.snapshot.track(second_id))
        progress = progress or Progress()
        return self._side_by_side.sound(tracks, pair, part, current.analyser, progress)
