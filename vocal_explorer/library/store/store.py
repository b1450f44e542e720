"""All tables of a library, and the changes that touch several of them at once."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from vocal_explorer.base.records.music import Music
from vocal_explorer.base.records.signals import Domain, Embedding
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.features.fingerprint import Fingerprint
from vocal_explorer.library.store.database import Database
from vocal_explorer.library.store.embedding_table import EmbeddingTable, write_embeddings
from vocal_explorer.library.store.file_table import FileTable, write_file
from vocal_explorer.library.store.map_table import MapTable
from vocal_explorer.library.store.music_table import MusicTable, write_music
from vocal_explorer.library.store.recording_table import RecordingTable, write_fingerprint
from vocal_explorer.library.store.records import EmbeddingKey, FileStamp
from vocal_explorer.library.store.settings_table import SettingsTable
from vocal_explorer.library.store.track_table import (
    TrackTable,
    read_tracks,
    write_track,
    write_voice,
)


class Store:
    """One library's tables; every method of each is safe in any thread.

    Attributes
    ----------
    tracks, files, embeddings, music, maps, recordings, settings
        See the class of each.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.tracks = TrackTable(database)
        self.files = FileTable(database)
        self.embeddings = EmbeddingTable(database)
        self.music = MusicTable(database)
        self.maps = MapTable(database)
        self.recordings = RecordingTable(database)
        self.settings = SettingsTable(database)

    def save_track(
        self,
        track: Track,
        stamp: FileStamp,
        key: EmbeddingKey,
        embeddings: Mapping[Domain, Embedding],
        fingerprint: Fingerprint | None = None,
        music: Music | None = None,
    ) -> Track:
        """Store a track, its file, its embeddings, fingerprint and music; all of it or nothing.

        Presence, pitch range and music belong to the separator of `key`, as the embeddings do.

        Returns
        -------
        The track as the library has it, with the user's name of its singer.
        """
        with self.database.writing() as connection:
            write_track(connection, track)
            write_file(connection, track, stamp)
            write_embeddings(connection, track.track_id, key, embeddings)
            write_voice(connection, track, key.separator)
            if fingerprint is not None:
                write_fingerprint(connection, track.track_id, fingerprint)
            if music is not None:
                write_music(connection, track.track_id, key.separator, music)
            return read_tracks(connection, key, [track.track_id])[track.track_id]

    def link_file(
        self, track: Track, stamp: FileStamp, key: EmbeddingKey, gone: Sequence[Path]
    ) -> Track:
        """Say that `track.path` holds a known track, and forget the paths it moved from.

        Returns as `save_track` does.
        """
        with self.database.writing() as connection:
            write_track(connection, track)
            write_file(connection, track, stamp)
            connection.executemany(
                "DELETE FROM files WHERE path = ?", [(os.fsencode(path),) for path in gone]
            )
            return read_tracks(connection, key, [track.track_id])[track.track_id]

    def close(self) -> None:
        """Close the library's database."""
        self.database.close()
