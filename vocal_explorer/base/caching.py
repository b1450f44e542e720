"""Values kept in memory: the most recently used ones, and those that are made once."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class LruCache(Generic[T]):
    """Keeps the values of the keys that were used last, for any thread.

    Parameters
    ----------
    n_kept
        How many at most.
    """

    def __init__(self, n_kept: int) -> None:
        self._n_kept = n_kept
        self._values: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the value of a key; two threads that lack it at once both make it."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        self.put(key, value)
        return value

    def find(self, key: Hashable) -> T | None:
        """Return the value of a key, None if it is not kept."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: Hashable, value: T) -> None:
        """Keep a value, and let go what was not used for longest."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._n_kept:
                self._values.popitem(last=False)


class Lazy(Generic[T]):
    """Makes a value at its first use, in whatever thread that is; a failure is tried again."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: list[T] = []
        self._lock = threading.Lock()

    def __call__(self) -> T:
        """Return the value."""
        with self._lock:
            if not self._made:
                self._made.append(self._make())
            return self._made[0]


class Versioned(Generic[T]):
    """A value that is looked up again only when a version number is another one.

    Parameters
    ----------
    version
        Returns the number; cheap.
    look_up
        Returns the value; what it raises is not kept.
    """

    def __init__(self, version: Callable[[], int], look_up: Callable[[], T]) -> None:
        self._version = version
        self._look_up = look_up
        self._kept: tuple[int, T] | None = None

    def __call__(self) -> T:
        """Return the value."""
        kept = self._kept
        return self.again() if kept is None or kept[0] != self._version() else kept[1]

    def again(self) -> T:
        """Return the value, looked up again because it may be another one all the same."""
        kept = (self._version(), self._look_up())
        self._kept = kept
        return kept[1]
