"""Two processes on one stem cache: every read gives whole stems or none, and all end well."""

import subprocess
import sys
from pathlib import Path

import pytest

from vocal_explorer.base.records.signals import Stem
from vocal_explorer.separation.stem_cache import UNFINISHED, StemCache

# Saves and reads the entries 0 to 5 in its own order; stem n is the constant n / 100.
WORKER = """
import sys
import numpy as np
from pathlib import Path
from vocal_explorer.base.records.signals import Stem, Stems
from vocal_explorer.separation.stem_cache import StemCache

folder, seed, limit, rounds = Path(sys.argv[1]), *map(int, sys.argv[2:])
cache, rng = StemCache(folder, limit), np.random.default_rng(seed)
n_read = n_absent = 0
print("ready", flush=True)
sys.stdin.readline()
for _ in range(rounds):
    number = int(rng.integers(6))
    if rng.random() < 0.5:
        noise = np.random.default_rng(number).uniform(-0.5, 0.5, (2, 60_000)).astype(np.float32)
        with cache.writing(f"track{number}", "s-1") as writer:
            for piece in np.array_split(noise, 3, axis=1):
                writer.write(Stems(piece, -piece, 44_100))
    else:
        part = Stem.VOCALS if rng.random() < 0.5 else Stem.ACCOMPANIMENT
        loaded = cache.load(f"track{number}", "s-1", part)
        if loaded is None:
            n_absent += 1
            continue
        sign = 1 if part is Stem.VOCALS else -1
        noise = np.random.default_rng(number).uniform(-0.5, 0.5, (2, 60_000))
        np.testing.assert_allclose(loaded[0], sign * noise, atol=1e-4)
        n_read += 1
print(n_read, n_absent)
"""
ONE_ENTRY = 2 * 60_000 * 2 * 2


@pytest.mark.parametrize(("limit", "rounds"), [(100 * ONE_ENTRY, 60), (ONE_ENTRY * 5 // 2, 60)])
def test_two_processes_save_read_and_evict_the_same_entries(
    tmp_path: Path, limit: int, rounds: int
) -> None:
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, tmp_path, str(seed), str(limit), str(rounds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for seed in (1, 2)
    ]
    for worker in workers:  # both are loaded: from here on they run at the same time
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("\n")
        worker.stdin.flush()
    outputs = [worker.communicate(timeout=120) for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0], outputs
    assert sum(int(output.split()[0]) for output, _ in outputs) > 10
    assert not list(tmp_path.glob(f"{UNFINISHED}*"))
    cache = StemCache(tmp_path, limit)
    kept = [cache.load(f"track{n}", "s-1", Stem.VOCALS) is not None for n in range(6)]
    folders = list(tmp_path.glob("*/*/*"))
    assert sum(kept) == len(folders) > 0
    size = sum(file.stat().st_size for file in tmp_path.rglob("*.flac"))
    assert size <= limit
