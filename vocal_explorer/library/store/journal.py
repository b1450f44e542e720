"""What changed in a library, as the triggers of the database write it down.

A change is noted in the transaction that makes it, whichever process and whichever table class
does so. Of each thing only the last change is kept, so the journal never outgrows the library,
and what is older than some thousand revisions is forgotten.
"""

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vocal_explorer.library.store.database import KEPT_REVISIONS, Database

_NOW = """SELECT number, (SELECT max(revision) FROM changes WHERE kind = 'setting')
    FROM revision"""


@dataclass(frozen=True)
class Moment:
    """`revision` grows with every transaction, `settings` only where a setting changed."""

    revision: int
    settings: int


@dataclass(frozen=True)
class Changes:
    """What changed between two revisions.

    `tracks` are ids of tracks of which anything but the embeddings may have changed,
    `embeddings` of those whose embeddings changed, `recordings` of those that were found to
    be one recording with another one. `files` are paths, `spellings` keys of singer names.
    """

    tracks: frozenset[str] = frozenset()
    embeddings: frozenset[str] = frozenset()
    recordings: frozenset[str] = frozenset()
    files: frozenset[Path] = frozenset()
    spellings: frozenset[str] = frozenset()
    settings: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return sum(len(names) for names in vars(self).values())


class Journal:
    """Reads what changed; from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def now(self) -> Moment:
        """Return where the library is."""
        with self._database.reading() as connection:
            return read_moment(connection)


def read_moment(connection: sqlite3.Connection) -> Moment:
    """Return where the library is, for a connection."""
    revision, settings = connection.execute(_NOW).fetchone()
    return Moment(int(revision), int(settings or 0))


def changes_since(connection: sqlite3.Connection, revision: int) -> Changes | None:
    """Return what changed after a revision, None if that is longer ago than is remembered."""
    if revision < read_moment(connection).revision - KEPT_REVISIONS:
        return None
    rows = connection.execute("SELECT kind, name FROM changes WHERE revision > ?", (revision,))
    names: dict[str, set[Any]] = {}
    for kind, name in rows:
        names.setdefault(kind, set()).add(name)
    return Changes(
        tracks=frozenset(names.get("track", ())),
        embeddings=frozenset(names.get("embedding", ())),
        recordings=frozenset(names.get("recording", ())),
        files=frozenset(Path(os.fsdecode(path)) for path in names.get("file", ())),
        spellings=frozenset(names.get("spelling", ())),
        settings=frozenset(names.get("setting", ())),
    )
