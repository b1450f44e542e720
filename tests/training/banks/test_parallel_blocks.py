"""Work that is shared out to processes is done once, all of it."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from vocal_explorer.base.errors import Cancelled
from vocal_explorer.base.progress import Progress
from vocal_explorer.training.banks import parallel_blocks
from vocal_explorer.training.banks.parallel_blocks import in_blocks


def touch(folder: Path, names: Sequence[str]) -> None:
    for name in names:
        (folder / name).touch(exist_ok=False)


@pytest.mark.parametrize("n_workers", [1, 2])
def test_all_is_done_once(n_workers: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel_blocks, "BLOCK", 3)
    names = [str(number) for number in range(8)]
    reports: list[float] = []
    progress = Progress(lambda fraction, _message: reports.append(fraction))
    in_blocks(partial(touch, tmp_path), names, n_workers, progress, "touching")
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert len(reports) == 3


def test_a_cancelled_job_ends(tmp_path: Path) -> None:
    def cancel(_fraction: float, _message: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        in_blocks(partial(touch, tmp_path), ["a"], 1, Progress(cancel), "touching")
    assert not list(tmp_path.iterdir())
