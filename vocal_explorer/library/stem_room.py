"""How much room the stems of a library take, how much they may take, and where."""

from pathlib import Path

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.library import StemRoom
from vocal_explorer.library.store.store import Store
from vocal_explorer.separation.stem_cache import DEFAULT_LIMIT, StemCache

LIMIT = "stems limit"  # the library's setting, in bytes
FOLDER = "stems folder"  # the library's setting; empty is its own folder
NAME = "vocal-explorer stems"  # of a folder of our own, where the user chose another place


class StemSettings:
    """Reads and changes limit and folder; every method may be called from any thread.

    Parameters
    ----------
    folder
        Where stems lie unless the user chose another place, and that place is there.
    store
        Keeps the settings.

    Attributes
    ----------
    cache
        The stems; the same object wherever they lie.
    """

    def __init__(self, folder: Path, store: Store) -> None:
        self._store = store
        limit, chosen = store.settings.get(LIMIT), Path(store.settings.get(FOLDER) or folder)
        self.cache = StemCache(
            chosen if chosen.parent.is_dir() else folder,
            int(limit) if limit.isdecimal() else DEFAULT_LIMIT,
        )

    def room(self) -> StemRoom:
        """Return where stems lie, and how many bytes they take and may take."""
        return StemRoom(self.cache.folder, self.cache.used(), self.cache.limit)

    def set_limit(self, limit: int) -> StemRoom:
        """Keep at most so many bytes from now on; what was not used for longest goes."""
        self._store.settings.change({LIMIT: str(limit)})
        self.cache.limit = limit
        self.cache.tidy()
        return self.room()

    def move(self, place: Path, take_along: bool, progress: Progress | None = None) -> StemRoom:
        """Keep stems in a folder of their own in another place from now on.

        Parameters
        ----------
        place
            A folder, on another drive maybe.
        take_along
            Whether the kept stems go there too; else they stay, and are not used any more.
        progress
            Until all are copied, cancelling leaves everything as it was.

        Raises
        ------
        Cancelled, VocalExplorerError
            If the user cancelled, or that folder cannot be used, or they do not fit;
            everything is as it was then.
        """
        old, new = StemCache(self.cache.folder), StemCache(place.absolute() / NAME)
        if new.folder == old.folder or old.folder in new.folder.parents:
            raise VocalExplorerError(f"The stems are in {old.folder} already.")
        new.require_room()
        moved = old.copy_to(new, progress or Progress()) if take_along else []
        self._store.settings.change({FOLDER: str(new.folder)})
        self.cache.folder = new.folder
        old.remove(moved)
        return self.room()

    def clear(self) -> StemRoom:
        """Remove all stems; they are computed again where they are needed."""
        self.cache.clear()
        return self.room()
