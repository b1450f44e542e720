"""What is kept, when it is made again, and what is said where it cannot be kept."""

from pathlib import Path

import numpy as np
import pytest

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.training.banks.array_cache import ArrayCache


def test_arrays_are_made_once_for_each_key(tmp_path: Path) -> None:
    made: list[str] = []

    def make(name: str) -> dict[str, np.ndarray]:
        made.append(name)
        return {"a": np.arange(3, dtype=np.uint8), "b": np.full(2, len(made))}

    for _ in range(2):
        for key in ("one", "two"):
            kept = ArrayCache(tmp_path / "new").get(key, lambda key=key: make(key))
            assert kept["a"].dtype == np.uint8
            assert kept["b"].tolist() == [1 + (key == "two")] * 2
    assert made == ["one", "two"]
    assert {path.suffix for path in (tmp_path / "new").iterdir()} == {".npz"}


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        ArrayCache(tmp_path / "new").get("key", lambda: {"a": np.arange(1 // 0)})
    assert not (tmp_path / "new").exists()


def test_a_file_where_the_folder_should_be_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(VocalExplorerError, match=r"cannot be kept in .*taken: "):
        ArrayCache(tmp_path / "taken").get("key", lambda: {"a": np.arange(3)})
