"""Whether a scan gets through a library in which much is broken.

    python benchmarks/broken_library.py [--files 1000] [--workers 2]

Of the files, which are short, fifty are broken in fifty ways, at one the decoder aborts, and
at one it hangs. The networks are stand-ins; everything else is what a scan does. It tells
what was analysed, how many sentences there are, the memory of this process as the scan went
on, and which processes are left.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

sys.path.append(str(Path(__file__).parents[1] / "tests" / "support"))

from broken_files import broken_files
from library_fakes import FakeEmbedder, FakeSeparator
from worker_fakes import ODD_LENGTHS, OddTools, odd_song

from vocal_explorer.analysis.workers.local import LocalWorkers
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.tracks import Track, TrackState
from vocal_explorer.session import Session

PATIENCE = 30.0  # s; shorter than in the program, for the one that hangs
SECONDS = 0.5  # of sound in each good file


def make_music(folder: Path, n_files: int) -> None:
    broken_files(folder)
    for seconds, how in ODD_LENGTHS.items():
        if how in ("aborts", "hangs"):
            odd_song(folder / f"{how}.wav", seconds)
    for number in range(n_files - 52):
        odd_song(folder / f"{number // 50:03d}" / f"{number}.wav", SECONDS, seed=number)


class Watcher:
    """Notes how much memory this process takes as the scan goes on."""

    def __init__(self) -> None:
        self.n_analysed = 0
        self.megabytes: list[float] = []

    def __call__(self, track: Track) -> None:
        if track.state is TrackState.ANALYSED:
            self.n_analysed += 1
            if self.n_analysed % 100 == 0:
                self.megabytes.append(psutil.Process().memory_info().rss / 1e6)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        run(Path(name), options.files, options.workers)


def run(folder: Path, n_files: int, n_workers: int) -> None:
    make_music(folder / "music", n_files)
    session = Session(
        folder / "library",
        make_separator=lambda _name: FakeSeparator(),
        make_embedder=lambda _folder: FakeEmbedder(),
        is_installed=lambda _name: True,
        make_team=lambda tools, _n: LocalWorkers(
            OddTools(tools.stems), n_workers, 1, patience=PATIENCE
        ),
    )
    watcher, start = Watcher(), time.monotonic()
    summary = session.scan([folder / "music"], Progress(), watcher)
    seconds = time.monotonic() - start
    left = [p for p in psutil.Process().children(recursive=True) if "spawn_main" in _line(p)]
    session.close()
    print(f"{summary.analysed} of {n_files} analysed, {len(summary.failed)} sentences")
    print(f"{seconds:.0f} s with {n_workers} workers")
    print("MB of this process, every 100 files:", *(f"{mb:.0f}" for mb in watcher.megabytes))
    print(f"{len(left)} workers are left")
    for failure in summary.failed:
        print(f"  {failure.path.name}: {failure.reason}")


def _line(process: psutil.Process) -> str:
    return " ".join(process.cmdline())


if __name__ == "__main__":
    main()
