"""Does the learned ranking find accompaniments that a voice belongs to? Measured on MIR-1K.

    python benchmarks/match_ranking.py DATA models/mixed models/cross models/cross-sp

DATA is a folder with a manifest. Each song's isolated vocals are the query, the mixes of all
songs the gallery: its own mix should come first, and then those of the same singer (its own
mix, and songs over the same karaoke recording, left out). Singers that no encoder was trained
on are told apart. Chance is the mean over random rankings.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.metrics import average_precision_score

from vocal_explorer.analysis.embedder import load_embedder
from vocal_explorer.audio.files import read_audio
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.base.vectors import unit_rows
from vocal_explorer.datasets.manifest import (
    SAME_MUSIC,
    kept_singers,
    load_manifest,
    split_for_training,
)

RATE = 22_050  # Hz
SOURCE = "mir1k"
N_SHUFFLES = 50


@dataclass(frozen=True)
class Song:
    folder: Path
    singer: str
    kept_back: bool  # from training

    @property
    def name(self) -> str:
        return "/".join(self.folder.parts[-3:])


@dataclass(frozen=True)
class Scores:
    own_first: float
    own_rank: float
    precision: float  # mean average precision of the singer's other mixes
    chance: float
    n_songs: int


def songs(data: Path) -> list[Song]:
    _, validation = split_for_training(load_manifest(data), kept_singers(data))
    kept_back = {recording.path for recording in validation}
    return [
        Song(recording.path.parent, recording.singer, recording.path in kept_back)
        for recording in load_manifest(data)
        if recording.domain == "vocals" and recording.path.parts[-4] == SOURCE
    ]


def similarities(pair: Path, found: list[Song]) -> np.ndarray:
    """Return the cosine of f_v of each song's vocals with f_m of each song's mix, (n, n)."""
    embedder = load_embedder(pair)
    vocals, mix = [], []
    for song in found:
        stems = [
            read_audio(song.folder / f"{stem}.opus", RATE, 1)[0]
            for stem in ("vocals", "accompaniment")
        ]
        n_samples = min(stem.shape[1] for stem in stems)
        sung, played = (stem[:, :n_samples] for stem in stems)
        rows = embedder.embed(sung + played, sung, RATE, Progress())
        vocals.append(rows[Domain.VOCALS])
        mix.append(rows[Domain.MIX])
    return unit_rows(np.stack(vocals)) @ unit_rows(np.stack(mix)).T


def scores(table: np.ndarray, found: list[Song], queries: list[int]) -> Scores:
    rng = np.random.default_rng(0)
    ranks, precisions, chances = [], [], []
    for query in queries:
        ranks.append(1 + int((table[query] > table[query, query]).sum()))
        others = [row for row in range(len(found)) if not same_music(found[query], found[row])]
        right = np.array([found[row].singer == found[query].singer for row in others])
        if right.any():
            precisions.append(average_precision_score(right, table[query, others]))
            shuffled = (rng.permutation(len(others)) for _ in range(N_SHUFFLES))
            chances.append(np.mean([average_precision_score(right, s) for s in shuffled]))
    return Scores(
        float(np.mean(np.array(ranks) == 1)),
        float(np.mean(ranks)),
        float(np.mean(precisions)),
        float(np.mean(chances)),
        len(queries),
    )


def same_music(song: Song, other: Song) -> bool:
    return song == other or any({song.name, other.name} <= group for group in SAME_MUSIC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("pairs", type=Path, nargs="+")
    asked = parser.parse_args()
    found = songs(asked.data)
    groups = {
        "all": list(range(len(found))),
        "kept back": [row for row, song in enumerate(found) if song.kept_back],
    }
    print("| pair | singers | songs | own mix first | mean rank | mAP, same singer | chance |")
    print("|---|---|---|---|---|---|---|")
    for pair in asked.pairs:
        table = similarities(pair, found)
        for name, queries in groups.items():
            s = scores(table, found, queries)
            print(
                f"| {pair.name} | {name} | {s.n_songs} | {s.own_first:.2f} | {s.own_rank:.1f} "
                f"| {s.precision:.3f} | {s.chance:.3f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
