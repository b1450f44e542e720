"""How long the window keeps the user waiting with a large library.

    python benchmarks/large_library.py [--tracks 10000] [--repeats 5] [--busy 1]

The library holds invented tracks with random embeddings; its maps are made already, its files
lie, empty, in a folder that it remembers. Each repeat starts the program anew, as a user does,
in a process of its own: the window opens, loads the library, draws both maps, looks for
changes in the folder, and meanwhile loads what analysis needs. Then a search is typed, and
tracks are selected.

A timer ticks in the window's event loop; a stall is the longest time between two ticks, so it
is at least the longest time that one event took. In brackets is how much of it the window's
thread computed itself. What else computes meanwhile (`--busy` starts something) is said with
the numbers.
"""

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import vocal_explorer.maps.library_maps
from vocal_explorer.app import run_gui
from vocal_explorer.base.records.signals import Domain, Embedding
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.library.folders import Folders
from vocal_explorer.library.scanning.changes import file_stamp
from vocal_explorer.library.store.database import Database
from vocal_explorer.library.store.records import EmbeddingKey, FileStamp
from vocal_explorer.library.store.store import Store
from vocal_explorer.maps.frames import Projection
from vocal_explorer.session import Session
from vocal_explorer.ui.base.style import application_object
from vocal_explorer.ui.main_window import MainWindow
from vocal_explorer.ui.window_picture import StillPlayer

LIMIT = 50.0  # ms; what no event may take
STEPS = ("opening", "typing", "selecting")
N_DIMENSIONS = 64
FIRST = ("Anna", "Björk", "Carl", "Dea", "Emil", "Fay", "Gus", "Łucja")
LAST = ("Lind", "Ólafs", "Moss", "Nowak", "Sato", "O'Neill", "Rome")
WORDS = ("Silver", "Morning", "River", "Paper", "Hollow", "Northern", "Velvet", "Golden")


class NamedSeparator:
    """Stands for a separator; nothing is separated here."""

    name = "invented"
    version = "1"


class NamedEmbedder:
    """Stands for an embedder; the embeddings are there already."""

    model_id = "invented"


class StallMeter:
    """Ticks in the event loop; between two ticks are at most `longest` ms.

    `busiest` is how many of them the window's thread computed itself; for the rest it waited
    for Python's lock or for a processor.
    """

    def __init__(self) -> None:
        self._timer = QTimer(interval=0)
        self._timer.timeout.connect(self._tick)
        self._last = self._computed = 0.0
        self.longest = self.busiest = 0.0

    def __enter__(self) -> "StallMeter":
        self._last, self._computed = time.perf_counter(), time.thread_time()
        self._timer.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._tick()
        self._timer.stop()

    def _tick(self) -> None:
        now, computed = time.perf_counter(), time.thread_time()
        self.longest = max(self.longest, 1000 * (now - self._last))
        self.busiest = max(self.busiest, 1000 * (computed - self._computed))
        self._last, self._computed = now, computed


def invented_track(number: int, rng: np.random.Generator, music: Path) -> Track:
    singer = f"{FIRST[number % 8]} {LAST[number % 7]} {number // 560}"
    title = f"{WORDS[number % 8]} {WORDS[number // 8 % 8]} {number}"
    path = music / singer / f"{number:06}.flac"
    seconds, presence = float(rng.uniform(120, 300)), float(rng.uniform(0.2, 1))
    album, year = f"Album {number % 40}", 1960 + number % 60
    return Track(
        f"{number:064x}", path, title, singer, album, year, seconds, vocal_presence=presence
    )


def make_library(folder: Path, n_tracks: int, music: Path | None = None, seed: int = 0) -> None:
    """Fill a library with invented tracks; with `music`, their empty files are made there."""
    rng, database = np.random.default_rng(seed), Database(folder)
    store = Store(database)
    key = EmbeddingKey(NamedEmbedder.model_id, f"{NamedSeparator.name}-{NamedSeparator.version}")
    for number in range(n_tracks):
        vectors = rng.standard_normal((2, N_DIMENSIONS)).astype(np.float32)
        track = invented_track(number, rng, music or Path("/music"))
        stamp = FileStamp(1, 1) if music is None else _touch(track.path)
        store.save_track(track, stamp, key, dict(zip(Domain, vectors, strict=True)))
    if music is not None:
        Folders(database).add([music])
    store.close()


def _touch(path: Path) -> FileStamp:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    stamp = file_stamp(path)
    assert stamp is not None
    return stamp


def flat_map(vectors: Embedding, **_how: object) -> Projection:
    """Lay points anywhere: how a map is computed is not what is measured."""
    return Projection(1 / (1 + np.exp(-vectors[:, :2].astype(np.float64))), np.ones(2))


