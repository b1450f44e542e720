"""Render stand-ins for the data sets of vocal tagging and artist classification.

python benchmarks/synthetic_sets.py kvt DIR --singers 40 --songs 2
    makes DIR/annotation and DIR/audio, for `evaluate vocal-tagging`
python benchmarks/synthetic_sets.py artist20 DIR --singers 20 --songs 18 --albums 6
    makes DIR, for `evaluate artist-classification`
"""

import argparse
from pathlib import Path

from vocal_explorer.base.progress import Progress
from vocal_explorer.datasets.synthetic_annotation import annotate_synthetic
from vocal_explorer.datasets.synthetic_dataset import SyntheticPlan, render_dataset


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=("kvt", "artist20"))
    parser.add_argument("out", type=Path)
    parser.add_argument("--singers", type=int, default=20)
    parser.add_argument("--songs", type=int, default=18, help="of each singer")
    parser.add_argument("--albums", type=int, default=6, help="of each artist")
    parser.add_argument("--seconds", type=float, default=22.5)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    tagged = asked.kind == "kvt"
    plan = SyntheticPlan(
        asked.singers,
        asked.songs,
        asked.seconds,
        asked.seed,
        n_albums=0 if tagged else asked.albums,
    )
    folder = asked.out / "audio" if tagged else asked.out
    render_dataset(
        folder, plan, progress=Progress(lambda share, song: print(f"{share:4.0%} {song}"))
    )
    if tagged:
        print(annotate_synthetic(folder, asked.out / "annotation"), "segments")


if __name__ == "__main__":
    main()
