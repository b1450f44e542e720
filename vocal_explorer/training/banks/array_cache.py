"""Arrays that take long to make, kept in a folder."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.files import replacing


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
        """Return the arrays of `key`, which says all that they follow from; make them if needed.

        Raises
        ------
        VocalExplorerError
            If they cannot be kept.
        """
        digest = hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()
        place = self._folder / f"{digest[:24]}.npz"
        if not place.exists():
            self._save(place, make())
        with np.load(place) as arrays:
            return dict(arrays)

    def _save(self, place: Path, arrays: dict[str, NDArray[Any]]) -> None:
        try:
            with replacing(place) as temporary, temporary.open("wb") as file:
                np.savez(file, **arrays)  # type: ignore[arg-type]
        except OSError as error:
            raise VocalExplorerError(
                f"What was prepared cannot be kept in {self._folder}: {error.strerror}."
            ) from error
