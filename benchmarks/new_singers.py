"""How well encoder pairs know new singers, clean, isolated and in mixes, and acts by their songs.

    python benchmarks/new_singers.py PACK models/cross-sp [more pairs] --cache DIR

PACK is a folder with a pack.csv (file, domain, singer, track, source): `vocals` of singers that
no pair was trained on, a `mix` of each with music (same track), and released songs (`song`).
Every track is once the query, left out of its singer's model, among the singers of its source:
top-1, mean over the sources. Songs: mean average precision of finding an act's other songs;
"centred" without what all have in common. "isolated" has, as V, the vocals that the embedded
separator finds in the mixes. Intervals (95 %) are from a bootstrap over the singers of each
source. DIR keeps the segments that the app would hear, so that each pair only embeds them.
"""

import argparse
import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vocal_explorer.analysis.embedder import TrackEmbedder
from vocal_explorer.analysis.pipeline import embed_file
from vocal_explorer.analysis.track_listener import track_embedding
from vocal_explorer.base.config import MelConfig
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.ranking import Space
from vocal_explorer.base.records.signals import Domain, Embedding, Waveform
from vocal_explorer.datasets.labelled import LabelledTrack
from vocal_explorer.encoders.runtime import load_runtime
from vocal_explorer.evaluation.embeddings import EmbeddedDataset, EmbeddedTracks
from vocal_explorer.evaluation.statistics.bootstrap import bootstrap_mean
from vocal_explorer.evaluation.tasks.leave_one_out import leave_one_out
from vocal_explorer.evaluation.tasks.query_by_singer import retrieval_scores
from vocal_explorer.evaluation.tasks.singer_identification import SCENARIOS
from vocal_explorer.ranking.similarity import best, space_vectors
from vocal_explorer.separation.separator import load_separator

LOUDEST = 3.0  # full scale of what is kept of a segment; leveled ones reach beyond 1
RESAMPLES = 2000


@dataclass(frozen=True)
class Row:
    file: str
    domain: str
    singer: str
    track: str
    source: str


class Keeper:
    """In the encoders' place: keeps the segments that it is given."""

    def __init__(self) -> None:
        self.config = MelConfig()
        self.segments: dict[Domain, list[np.ndarray]] = defaultdict(list)

    def encode(self, domain: Domain, segments: Waveform) -> Embedding:
        self.segments[domain].append(np.round(segments * (32767 / LOUDEST)).astype(np.int16))
        return np.ones((len(segments), 256), np.float32)


def kept_segments(pack: Path, rows: list[Row], cache: Path) -> Iterator[tuple[Row, dict]]:
    separator = load_separator("embedded")
    cache.mkdir(parents=True, exist_ok=True)
    for row in rows:
        place = cache / (row.file.replace("/", "__") + ".npz")
        if not place.exists():
            keeper = Keeper()
            embedder = TrackEmbedder("keeper", lambda keeper=keeper: keeper)
            vocals_only = row.domain == "vocals"
            embed_file(pack / row.file, separator, embedder, vocals_only, Progress())
            parts = {d.value: np.concatenate(s) for d, s in keeper.segments.items()}
            np.savez(place, **parts)
        with np.load(place) as arrays:
            yield row, {d: arrays[d.value] for d in Domain if d.value in arrays}


