"""What a library holds at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from sqlite3 import Connection

from vocal_explorer.base.errors import TrackNotFoundError
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.library.rows import TrackRows
from vocal_explorer.library.scanning.unread import failed_track
from vocal_explorer.library.store.embedding_table import read_matrix, read_track_ids
from vocal_explorer.library.store.file_table import read_failed
from vocal_explorer.library.store.recording_table import read_links
from vocal_explorer.library.store.records import EmbeddingKey
from vocal_explorer.library.store.singer_labels import read_spellings
from vocal_explorer.library.store.track_table import read_tracks


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What the library held at one revision, as far as it is comparable under one key.

    Attributes
    ----------
    tracks
        Each track once, and each file that failed, in path order.
    rows
        The comparable ones with their embeddings.
    others
        The tracks that cannot be compared, by id.
    failed
        Those that are no tracks, by path.
    links
        With which others a track is one recording, where there are any.
    spellings
        Names of singers that stand for others.
    """

    revision: int
    key: EmbeddingKey
    tracks: tuple[Track, ...]
    rows: TrackRows
    others: Mapping[str, Track]
    failed: Mapping[Path, Track]
    links: Mapping[str, frozenset[str]]
    spellings: Mapping[str, str]

    def get(self, track_id: str) -> Track | None:
        """Return a track by its id, or None."""
        row = self.rows.row_of.get(track_id)
        return self.others.get(track_id) if row is None else self.rows.tracks[row]

    def track(self, track_id: str) -> Track:
        """Return a track by its id.

        Raises
        ------
        TrackNotFoundError
            If there is none.
        """
        track = self.get(track_id)
        if track is None:
            raise TrackNotFoundError(f"No track of the library has the id {track_id}.")
        return track


def read_snapshot(connection: Connection, revision: int, key: EmbeddingKey) -> Snapshot:
    """Read all that a library holds, in a transaction that sees this revision."""
    tracks = read_tracks(connection, key)
    embedded = read_track_ids(connection, key)
    comparable = [track for track in tracks.values() if track.track_id in embedded]
    row_of = {track.track_id: row for row, track in enumerate(comparable)}
    vocals = read_matrix(connection, key, Domain.VOCALS, row_of)
    mix = read_matrix(connection, key, Domain.MIX, row_of)
    rows = TrackRows.of(comparable, vocals, mix, revision)
    failed = {file.path: failed_track(file.path, file.error) for file in read_failed(connection)}
    return Snapshot(
        revision,
        key,
        tuple(sorted([*tracks.values(), *failed.values()], key=attrgetter("path"))),
        rows,
        {i: track for i, track in tracks.items() if i not in row_of},
        failed,
        read_links(connection),
        read_spellings(connection),
    )
