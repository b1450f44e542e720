"""What the user calls the singers of a library; never written into the files.

A label in the database holds the names of all singers of a track, one a line. A spelling is
the label_key of a name that stands for another name from the time on that they were merged;
labels stay as they are, so that a merge can be taken back.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from vocal_explorer.base.names import label_key
from vocal_explorer.library.store.database import Database

LabelBefore = tuple[str | None, str]
"""What the user called the singers of a track before, and the track's id."""


def printable(text: str) -> str:
    """Replace what is no valid text (undecodable bytes of a file name)."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def singers_label(singers: Iterable[str]) -> str:
    """Return the label of one or more singers."""
    return "\n".join(" ".join(printable(singer).split()) for singer in singers)


def singers_of_label(label: str, spellings: Mapping[str, str]) -> tuple[str, ...]:
    """Return the singers of a label, each once, by the names that they have now."""
    if not spellings and "\n" not in label:
        return (label,)
    names = [_current_name(name, spellings) for name in label.split("\n")]
    return tuple({label_key(name): name for name in reversed(names)}.values())[::-1]


def _current_name(name: str, spellings: Mapping[str, str]) -> str:
    seen: set[str] = set()
    while (key := label_key(name)) in spellings and key not in seen:
        seen.add(key)
        name = spellings[key]
    return name


def spellings_on_the_way(keys: Iterable[str], spellings: Mapping[str, str]) -> set[str]:
    """Return the keys, and those of all names that they stand for, one after the other."""
    found: set[str] = set()
    for key in keys:
        while key not in found:
            found.add(key)
            key = label_key(spellings.get(key, key))
    return found


def read_spellings(connection: sqlite3.Connection) -> dict[str, str]:
    """Return all merged spellings, and the name that each stands for."""
    return dict(connection.execute("SELECT spelling, singer FROM singer_spellings").fetchall())


class SingerLabels:
    """Reads and writes labels and spellings, from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def change(self, track_ids: Sequence[str], singers: Sequence[str]) -> list[LabelBefore]:
        """Give tracks the user's own singers; none at all bring the file's own back.

        Returns
        -------
        What `restore` takes to undo it.
        """
        label = singers_label(name for name in singers if name.strip()) or None
        return self.restore([(label, track_id) for track_id in track_ids])

    def restore(self, labels: Sequence[LabelBefore]) -> list[LabelBefore]:
        """Give each track its own label; returns what undoes it."""
        query = "SELECT user_singer, track_id FROM tracks WHERE track_id = ?"
        with self._database.writing() as connection:
            rows = [connection.execute(query, (track_id,)).fetchone() for _, track_id in labels]
            connection.executemany("UPDATE tracks SET user_singer = ? WHERE track_id = ?", labels)
        return [(row["user_singer"], row["track_id"]) for row in rows if row]

    def merge(self, spellings: Iterable[str], singer: str) -> dict[str, str]:
        """Let names stand for another one, in all tracks of now and of later.

        Returns
        -------
        What was `merged` before; `replace_merged` takes it to undo this.
        """
        before = self.merged()
        kept = {key: name for key, name in before.items() if key != label_key(singer)}
        new = {label_key(spelling): printable(singer).strip() for spelling in spellings}
        self.replace_merged(kept | new)
        return before

    def separate(self, spellings: Iterable[str]) -> dict[str, str]:
        """Let names stand for themselves again; returns what undoes it, as `merge` does."""
        before, gone = self.merged(), {label_key(spelling) for spelling in spellings}
        self.replace_merged({key: name for key, name in before.items() if key not in gone})
        return before

    def replace_merged(self, spellings: Mapping[str, str]) -> None:
        """Let exactly these names stand for others."""
        with self._database.writing() as connection:
            before = read_spellings(connection)  # what stays is not written, so nobody reads it
            gone = [(spelling,) for spelling in before if spelling not in spellings]
            connection.executemany("DELETE FROM singer_spellings WHERE spelling = ?", gone)
            connection.executemany(
                "INSERT OR REPLACE INTO singer_spellings VALUES (?, ?)",
                [item for item in spellings.items() if item not in before.items()],
            )

    def merged(self) -> dict[str, str]:
        """Return all merged spellings, and the name that each stands for."""
        with self._database.reading() as connection:
            return read_spellings(connection)
