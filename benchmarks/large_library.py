"""How long the window keeps the user waiting with a large library.

    python benchmarks/large_library.py [--tracks 10000 ...]

The library holds invented tracks with random embeddings. A timer ticks in the window's event
loop; a stall is the longest time between two ticks while the library is opened, a search is
typed, and tracks are selected. Each is also given as a ratio to the same stall with 24 tracks,
measured in the same run, because a busy machine stalls even an empty window.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from vocal_explorer.app import stay_responsive
from vocal_explorer.index.database import Database
from vocal_explorer.index.projection import Projection
from vocal_explorer.index.store import EmbeddingKey, FileStamp, Store
from vocal_explorer.records import Domain, Embedding, Track
from vocal_explorer.session import Session
from vocal_explorer.ui.main_window import MainWindow
from vocal_explorer.ui.memory import WindowMemory
from vocal_explorer.ui.style import application_object, apply_style

REFERENCE = 24  # tracks
LIMIT = 50.0  # ms; what no event may take
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
    """Ticks in the event loop; `longest` is the longest time between two ticks, in ms."""

    def __init__(self) -> None:
        self._timer = QTimer(interval=0)
        self._timer.timeout.connect(self._tick)
        self._last = 0.0
        self.longest = 0.0

    def __enter__(self) -> "StallMeter":
        self._last = time.perf_counter()
        self._timer.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._tick()
        self._timer.stop()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, 1000 * (now - self._last))
        self._last = now


def invented_track(number: int, rng: np.random.Generator) -> Track:
    singer = f"{FIRST[number % 8]} {LAST[number % 7]} {number // 560}"
    title = f"{WORDS[number % 8]} {WORDS[number // 8 % 8]} {number}"
    path = Path(f"/music/{singer}/{number:06}.flac")
    seconds, presence = float(rng.uniform(120, 300)), float(rng.uniform(0.2, 1))
    album, year = f"Album {number % 40}", 1960 + number % 60
    return Track(
        f"{number:064x}", path, title, singer, album, year, seconds, vocal_presence=presence
    )


def make_library(folder: Path, n_tracks: int, seed: int = 0) -> None:
    """Fill a library with invented tracks."""
    rng, store = np.random.default_rng(seed), Store(Database(folder))
    key = EmbeddingKey(NamedEmbedder.model_id, f"{NamedSeparator.name}-{NamedSeparator.version}")
    for number in range(n_tracks):
        vectors = rng.standard_normal((2, N_DIMENSIONS)).astype(np.float32)
        track = invented_track(number, rng)
        store.save_track(track, FileStamp(1, 1), key, dict(zip(Domain, vectors, strict=True)))
    store.close()


def flat_map(vectors: Embedding) -> Projection:
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


def settle(window: MainWindow) -> None:
    """Let the window work until nothing is left to do."""
    quiet = 0
    while quiet < 10:
        QTest.qWait(5)
        busy = not window.tasks.idle or window.page.selection_pending
        quiet = 0 if busy else quiet + 1


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


def measure(n_tracks: int) -> dict[str, float]:
    """Return the longest stall of each step, in ms, and the seconds until it is usable."""
    stalls: dict[str, float] = {}

    def step(name: str, action: Callable[[], object]) -> None:
        with StallMeter() as meter:
            action()
        stalls[name] = meter.longest

    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library"
        make_library(library, n_tracks)
        session = open_library(library)
        settings = QSettings(f"{folder}/window.ini", QSettings.Format.IniFormat)
        window = MainWindow(WindowMemory(settings, library))
        window.show()
        QTest.qWait(300)
        began = time.perf_counter()
        step("opening", lambda: (window.set_session(session), settle(window)))
        stalls["seconds to open"] = time.perf_counter() - began
        step("typing", lambda: type_search(window))
        step("selecting", lambda: select_tracks(window))
        window.close()
        window.deleteLater()
        QApplication.processEvents()
        session.close()
    return stalls


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tracks", type=int, nargs="+", default=[10_000])
    sizes = parser.parse_args().tracks
    stay_responsive()
    apply_style(application_object())
    import vocal_explorer.index.maps

    vocal_explorer.index.maps.project = flat_map
    reference = measure(REFERENCE)
    for n_tracks in sizes:
        stalls = measure(n_tracks)
        print(f"{n_tracks:,} tracks, usable after {stalls['seconds to open']:.2f} s")
        for name in ("opening", "typing", "selecting"):
            ratio = stalls[name] / reference[name]
            verdict = "ok" if stalls[name] <= LIMIT else f"more than {LIMIT:.0f} ms"
            print(
                f"  {name}: longest stall {stalls[name]:.0f} ms, {ratio:.1f} times that with"
                f" {REFERENCE} tracks ({reference[name]:.0f} ms): {verdict}"
            )


if __name__ == "__main__":
    main()
