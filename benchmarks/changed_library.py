"""How soon a click is answered after a track was saved, beside an earlier release.

    python benchmarks/changed_library.py RELEASE [--tracks 10000 100000] [--repeats 7]

RELEASE is the folder of a checkout of the release, 0eda42d for example. Both programs get a
copy of one library of invented tracks, with embeddings as long as real ones, and each runs in a
process of its own, one after the other. A session is opened and asked once. Then a track is
saved and a click follows, again and again: the tracks and the singers most similar to a track
are asked for. What is told is the median time from the saved track to both answers, and, to see
what else there is, the time of a click without a change, after a changed singer and a changed
setting, and what opening the library and the first click took.
"""

import argparse
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

N_DIMENSIONS = 256
TIMES_FASTER = 20  # what a click after a saved track must be
FIRST = ("Anna", "Björk", "Carl", "Dea", "Emil", "Fay", "Gus", "Łucja")
LAST = ("Lind", "Ólafs", "Moss", "Nowak", "Sato", "O'Neill", "Rome")
WORDS = ("Silver", "Morning", "River", "Paper", "Hollow", "Northern", "Velvet", "Golden")
MODEL, SEPARATOR = "invented", "invented-1"
STEPS = ("a saved track", "a changed singer", "a changed setting", "nothing")
IDENTITY = "(SELECT track_id FROM files ORDER BY path LIMIT 1 OFFSET 3)"

INSERT_FILE = """INSERT INTO files (path, track_id, size, mtime_ns, missing, error)
    VALUES (?, ?, 1, 1, 0, '')"""


class NamedSeparator:
    """Stands for a separator; nothing is separated here."""

    name, version = "invented", "1"


class NamedEmbedder:
    """Stands for an embedder; the embeddings are there already."""

    model_id = MODEL


class Program:
    """The parts of a release that are used here, by the names that they have in it."""

    def __init__(self) -> None:
        try:
            from vocal_explorer.base.records.signals import Domain
            from vocal_explorer.base.records.tracks import Track
            from vocal_explorer.library.store import database, records, store
        except ModuleNotFoundError:  # up to 0eda42d
            from vocal_explorer.index import database, store
            from vocal_explorer.index import store as records
            from vocal_explorer.records import Domain, Track
        self.database: Any = database.Database
        self.store: Any = store.Store
        self.key: Any = records.EmbeddingKey(MODEL, SEPARATOR)
        self.stamp: Any = records.FileStamp(1, 1)
        self.domains: Any = tuple(Domain)
        self.track: Any = Track

    def open(self, folder: Path) -> Any:
        from vocal_explorer.session import Session

        return Session(
            folder,
            make_separator=lambda _name: NamedSeparator(),
            make_embedder=lambda _folder: NamedEmbedder(),
            is_installed=lambda _name: True,
        )


def invented(number: int) -> tuple[str, str, str, str, int]:
    """Return id, title, singer, album and year of a track; ids are hashes, as real ones are."""
    singer = f"{FIRST[number % 8]} {LAST[number % 7]} {number // 560}"
    title = f"{WORDS[number % 8]} {WORDS[number // 8 % 8]} {number}"
    identity = hashlib.sha256(str(number).encode()).hexdigest()
    return identity, title, singer, f"Album {number % 40}", 1960 + number % 60


def make_library(folder: Path, n_tracks: int, seed: int = 0) -> None:
    """Fill a library at once, in the tables that all releases have."""
    program, rng = Program(), np.random.default_rng(seed)
    database = program.database(folder)
    with database.writing() as connection:
        for number in range(n_tracks):
            track_id, *said = invented(number)
            connection.execute(
                "INSERT INTO tracks VALUES (?, ?, ?, ?, ?, 180, NULL)", (track_id, *said)
            )
            path = os.fsencode(f"/music/{said[1]}/{number:07}.flac")
            connection.execute(INSERT_FILE, (path, track_id))
            vectors = rng.standard_normal((2, N_DIMENSIONS)).astype("<f4")
            connection.executemany(
                "INSERT INTO embeddings VALUES (?, ?, ?, ?, ?)",
                [
                    (track_id, domain, MODEL, SEPARATOR, vector.tobytes())
                    for domain, vector in zip(program.domains, vectors, strict=True)
                ],
            )
            connection.execute(
                "INSERT INTO vocal_presences VALUES (?, ?, 0.8)", (track_id, SEPARATOR)
            )
    database.close()


