"""Arrays that take long to make, kept in a folder."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray


class ArrayCache:
    """One file a key; an interruption leaves whole files only.

    Parameters
    ----------
    folder
        Made when it is needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str, make: Callable[[], dict[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
        """Return the arrays of `key`, which says all that they follow from; make them if needed."""
        digest = hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()
        place = self._folder / f"{digest[:24]}.npz"
        if not place.exists():
            temporary = place.with_name(f".{uuid4().hex}.npz")
            self._folder.mkdir(parents=True, exist_ok=True)
            np.savez(temporary, **make())  # type: ignore[arg-type]
            temporary.replace(place)
        with np.load(place) as arrays:
            return dict(arrays)
