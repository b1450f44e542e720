"""Arrays that take long to make, kept in a folder."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray


class ArrayCache:
    """One file an array; an interruption leaves whole files only.

    Parameters
    ----------
    folder
        Made when it is needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str, make: Callable[[], NDArray[Any]]) -> NDArray[Any]:
        """Return the array of `key`, which says all that it follows from; make it if needed."""
        digest = hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()
        place = self._folder / f"{digest[:24]}.npy"
        if not place.exists():
            temporary = place.with_name(f".{uuid4().hex}.npy")
            self._folder.mkdir(parents=True, exist_ok=True)
            np.save(temporary, make())
            temporary.replace(place)
        array: NDArray[Any] = np.load(place)
        return array
