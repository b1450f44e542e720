"""Which songs of each singer are learned from, which decide when to stop, which are left alone."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from vocal_explorer.datasets.labelled import LabelledTrack

N_VALIDATION, N_TEST = 3, 2  # songs of each singer (paper, 4.1)
ENOUGH = 10  # songs; of a singer with fewer, the same shares are kept back


@dataclass(frozen=True)
class SongSplit:
    """Whole songs in three parts, each sorted by name; the singers are the same."""

    training: tuple[LabelledTrack, ...]
    validation: tuple[LabelledTrack, ...]
    test: tuple[LabelledTrack, ...]


def split_by_song(tracks: Iterable[LabelledTrack], seed: int) -> SongSplit:
    """Divide each singer's songs: 3 for validation, 2 for test, the rest for training.

    Which songs these are follows from their names and the seed alone: a song that is
    added to a large enough collection changes the part of few others. A singer with fewer
    than ten songs keeps back 30 % and 20 %, rounded; the only song of a singer is for
    training.

    Parameters
    ----------
    tracks
        Of any number of singers.
    seed
        Of the choice.
    """
    songs: dict[str, list[LabelledTrack]] = defaultdict(list)
    for track in tracks:
        songs[track.singer].append(track)
    parts: tuple[list[LabelledTrack], ...] = ([], [], [])
    for own in songs.values():
        own.sort(key=lambda track: lot(track, seed))
        share = min(1.0, len(own) / ENOUGH)
        n_validation, n_test = round(share * N_VALIDATION), round(share * N_TEST)
        parts[1].extend(own[:n_validation])
        parts[2].extend(own[n_validation : n_validation + n_test])
        parts[0].extend(own[n_validation + n_test :])
    return SongSplit(*(tuple(sorted(part, key=lambda track: track.name)) for part in parts))


def lot(track: LabelledTrack, seed: int) -> str:
    """Return what the songs of a singer are sorted by: their names and the seed decide alone."""
    return hashlib.sha256(f"{seed}|{track.name}".encode()).hexdigest()
