"""The library's SQLite file: connections, transactions, schema version, error sentences."""

import os
import queue
import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.paths import DATABASE_FILE
from vocal_explorer.library.store.schema import SCHEMA_VERSION, STEPS

BUSY_SECONDS = 30.0  # how long to wait for another process's transaction
KEPT_REVISIONS = 10_000  # of which the journal tells what changed; see journal.py

_FORGET_OLD_CHANGES = """
    DELETE FROM changes WHERE revision <= (SELECT number FROM revision) - ?"""


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
    def reading_at_once(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that sees the library at one moment, whoever writes meanwhile."""
        with self.reading() as connection:
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection inside one transaction: all of it happens, or nothing."""
        with self.reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("UPDATE revision SET number = number + 1")
                connection.execute(_FORGET_OLD_CHANGES, (KEPT_REVISIONS,))
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
            connection.row_factory = sqlite3.Row
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
            connection.create_function("clause", 2, _clause)
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


def _clause(path: bytes, sentence: str) -> str:
    """Return the reason of a failure without the file's name, which older versions kept with it."""
    name = Path(os.fsdecode(path)).name.encode("utf-8", "replace").decode()
    return sentence.removeprefix(f"{name}: ").removesuffix(".")


def _schema_version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _close_all(connections: queue.SimpleQueue[sqlite3.Connection]) -> None:
    while not connections.empty():
        connections.get().close()