def embedded(
    folder: Path, pack: Path, rows: list[Row], cache: Path
) -> dict[str, dict[Domain, Embedding]]:
    runtime = load_runtime(folder)
    found = {}
    for row, parts in kept_segments(pack, rows, cache):
        found[row.file] = {
            domain: np.concatenate(
                [runtime.encode(domain, part.astype(np.float32) * (LOUDEST / 32767))
                 for part in np.array_split(segments, -(-len(segments) // 8))]
            )
            for domain, segments in parts.items()
        }  # fmt: skip
    return found


def identification(
    rows: list[Row], segments: list[dict[Domain, Embedding]], seed: int
) -> dict[str, tuple[float, float, float]]:
    tracks = tuple(
        LabelledTrack(row.track, f"{row.source} {row.singer}", Path(row.file), group=row.source)
        for row in rows
    )
    found = list(leave_one_out(EmbeddedDataset(tracks, tuple(segments))).values())
    result = {}
    for scenario in SCENARIOS:
        hits = [one.ranks[scenario] == 1 for one in found]
        mean = float(np.mean([hit.mean() for hit in hits]))
        draws = [_draws(hit, one.singers, seed) for hit, one in zip(hits, found, strict=True)]
        result[scenario] = (mean, *np.percentile(np.mean(draws, axis=0), [2.5, 97.5]).tolist())
    return result


def _draws(hits: np.ndarray, singers: tuple[str, ...], seed: int) -> np.ndarray:
    """Return the mean of `hits` in each of RESAMPLES draws of as many singers."""
    _, places = np.unique(np.array(singers), return_inverse=True)
    sums, counts = np.bincount(places, weights=hits), np.bincount(places)
    chosen = np.random.default_rng(seed).integers(len(sums), size=(RESAMPLES, len(sums)))
    return np.asarray(sums[chosen].sum(axis=1) / counts[chosen].sum(axis=1))


def songs(
    rows: list[Row], tracks: EmbeddedTracks, seed: int
) -> dict[str, tuple[float, float, float]]:
    acts = np.array([row.singer for row in rows])
    result = {}
    for name, space in (("M", Space.M), ("V", Space.V), ("[M,V]", Space.JOINT)):
        for centred in (False, True):
            common = [0.0, 0.0]
            if centred:
                common = [tracks.vocals.mean(axis=0), tracks.mix.mean(axis=0)]
            vectors = space_vectors(tracks.vocals - common[0], tracks.mix - common[1], space)
            precisions, queries = [], []
            for index, act in enumerate(acts):
                others = np.arange(len(acts)) != index
                relevant = acts[others] == act
                if relevant.any():
                    order = best(vectors[others] @ vectors[index], len(acts) - 1)
                    precisions.append(retrieval_scores(relevant[order])[-1])
                    queries.append(act)
            mean = bootstrap_mean(precisions, seed, groups=queries)
            title = f"songs {name}" + (" centred" if centred else "")
            result[title] = (mean.mean, mean.low, mean.high)
    return result


def scores(
    folder: Path, pack: Path, rows: list[Row], cache: Path, seed: int
) -> dict[str, tuple[float, float, float]]:
    found = embedded(folder, pack, rows, cache)
    sung = [row for row in rows if row.domain == "vocals"]
    mixes = {row.track: found[row.file] for row in rows if row.domain == "mix"}
    clean = [found[row.file] | {Domain.MIX: mixes[row.track][Domain.MIX]} for row in sung]
    isolated = [mixes[row.track] for row in sung]
    released = [row for row in rows if row.domain == "song"]
    tracks = EmbeddedTracks(
        *(np.stack([track_embedding(found[row.file][domain]) for row in released])
          for domain in (Domain.VOCALS, Domain.MIX)),
        tuple(row.singer for row in released),
    )  # fmt: skip
    result = identification(sung, clean, seed)
    result |= {f"isolated {k}": v for k, v in identification(sung, isolated, seed).items()}
    return result | songs(released, tracks, seed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pack", type=Path)
    parser.add_argument("pairs", type=Path, nargs="+")
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    with (asked.pack / "pack.csv").open(encoding="utf-8", newline="") as lines:
        rows = [Row(**row) for row in csv.DictReader(lines)]
    for folder in asked.pairs:
        table = scores(folder, asked.pack, rows, asked.cache, asked.seed)
        print(json.dumps({"pair": str(folder), "scores": table}))
        for name, (mean, low, high) in table.items():
            print(f"{name:22} {mean:.3f} [{low:.3f}, {high:.3f}]")


if __name__ == "__main__":
    main()