def open_library(folder: Path) -> Session:
    """Open a library made by `make_library`."""
    return Session(
        folder,
        make_separator=lambda _name: NamedSeparator(),
        make_embedder=lambda _folder: NamedEmbedder(),
        is_installed=lambda _name: True,
    )


def make_maps(folder: Path) -> None:
    """Let the library keep maps, as one has that was opened before."""
    vocal_explorer.maps.library_maps.project = flat_map
    session = open_library(folder)
    for domain in Domain:
        session.maps.points(domain)
    session.close()


def settle(window: MainWindow, turns: int = 10) -> None:
    """Let the window work until nothing is left to do, and nothing begins for some turns."""
    quiet = 0
    while quiet < turns:
        QTest.qWait(5)
        busy = not window.tasks.idle or window.page.selection_pending
        quiet = 0 if busy else quiet + 1


def wait_for_tracks(window: MainWindow) -> None:
    """Wait until the table is filled and its page is shown."""
    while not (len(window.known) and window.page.isVisible()):
        QTest.qWait(5)


def type_search(window: MainWindow) -> None:
    """Type three words letter by letter, as fast as a quick typist, and delete them."""
    search = window.page.table.search
    search.setFocus()
    for key in "river lucja 1":
        QTest.keyClick(search, key)
        QTest.qWait(130)
    QTest.keyClick(search, Qt.Key.Key_Escape)
    QTest.qWait(200)


def select_tracks(window: MainWindow) -> None:
    """Walk down the table with the arrow key, and wait for rankings now and then."""
    view = window.page.table.view
    view.setFocus()
    for _ in range(5):
        for _ in range(4):
            QTest.keyClick(view, Qt.Key.Key_Down)
            QTest.qWait(20)
        settle(window)


def use_window(began: float, found: dict[str, float]) -> None:
    """Do what a user does in the window that was opened, and close it."""
    window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow))

    def step(name: str, action: Callable[[MainWindow], None]) -> None:
        with StallMeter() as meter:
            action(window)
        found[name], found[f"{name}, computing"] = meter.longest, meter.busiest

    def open_it(window: MainWindow) -> None:
        wait_for_tracks(window)
        found["usable"] = time.perf_counter() - began
        settle(window, 60)

    step("opening", open_it)
    step("typing", type_search)
    step("selecting", select_tracks)
    window.close_and_wait()


def measure(library: Path) -> dict[str, float]:
    """Start the program once; return the longest stall of each step, and s until usable."""
    found: dict[str, float] = {}
    application_object()
    QTimer.singleShot(0, lambda: use_window(time.perf_counter(), found))
    run_gui(library, open_session=open_library, make_player=lambda: StillPlayer(0.0))
    return found


def measure_anew(library: Path, home: Path) -> dict[str, float]:
    """Return what `measure` finds in a new process whose settings are in `home`.

    The system's cache of fonts stays: users have one.
    """
    places = {f"XDG_{name}_HOME": str(home / name) for name in ("CONFIG", "STATE")}
    command = [sys.executable, __file__, "--once", str(library)]
    done = subprocess.run(command, env=os.environ | places, stdout=subprocess.PIPE, check=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


@contextlib.contextmanager
def other_work(n_processes: int) -> Iterator[None]:
    """Let other processes compute meanwhile."""
    command = [sys.executable, "-c", "while True: sum(range(10_000))"]
    processes = [subprocess.Popen(command) for _ in range(n_processes)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def report(n_tracks: int, n_busy: int, runs: list[dict[str, float]]) -> None:
    usable = statistics.median(run["usable"] for run in runs)
    load, n_cores = os.getloadavg()[0], os.cpu_count()
    print(f"{n_tracks:,} tracks, usable after {usable:.2f} s (median of {len(runs)} starts)")
    print(f"  beside it: {n_busy} processes; load {load:.1f} on {n_cores} cores")
    for name in STEPS:
        verdict = "ok" if max(run[name] for run in runs) <= LIMIT else f"over {LIMIT:.0f} ms"
        numbers = ", ".join(f"{run[name]:.0f} ({run[f'{name}, computing']:.0f})" for run in runs)
        print(f"  {name}: longest stall of each start, ms: {numbers}: {verdict}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tracks", type=int, nargs="+", default=[10_000])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--busy", type=int, default=1, help="processes that compute meanwhile")
    parser.add_argument("--once", type=Path, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.once:
        json.dump(measure(wanted.once), sys.stdout)
        return
    for n_tracks in wanted.tracks:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            make_library(folder / "library", n_tracks, folder / "music")
            make_maps(folder / "library")
            with other_work(wanted.busy):
                runs = [
                    measure_anew(folder / "library", folder / f"home {number}")
                    for number in range(wanted.repeats)
                ]
        report(n_tracks, wanted.busy, runs)


if __name__ == "__main__":
    main()
