import sqlite3
import threading
from pathlib import Path

import numpy as np
import pytest
from library_fakes import FakeEmbedder, FakeSeparator, fake_session, music_folder

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.records.ranking import Space
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.base.records.tracks import TrackState
from vocal_explorer.library.store.database import SCHEMA_VERSION, STEPS, Database
from vocal_explorer.library.store.records import EmbeddingKey
from vocal_explorer.library.store.store import Store

# Exactly as version 0.1 of the program made it; this text never changes.
VERSION_1 = """
CREATE TABLE tracks (
    track_id TEXT PRIMARY KEY, title TEXT NOT NULL, singer TEXT NOT NULL,
    album TEXT NOT NULL, year INTEGER, seconds REAL NOT NULL, user_singer TEXT);
CREATE TABLE files (
    path BLOB PRIMARY KEY, track_id TEXT REFERENCES tracks, size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL, missing INTEGER NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '');
CREATE INDEX files_of_track ON files (track_id);
CREATE TABLE embeddings (
    track_id TEXT NOT NULL REFERENCES tracks, domain TEXT NOT NULL, model_id TEXT NOT NULL,
    separator TEXT NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (track_id, model_id, separator, domain));
CREATE TABLE maps (
    domain TEXT NOT NULL, model_id TEXT NOT NULL, separator TEXT NOT NULL,
    fingerprint TEXT NOT NULL, points TEXT NOT NULL,
    PRIMARY KEY (domain, model_id, separator));
CREATE TABLE revision (number INTEGER NOT NULL);
INSERT INTO revision VALUES (7);
INSERT INTO tracks VALUES ('a', 'Song', 'Ann', 'Album', 1999, 12.5, 'Bea'), ('b', 'Other', '', '',
    NULL, 3.0, NULL);
INSERT INTO files VALUES (CAST('/m/a.flac' AS BLOB), 'a', 1, 2, 0, ''),
    (CAST('/m/b.flac' AS BLOB), 'b', 3, 4, 1, ''),
    (CAST('/m/bad.mp3' AS BLOB), NULL, 5, 6, 0, 'bad.mp3: it is empty.');
PRAGMA user_version = 1;
"""
KEY = EmbeddingKey("model-1", "fake-1")
VECTOR = np.full(FakeEmbedder.n_dimensions, 0.25, dtype="<f4")


@pytest.fixture
def old_library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    connection = sqlite3.connect(folder / "library.sqlite")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript(VERSION_1)
    rows = [("a", domain, *("model-1", "fake-1"), VECTOR.tobytes()) for domain in Domain]
    connection.executemany("INSERT INTO embeddings VALUES (?, ?, ?, ?, ?)", rows)
    connection.execute("INSERT INTO maps VALUES ('mix', 'model-1', 'fake-1', 'f', '[[0.5, 0.5]]')")
    connection.commit()
    connection.close()
    return folder


def version(library: Path) -> int:
    connection = sqlite3.connect(library / "library.sqlite")
    number = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.close()
    return int(number)


def test_an_old_library_keeps_all_that_it_has(old_library: Path) -> None:
    store = Store(Database(old_library))
    assert version(old_library) == SCHEMA_VERSION
    song, other = store.tracks.all(KEY)
    assert (song.title, song.singer, song.album, song.year) == ("Song", "Bea", "Album", 1999)
    assert (song.seconds, song.state, song.path) == (12.5, "analysed", Path("/m/a.flac"))
    assert other.state is TrackState.MISSING
    assert store.files.all()[Path("/m/bad.mp3")].error == "it is empty"
    for domain in Domain:
        np.testing.assert_array_equal(store.embeddings.all(KEY, domain)["a"], VECTOR)
    assert store.maps.load(Domain.MIX, KEY, "f") == "[[0.5, 0.5]]"
    assert store.database.revision() == 7
    store.close()


def test_a_presence_that_was_never_measured_is_a_voice(old_library: Path) -> None:
    session = fake_session(old_library)
    track = session.library.find("Song")
    assert (track.vocal_presence, track.instrumental, track.separator) == (None, False, "fake-1")
    assert [point.track_id for point in session.maps.points(Domain.VOCALS)] == ["a"]
    assert session.ranking.similar_tracks("a", Space.V) == []
    session.close()


def test_an_old_library_can_be_scanned_and_learns_presences(
    old_library: Path, tmp_path: Path
) -> None:
    session = fake_session(old_library, FakeSeparator(), FakeEmbedder())
    music = music_folder(tmp_path / "music")
    assert session.scans.run([music]).analysed == 4
    assert session.library.find("Song 00").vocal_presence is not None
    session.close()


def test_a_migrated_library_equals_a_new_one(old_library: Path, tmp_path: Path) -> None:
    def schema(folder: Path) -> set[tuple[str, str]]:
        Database(folder).close()
        connection = sqlite3.connect(folder / "library.sqlite")
        rows = connection.execute("SELECT name, sql FROM sqlite_master").fetchall()
        connection.close()
        return {(name, " ".join((sql or "").split())) for name, sql in rows}

    assert schema(old_library) == schema(tmp_path / "new")


def test_a_migration_that_is_interrupted_leaves_the_old_library(
    old_library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as context:
        broken = (STEPS[0], (*STEPS[1], "CREATE TABLE tracks (x)"))
        context.setattr("vocal_explorer.library.store.database.STEPS", broken)
        with pytest.raises(VocalExplorerError, match="fails"):
            Database(old_library)
    assert version(old_library) == 1
    Database(old_library).close()
    assert version(old_library) == SCHEMA_VERSION


def test_several_at_once_migrate_it_once(old_library: Path) -> None:
    barrier, opened = threading.Barrier(4), []

    def work() -> None:
        barrier.wait()
        opened.append(Database(old_library))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [database.revision() for database in opened] == [7] * 4
    for database in opened:
        database.close()
