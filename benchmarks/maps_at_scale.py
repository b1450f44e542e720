"""Maps of planted singers: time, memory, and how many neighbours a map keeps.

    python benchmarks/maps_at_scale.py [--tracks 2000 10000] [--methods ours sklearn pca]
                                       [--seed 0] [--cancel]

Each map is made in its own process, one after the other, and told as a line of a table.
`umap` needs `pip install umap-learn`, which the program itself does not need.
Times on a busy machine say little; the processor's seconds say more. `kept` is the share of
a track's ten nearest that are among its ten nearest on the map, `trust` the trustworthiness
(Venna and Kaski, 2001) at ten neighbours, both over 500 tracks. `first` is when the first
picture is there. With `--cancel`, a map is cancelled after 1, 2, 4, ... 32 seconds instead.
"""

import argparse
import json
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import numpy as np

from vocal_explorer.base.errors import Cancelled
from vocal_explorer.base.progress import Control, Progress

N_DIMENSIONS = 256
TRACKS_OF_A_SINGER = 25
K = 10
HEADER = (
    "| method | tracks | seconds | processor seconds | first | most memory (MB) | kept | trust |"
)

Points = np.ndarray
Times = dict[str, float]


def planted_tracks(n_tracks: int, seed: int = 0) -> np.ndarray:
    """Return unit vectors (n, 256) of singers in genres, some with few tracks and some with many.

    Directions matter less and less, as those of learnt embeddings do, and each track differs
    from its singer's middle.
    """
    rng = np.random.default_rng(seed)
    scales = (1 / np.sqrt(1 + np.arange(N_DIMENSIONS) / 8)).astype(np.float32)

    def drawn(n: int) -> np.ndarray:
        return rng.standard_normal((n, N_DIMENSIONS), dtype=np.float32) * scales

    n_singers = max(4, n_tracks // TRACKS_OF_A_SINGER)
    genres = drawn(max(3, round(n_singers**0.5)))
    singers = 0.8 * genres[rng.integers(0, len(genres), n_singers)] + drawn(n_singers)
    sizes = rng.pareto(1.5, n_singers) + 1
    chosen = rng.choice(n_singers, n_tracks, p=sizes / sizes.sum())
    vectors = np.empty((n_tracks, N_DIMENSIONS), np.float32)
    for rows in np.array_split(np.arange(n_tracks), n_tracks // 20_000 + 1):
        noise = 0.15 * rng.standard_normal((len(rows), N_DIMENSIONS), dtype=np.float32)
        part = singers[chosen[rows]] + 0.7 * drawn(len(rows)) + noise
        vectors[rows] = part / np.linalg.norm(part, axis=1, keepdims=True)
    return vectors


def neighbours_kept(vectors: np.ndarray, points: Points, seed: int = 0) -> tuple[float, float]:
    """Return the share of the ten nearest that are kept, and the trustworthiness."""
    n = len(vectors)
    rows = np.random.default_rng(seed).choice(n, min(500, n), replace=False)
    kept = lost = 0.0
    for row in rows:
        similar = vectors @ vectors[row]
        similar[row] = -np.inf
        far = ((points - points[row]) ** 2).sum(axis=1)
        far[row] = np.inf
        on_map = np.argpartition(far, K)[:K]
        ranks = np.array([(similar > similar[other]).sum() + 1 for other in on_map])
        kept += (ranks <= K).mean()
        lost += np.maximum(0, ranks - K).sum()
    n_rows = len(rows)
    return kept / n_rows, 1 - 2 * lost / (n_rows * K * (2 * n - 3 * K - 1))


def ours(vectors: np.ndarray, seed: int, times: Times) -> Points:
    from vocal_explorer.maps.projection import project

    began = time.perf_counter()

    def show(_points: Points) -> None:
        times.setdefault("first", time.perf_counter() - began)

    return project(vectors, seed, show=show).points


def by_sklearn(vectors: np.ndarray, seed: int, _times: Times) -> Points:
    """Make a map as the program did before."""
    from sklearn.manifold import TSNE

    return TSNE(metric="cosine", init="pca", random_state=seed, n_jobs=1).fit_transform(vectors)


def by_umap(vectors: np.ndarray, seed: int, _times: Times) -> Points:
    import umap

    return umap.UMAP(metric="cosine", random_state=seed, n_jobs=1).fit_transform(vectors)


def by_components(vectors: np.ndarray, _seed: int, _times: Times) -> Points:
    from vocal_explorer.maps.principal import principal_plane

    return principal_plane(vectors)


METHODS: dict[str, Callable[[np.ndarray, int, Times], Points]] = {
    "ours": ours,
    "sklearn": by_sklearn,
    "umap": by_umap,
    "pca": by_components,
}


def measure(method: str, n_tracks: int, seed: int) -> dict[str, object]:
    """Make one map and say what it took; imports and compilation count."""
    vectors = planted_tracks(n_tracks, seed)
    times: Times = {}
    wall, processor = time.perf_counter(), time.process_time()
    points = METHODS[method](vectors, seed, times)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    kept, trust = neighbours_kept(vectors, np.asarray(points, np.float64))
    return {
        "method": method,
        "tracks": f"{n_tracks:,}",
        "seconds": f"{wall:.1f}",
        "processor": f"{processor:.1f}",
        "first": f"{times['first']:.1f} s" if times else "",
        "memory": f"{memory:.0f}",
        "kept": f"{kept:.3f}",
        "trust": f"{trust:.3f}",
    }


def tell_cancels(n_tracks: int, seed: int) -> None:
    """Cancel maps and say how long they go on."""
    from vocal_explorer.maps.projection import project

    vectors = planted_tracks(n_tracks, seed)
    took = []
    for delay in (1, 2, 4, 8, 16, 32):
        control, asked = Control(), [0.0]

        def cancel(control: Control = control, asked: list[float] = asked) -> None:
            asked[0] = time.perf_counter()
            control.cancel()

        timer = threading.Timer(delay, cancel)
        timer.start()
        try:
            project(vectors, seed, progress=Progress(control=control))
            timer.cancel()
            break
        except Cancelled:
            took.append(f"after {delay} s: {time.perf_counter() - asked[0]:.2f} s")
    print(f"{n_tracks:,} tracks, a cancel is heard: {', '.join(took)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tracks", type=int, nargs="+", default=[2_000, 10_000])
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=["ours", "sklearn", "pca"])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cancel", action="store_true")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)  # in its process
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.methods[0], options.tracks[0], options.seed)))
        return
    if options.cancel:
        for n_tracks in options.tracks:
            tell_cancels(n_tracks, options.seed)
        return
    print(HEADER, "|" + " --- |" * HEADER.count(" | ") + " --- |", sep="\n", flush=True)
    for n_tracks in options.tracks:
        for method in options.methods:
            command = [sys.executable, __file__, "--one", "--methods", method]
            command += ["--tracks", str(n_tracks), "--seed", str(options.seed)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            print(
                "|", " | ".join(json.loads(done.stdout.splitlines()[-1]).values()), "|", flush=True
            )


if __name__ == "__main__":
    main()
