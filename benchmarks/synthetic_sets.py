"""Render stand-ins for the data sets of vocal tagging and artist classification.

python benchmarks/synthetic_sets.py kvt DIR --singers 40 --songs 2
    makes DIR/annotation and DIR/audio, for `evaluate vocal-tagging`
python benchmarks/synthetic_sets.py artist20 DIR --singers 20 --albums 6 --songs 3
    makes DIR, for `evaluate artist-classification`
"""

import argparse
from pathlib import Path

from vocal_explorer.datasets.synthetic_sets import render_artist20, render_kpop_tags
from vocal_explorer.progress import Progress


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=("kvt", "artist20"))
    parser.add_argument("out", type=Path)
    parser.add_argument("--singers", type=int, default=20)
    parser.add_argument("--albums", type=int, default=6, help="of each artist")
    parser.add_argument("--songs", type=int, default=2, help="of each singer, or on each album")
    parser.add_argument("--seconds", type=float, default=24.0)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    sizes = {"n_songs": asked.songs, "seconds": asked.seconds, "seed": asked.seed}
    progress = Progress(lambda share, song: print(f"{share:4.0%} {song}"))
    if asked.kind == "kvt":
        annotation, audio = asked.out / "annotation", asked.out / "audio"
        render_kpop_tags(annotation, audio, n_singers=asked.singers, **sizes, progress=progress)
    else:
        albums = {"n_artists": asked.singers, "n_albums": asked.albums}
        render_artist20(asked.out, **albums, **sizes, progress=progress)


if __name__ == "__main__":
    main()
