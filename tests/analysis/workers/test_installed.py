from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from vocal_explorer.analysis.workers.installed import (
    SPARED_BYTES,
    WORKER_BYTES,
    InstalledTools,
    default_workers,
    local_workers,
)
from vocal_explorer.analysis.workers.local import n_processors

TOOLS = InstalledTools("embedded", Path("pair"), Path("stems"), 1)


def memory(monkeypatch: pytest.MonkeyPatch, n_bytes: int) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=n_bytes))


def test_there_are_as_many_workers_as_memory_and_processors_allow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    memory(monkeypatch, 0)
    assert default_workers() == 1
    memory(monkeypatch, 10**15)
    assert default_workers() == n_processors()
    monkeypatch.setattr("vocal_explorer.analysis.workers.installed.n_processors", lambda: 64)
    memory(monkeypatch, SPARED_BYTES + 5 * WORKER_BYTES)
    assert default_workers() == 5
    assert local_workers(TOOLS).n_workers == 5
    assert local_workers(TOOLS, 3).n_workers == 3
    reference = InstalledTools("spleeter-reference", Path("pair"), Path("stems"), 1)
    assert local_workers(reference).n_workers == 1