def measure(folder: Path, repeats: int) -> dict[str, float]:
    """Return the seconds of each step, in memory MB after all."""
    program, rng = Program(), np.random.default_rng(1)
    began = time.perf_counter()
    session = program.open(folder)
    tracks = session.tracks()
    found = {"opening": time.perf_counter() - began}
    query = tracks[len(tracks) // 2].track_id
    database = program.database(folder)  # as another process, or a scan, has it
    store = program.store(database)

    def click() -> float:
        began = time.perf_counter()
        n_found = len(session.similar_tracks(query)) + len(session.rank_singers(query))
        assert n_found == 40
        return time.perf_counter() - began

    def save_track(number: int) -> None:
        track_id, title, singer, album, year = invented(10**7 + number)
        path = Path(f"/music/new/{number}.flac")
        track = program.track(track_id, path, title, singer, album, year, vocal_presence=0.8)
        vectors = rng.standard_normal((2, N_DIMENSIONS)).astype(np.float32)
        embeddings = dict(zip(program.domains, vectors, strict=True))
        store.save_track(track, program.stamp, program.key, embeddings)

    def change_singer(number: int) -> None:
        with database.writing() as connection:
            connection.execute(
                f"UPDATE tracks SET user_singer = ? WHERE track_id = {IDENTITY}", (f"S {number}",)
            )

    def change_setting(number: int) -> None:
        with database.writing() as connection:
            setting = ("a setting", str(number))
            connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", setting)

    changes: tuple[Callable[[int], None], ...] = (
        save_track,
        change_singer,
        change_setting,
        lambda _number: None,
    )
    found["first click"] = click()
    click()
    for step, change in zip(STEPS, changes, strict=True):
        times = []
        for number in range(repeats):
            change(number)
            times.append(click())
        found[step] = statistics.median(times)
    found["memory"] = peak_memory()
    session.close()
    return found


def peak_memory() -> float:
    """Return the most memory that this process had, in MB."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(program: Path, *arguments: object) -> str:
    """Run this script in a new process with the package in `program`; return what it prints."""
    command = [sys.executable, __file__, str(program), *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": str(program)}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    return done.stdout


def compare(release: Path, n_tracks: int, repeats: int) -> bool:
    """Print what both programs need; return whether the new one is fast enough."""
    new = Path(__file__).parent.parent
    with tempfile.TemporaryDirectory() as temporary:
        made, found = Path(temporary) / "made", []
        run(release, "--make", made, "--tracks", n_tracks)
        for program in (release, new):
            folder = Path(temporary) / f"of {len(found)}"
            shutil.copytree(made, folder)
            printed = run(program, "--measure", folder, "--repeats", repeats)
            found.append(json.loads(printed))
            shutil.rmtree(folder)
    load = os.getloadavg()[0]
    print(f"{n_tracks:,} tracks; load {load:.1f} on {os.cpu_count()} cores; before, now, ratio")
    for name in ("opening", "first click", *STEPS):
        before, now = (1000 * times[name] for times in found)
        print(f"  {name:18} {before:9.1f} ms {now:9.1f} ms {before / now:7.1f}")
    print(f"  {'most memory':18} {found[0]['memory']:9.0f} MB {found[1]['memory']:9.0f} MB")
    return bool(found[0][STEPS[0]] >= TIMES_FASTER * found[1][STEPS[0]])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("release", type=Path, help="folder of a checkout of the earlier release")
    parser.add_argument("--tracks", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.make:
        make_library(wanted.make, wanted.tracks[0])
    elif wanted.measure:
        json.dump(measure(wanted.measure, wanted.repeats), sys.stdout)
    else:
        fast = [compare(wanted.release.resolve(), n, wanted.repeats) for n in wanted.tracks]
        verdict = "ok" if all(fast) else "TOO SLOW"
        print(f"after a saved track at least {TIMES_FASTER} times as fast: {verdict}")
        sys.exit(not all(fast))


if __name__ == "__main__":
    main()
