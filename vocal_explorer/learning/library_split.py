"""Which songs of a user's library a pair learns from, and which judge what it learned."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.names import label_key
from vocal_explorer.datasets.labelled import LabelledTrack
from vocal_explorer.training.sampling.song_split import N_TEST, N_VALIDATION, SongSplit, lot

MOST_SINGERS, MOST_SONGS = 40, 12  # to prepare: at most 5 GB of segments
FEWEST_SONGS = 3  # of a singer who is learned from, decides when to stop, and is recognised


def split_library(
    tracks: Iterable[LabelledTrack], seed: int, learned_from: Collection[str] = ()
) -> SongSplit:
    """Divide a library that may be small: a third of each singer's songs are held out at most.

    Of a singer with three songs or more a third, rounded down, is for validation and a
    third, rounded, is for the test, but not more than the paper's 3 and 2 (section 4.1). Of two
    songs one is for the test; an only song is learned from. Where a library is large, those
    singers are taken that have most songs.

    Parameters
    ----------
    tracks
        Their singers may be spelled in several ways.
    seed
        With the names of the songs, it says which go where.
    learned_from
        Names of songs that a pair that is compared has learned from: none is for the test.

    Raises
    ------
    VocalExplorerError
        If less than two singers have three songs, or every song is learned from already.
    """
    songs: dict[str, list[LabelledTrack]] = defaultdict(list)
    for track in tracks:
        songs[label_key(track.singer)].append(track)
    _require_enough(songs)
    chosen = sorted(songs, key=lambda singer: (-len(songs[singer]), singer))[:MOST_SINGERS]
    parts: tuple[list[LabelledTrack], ...] = ([], [], [])
    for singer in chosen:
        own = sorted(songs[singer], key=lambda track: (lot(track, seed), track.name))[:MOST_SONGS]
        fresh = [track for track in own if track.name not in learned_from]
        test = fresh[: min(N_TEST, (len(own) + 1) // 3)]
        rest = [track for track in own if track not in test]
        n_validation = min(N_VALIDATION, len(own) // 3)
        for part, some in zip(parts, (rest[n_validation:], rest[:n_validation], test), strict=True):
            part.extend(some)
    if not parts[2]:
        raise VocalExplorerError(
            "The encoders in use have learned from all of these songs; add some by the same"
            " artists, so that it can be told whether learning helps."
        )
    return SongSplit(*(tuple(sorted(part, key=lambda track: track.name)) for part in parts))


def _require_enough(songs: dict[str, list[LabelledTrack]]) -> None:
    n_enough = sum(len(own) >= FEWEST_SONGS for own in songs.values())
    if n_enough < 2:
        raise VocalExplorerError(
            "Learning needs two artists with three songs each or more, whose files are there and"
            f" in which a voice is heard; this library has {n_enough} of {len(songs)}."
        )
