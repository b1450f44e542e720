"""The maps that a library keeps, one for each domain and key of embeddings."""

from vocal_explorer.base.records.signals import Domain
from vocal_explorer.library.store.database import Database
from vocal_explorer.library.store.records import EmbeddingKey

_OF_KEY = "SELECT points FROM maps WHERE domain = ? AND model_id = ? AND separator = ?"


class MapTable:
    """Reads and writes maps as texts, from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, domain: Domain, key: EmbeddingKey, fingerprint: str) -> str | None:
        """Return the saved map of exactly these embeddings, or None."""
        query = f"{_OF_KEY} AND fingerprint = ?"
        return self._first(query, domain, key.model_id, key.separator, fingerprint)

    def last(self, domain: Domain, key: EmbeddingKey) -> str | None:
        """Return the saved map of a domain, whatever embeddings it was made of, or None."""
        return self._first(_OF_KEY, domain, key.model_id, key.separator)

    def save(self, domain: Domain, key: EmbeddingKey, fingerprint: str, points: str) -> None:
        """Keep a map; it replaces the one of the same domain and key."""
        values = (domain, key.model_id, key.separator, fingerprint, points)
        with self._database.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO maps VALUES (?, ?, ?, ?, ?)", values)

    def _first(self, query: str, *values: str) -> str | None:
        with self._database.reading() as connection:
            row = connection.execute(query, values).fetchone()
        return str(row["points"]) if row else None
