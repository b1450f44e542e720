"""Where a library keeps what is found of its tracks."""

from dataclasses import dataclass
from pathlib import Path

from vocal_explorer.library.store.store import Store
from vocal_explorer.separation.stem_cache import StemCache


@dataclass(frozen=True)
class LibraryPlace:
    """The folder of a library, its tables, and the stems of its tracks."""

    folder: Path
    store: Store
    cache: StemCache
