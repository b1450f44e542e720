"""Which singers and songs of a dataset tasks 1 and 2 are measured on."""

import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.names import label_key
from vocal_explorer.datasets.labelled import LabelledTrack


@dataclass(frozen=True)
class ChosenSongs:
    """The songs of a task.

    Parameters
    ----------
    first
        What queries are compared with: songs of singer models, or the gallery.
    queries
        Other songs of the same singers.
    n_singers
        How many singers these are.
    n_qualified
        How many have enough songs.
    """

    first: tuple[LabelledTrack, ...]
    queries: tuple[LabelledTrack, ...]
    n_singers: int
    n_qualified: int


def choose_songs(
    tracks: Sequence[LabelledTrack], n_singers: int, n_first: int, n_queries: int, seed: int
) -> ChosenSongs:
    """Draw singers that have enough songs, and of each so many songs.

    Singers and a singer's songs come in an order that only depends on their names and
    the seed, so that other numbers draw from the same order.

    Parameters
    ----------
    tracks
        Of a dataset; two spellings of a label that the app takes for one are one singer.
    n_singers
        So many, or all that have enough songs where these are fewer.
    n_first, n_queries
        Songs of each singer.
    seed
        Another seed is another draw.

    Raises
    ------
    VocalExplorerError
        If less than two singers have enough songs.
    """
    songs: dict[str, list[LabelledTrack]] = defaultdict(list)
    for track in sorted(tracks, key=lambda track: track.name):
        songs[label_key(track.singer)].append(track)
    n_needed = n_first + n_queries
    qualified = [singer for singer, of_singer in songs.items() if len(of_singer) >= n_needed]
    if len(qualified) < 2:
        most = max(map(len, songs.values()), default=0)
        raise VocalExplorerError(
            f"{len(qualified)} of {len(songs)} singers have the {n_needed} songs that are"
            f" needed ({n_first} and {n_queries} queries), and the most that one has is"
            f" {most}: choose smaller numbers of songs."
        )
    chosen = sorted(qualified, key=lambda singer: _generator(seed, singer).random())[:n_singers]
    first: list[LabelledTrack] = []
    queries: list[LabelledTrack] = []
    for singer in chosen:
        order = _generator(seed, singer).permutation(len(songs[singer]))
        drawn = [songs[singer][place] for place in order[:n_needed]]
        first += drawn[:n_first]
        queries += drawn[n_first:]
    return ChosenSongs(tuple(first), tuple(queries), len(chosen), len(qualified))


def _generator(seed: int, singer: str) -> np.random.Generator:
    return np.random.default_rng([seed, zlib.crc32(singer.encode("utf-8", "surrogatepass"))])
