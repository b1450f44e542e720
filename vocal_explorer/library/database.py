"""The library's SQLite file: connections, transactions, schema version, error sentences."""

import queue
import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.paths import DATABASE_FILE

BUSY_SECONDS = 30.0  # how long to wait for another process's transaction

# Paths are BLOBs (os.fsencode), because a file name need not be valid text.
_VERSION_1 = (
    """CREATE TABLE tracks (
        track_id TEXT PRIMARY KEY, title TEXT NOT NULL, singer TEXT NOT NULL,
        album TEXT NOT NULL, year INTEGER, seconds REAL NOT NULL, user_singer TEXT)""",
    """CREATE TABLE files (
        path BLOB PRIMARY KEY, track_id TEXT REFERENCES tracks, size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL, missing INTEGER NOT NULL DEFAULT 0,
        error TEXT NOT NULL DEFAULT '')""",
    "CREATE INDEX files_of_track ON files (track_id)",
    """CREATE TABLE embeddings (
        track_id TEXT NOT NULL REFERENCES tracks, domain TEXT NOT NULL, model_id TEXT NOT NULL,
        separator TEXT NOT NULL, vector BLOB NOT NULL,
        PRIMARY KEY (track_id, model_id, separator, domain))""",
    """CREATE TABLE maps (
        domain TEXT NOT NULL, model_id TEXT NOT NULL, separator TEXT NOT NULL,
        fingerprint TEXT NOT NULL, points TEXT NOT NULL,
        PRIMARY KEY (domain, model_id, separator))""",
    "CREATE TABLE revision (number INTEGER NOT NULL)",
    "INSERT INTO revision VALUES (0)",
)
# How much voice there is in a track depends on what isolated it.
_VERSION_2 = (
    """CREATE TABLE vocal_presences (
        track_id TEXT NOT NULL REFERENCES tracks, separator TEXT NOT NULL,
        presence REAL NOT NULL, PRIMARY KEY (track_id, separator))""",
    "CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
)
# A spelling is the label_key of what files or the user call a singer.
_VERSION_3 = (
    "CREATE TABLE folders (path BLOB PRIMARY KEY)",
    "CREATE TABLE singer_spellings (spelling TEXT PRIMARY KEY, singer TEXT NOT NULL)",
)
# As for presence, it depends on the separator where the voice moves, in MIDI note numbers.
# Fingerprints are of the mix, and are compared when a scan ends.
_VERSION_4 = (
    """CREATE TABLE pitch_ranges (
        track_id TEXT NOT NULL REFERENCES tracks, separator TEXT NOT NULL,
        low REAL NOT NULL, median REAL NOT NULL, high REAL NOT NULL,
        PRIMARY KEY (track_id, separator))""",
    """CREATE TABLE fingerprints (
        track_id TEXT PRIMARY KEY REFERENCES tracks, levels BLOB NOT NULL,
        compared INTEGER NOT NULL DEFAULT 0)""",
    """CREATE TABLE same_recordings (
        track_id TEXT NOT NULL REFERENCES tracks, other_id TEXT NOT NULL REFERENCES tracks,
        PRIMARY KEY (track_id, other_id))""",
)
# Tempo, key, beats and so on belong to the stems in which they were found. Arrays are BLOBs.
_VERSION_5 = (
    """CREATE TABLE music (
        track_id TEXT NOT NULL REFERENCES tracks, separator TEXT NOT NULL,
        version INTEGER NOT NULL, tempo REAL NOT NULL, stability REAL NOT NULL,
        tonic INTEGER, minor INTEGER, key_confidence REAL,
        vocals_loudness REAL, accompaniment_loudness REAL,
        energy REAL NOT NULL, seconds REAL NOT NULL, beats BLOB NOT NULL,
        downbeats BLOB NOT NULL, sections BLOB NOT NULL, phrases BLOB NOT NULL,
        PRIMARY KEY (track_id, separator))""",
)
# what leads from each version to the next; 0 is an empty file
STEPS = (_VERSION_1, _VERSION_2, _VERSION_3, _VERSION_4, _VERSION_5)
SCHEMA_VERSION = len(STEPS)


class Database:
    """A pool of connections to one library; every method may be called from any thread.

    Parameters
    ----------
    folder
        The library; made, with an empty database in it, when it does not exist. A
        library of an older version keeps all that it has and gets what is new.

    Raises
    ------
    VocalExplorerError
        If the folder cannot be used, the file is no library, or a newer version made it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._idle: queue.SimpleQueue[sqlite3.Connection] = queue.SimpleQueue()
        weakref.finalize(self, _close_all, self._idle)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unusable(folder, error) from error
        with self.reading() as connection:
            version = _schema_version(connection)
        if version < SCHEMA_VERSION:
            self._upgrade()
        elif version > SCHEMA_VERSION:
            raise VocalExplorerError(
                f"The library in {folder} was made by a newer Vocal Explorer: update the program."
            )

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection; a sqlite3 error inside becomes a VocalExplorerError."""
        connection = None
        try:
            connection = self._take()
            yield connection
        except sqlite3.Error as error:
            raise VocalExplorerError(f"The library in {self.folder} fails: {error}.") from error
        finally:
            if connection is not None:
                self._idle.put(connection)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection inside one transaction: all of it happens, or nothing."""
        with self.reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("UPDATE revision SET number = number + 1")
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def revision(self) -> int:
        """Return a number that grows with every transaction of any process."""
        with self.reading() as connection:
            return int(connection.execute("SELECT number FROM revision").fetchone()[0])

    def close(self) -> None:
        """Close all connections that are not in use."""
        _close_all(self._idle)

    def _take(self) -> sqlite3.Connection:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.folder / DATABASE_FILE,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,  # the pool lends a connection to one thread at a time
        )
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = NORMAL")
            _schema_version(connection)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _upgrade(self) -> None:
        # SQLite lets two connections that change the journal mode at once fail, without waiting
        with self._locked(), self.reading() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("BEGIN IMMEDIATE")
            try:
                done = _schema_version(connection)  # another process may have been faster
                for version, step in enumerate(STEPS[done:], start=done + 1):
                    for statement in (*step, f"PRAGMA user_version = {version}"):
                        connection.execute(statement)
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    @contextmanager
    def _locked(self) -> Iterator[None]:
        lock = FileLock(self.folder / "library.lock")
        try:
            lock.acquire()
        except OSError as error:
            raise _unusable(self.folder, error) from error
        try:
            yield
        finally:
            lock.release()


def _unusable(folder: Path, error: OSError) -> VocalExplorerError:
    return VocalExplorerError(f"The library folder {folder} cannot be used: {error.strerror}.")


def _schema_version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _close_all(connections: queue.SimpleQueue[sqlite3.Connection]) -> None:
    while not connections.empty():
        connections.get().close()
