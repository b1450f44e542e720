"""Values about all rows of a library that cost much and change little."""

from collections.abc import Callable
from typing import Generic, TypeVar

from vocal_explorer.ranking.upkeep.indexed_rows import IndexedRows

T = TypeVar("T")


class KeptUp(Generic[T]):
    """A value that is computed when it is first asked for, and brought up to date later.

    Any thread may ask; two that ask at once both compute.

    Parameters
    ----------
    make
        Computes the value from nothing.
    update
        Computes the value of rows from that of the same rows before, None if it cannot.
    """

    def __init__(
        self,
        make: Callable[[IndexedRows], T],
        update: Callable[[T, IndexedRows, IndexedRows], T | None],
    ) -> None:
        self._make = make
        self._update = update
        self._kept: tuple[IndexedRows, T] | None = None

    def of(self, rows: IndexedRows) -> T:
        """Return the value of rows."""
        kept = self._kept
        if kept is not None and kept[0] is rows:
            return kept[1]
        found = None
        if kept is not None and rows.follows(kept[0]):
            found = self._update(kept[1], kept[0], rows)
        if found is None:
            found = self._make(rows)
        self._kept = (rows, found)
        return found
