"""How soon a mashup is heard after a click, and how fast the rest of it follows.

    python benchmarks/audition.py [--seconds 180]

Two synthetic songs are scanned into a new library. From the click until the player has samples to
play: with stems in the cache, at the beginning and after a jump to the last third; and without
stems, which are then separated on the way. The named reference is the rendering of the whole
mashup, which a player would otherwise wait for, in the same run.
"""

import argparse
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from vocal_explorer.base.progress import Progress
from vocal_explorer.session import Session
from vocal_explorer.synthesis.songs import render_library
from vocal_explorer.warm_up import warm_up


def first_piece(session: Session, pair: tuple[str, str], share: float) -> float:
    """Return seconds until the first samples from a share of the mashup on are there."""
    began = time.perf_counter()
    alignment = session.mashups.align(*pair)
    with closing(session.mashups.sound(*pair, alignment, Progress())) as sound:
        next(sound.pieces(round(share * sound.n_samples)))
        return time.perf_counter() - began


def whole(session: Session, pair: tuple[str, str]) -> tuple[float, float]:
    """Return seconds until all of it is there, and its length in s."""
    began = time.perf_counter()
    alignment = session.mashups.align(*pair)
    with closing(session.mashups.sound(*pair, alignment, Progress())) as sound:
        sound.whole(Progress())
    return time.perf_counter() - began, alignment.seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=180.0)
    asked = parser.parse_args()
    warm_up()
    with TemporaryDirectory() as folder:
        songs = Path(folder) / "songs"
        render_library(songs, n_singers=2, n_songs=1, seconds=asked.seconds, seed=5)
        with closing(Session(Path(folder) / "library")) as session:
            session.scans.run([songs])
            first, second = (track.track_id for track in session.library.tracks())
            pair = (first, second)
            first_piece(session, pair, 0.0)  # libraries load at first use
            reference, length = whole(session, pair)
            found = {
                "kept stems, from the beginning": first_piece(session, pair, 0.0),
                "kept stems, after a jump": first_piece(session, pair, 0.7),
            }
            session.stems.clear()
            found["stems separated on the way"] = first_piece(session, pair, 0.0)
    print(
        f"whole mashup of {length:.0f} s: {reference:.2f} s, {length / reference:.0f} x real time"
    )
    for name, seconds in found.items():
        print(f"{name}: {1000 * seconds:.0f} ms, {seconds / reference:.3f} of the whole")


if __name__ == "__main__":
    main()
