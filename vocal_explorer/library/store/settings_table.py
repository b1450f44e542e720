"""The settings of a library; every process that has the library sees them."""

from collections.abc import Mapping

from vocal_explorer.library.store.database import Database
from vocal_explorer.library.store.journal import Journal


class SettingsTable:
    """Reads and writes settings, from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._journal = Journal(database)

    def version(self) -> int:
        """Return a number that is another one after each change of a setting."""
        return self._journal.now().settings

    def get(self, key: str) -> str:
        """Return a setting; empty when it was never made."""
        query = "SELECT value FROM settings WHERE key = ?"
        with self._database.reading() as connection:
            row = connection.execute(query, (key,)).fetchone()
        return str(row["value"]) if row else ""

    def change(self, settings: Mapping[str, str]) -> None:
        """Keep settings, all of them or none."""
        with self._database.writing() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO settings VALUES (?, ?)", list(settings.items())
            )
