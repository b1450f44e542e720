"""Files about the tracks of a library."""

from collections.abc import Sequence
from pathlib import Path

from vocal_explorer.base.records.signals import Domain
from vocal_explorer.export.files import gather, shows_maps, write_export
from vocal_explorer.library.library import Library
from vocal_explorer.library.store.embedding_table import EmbeddingTable
from vocal_explorer.maps.library_maps import Maps


class Exports:
    """Writes what is known of tracks.

    Parameters
    ----------
    library, embeddings, maps
        What is known.
    """

    def __init__(self, library: Library, embeddings: EmbeddingTable, maps: Maps) -> None:
        self._library = library
        self._embeddings = embeddings
        self._maps = maps

    def write(self, out: Path, track_ids: Sequence[str] | None = None) -> int:
        """Write tracks (default: all) as the suffix of `out` says; return how many.

        See export.files.write_export; raises as it does.

        Raises
        ------
        TrackNotFoundError
            If there is no such track.
        """
        snapshot = self._library.snapshot()
        tracks = snapshot.tracks if track_ids is None else tuple(map(snapshot.track, track_ids))
        vectors = {domain: self._embeddings.all(snapshot.key, domain) for domain in Domain}
        maps = {domain: self._maps.points(domain) for domain in Domain if shows_maps(out)}
        write_export(gather(tracks, vectors, maps), out)
        return len(tracks)
