"""How much room the stems of a library take, and how much they may take."""

from pathlib import Path

from vocal_explorer.index.store import Store
from vocal_explorer.records import StemRoom
from vocal_explorer.separation.stem_cache import DEFAULT_LIMIT, StemCache

LIMIT = "stems limit"  # the library's setting, in bytes


class StemSettings:
    """Reads and changes the limit; every method may be called from any thread."""

    def __init__(self, folder: Path, store: Store) -> None:
        self._folder = folder
        self._store = store
        limit = store.setting(LIMIT)
        self.cache = StemCache(folder, int(limit) if limit.isdecimal() else DEFAULT_LIMIT)

    def room(self) -> StemRoom:
        """Return where stems lie, and how many bytes they take and may take."""
        return StemRoom(self._folder, self.cache.used(), self.cache.limit)

    def set_limit(self, limit: int) -> StemRoom:
        """Keep at most so many bytes from now on; what was not used for longest goes."""
        self._store.change_settings({LIMIT: str(limit)})
        self.cache.limit = limit
        self.cache.tidy()
        return self.room()

    def clear(self) -> StemRoom:
        """Remove all stems; they are computed again where they are needed."""
        self.cache.clear()
        return self.room()
