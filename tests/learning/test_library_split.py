"""Small libraries: every singer keeps songs to learn from, and the parts have nothing in common."""

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.datasets.labelled import LabelledTrack
from vocal_explorer.learning.library_split import MOST_SINGERS, MOST_SONGS, split_library


def songs(singer: str, n: int) -> list[LabelledTrack]:
    return [LabelledTrack(f"{singer}/{i}", singer, mix=Path(f"{singer}{i}.mp3")) for i in range(n)]


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (1, (1, 0, 0)),
        (2, (1, 0, 1)),
        (3, (1, 1, 1)),
        (4, (2, 1, 1)),
        (6, (2, 2, 2)),
        (9, (4, 3, 2)),
        (12, (7, 3, 2)),
        (50, (7, 3, 2)),
    ],
)
def test_how_many_songs_of_a_singer_go_where(n: int, expected: tuple[int, ...]) -> None:
    split = split_library([*songs("a", n), *songs("b", 3), *songs("c", 3)], 0)
    parts = (split.training, split.validation, split.test)
    assert tuple(sum(t.singer == "a" for t in part) for part in parts) == expected


counts = st.lists(st.integers(1, 25), min_size=2, max_size=6).filter(
    lambda numbers: sum(n >= 3 for n in numbers) >= 2
)


@given(counts=counts, seed=st.integers(0, 9), n_seen=st.integers(0, 20), random=st.randoms())
def test_no_song_is_in_two_parts_and_none_that_was_learned_from_is_judged(
    counts: list[int], seed: int, n_seen: int, random
) -> None:
    tracks = [track for i, n in enumerate(counts) for track in songs(f"s{i}", n)]
    seen = {track.name for track in random.sample(tracks, min(n_seen, len(tracks) - 1))}
    assume(any(t.name not in seen and counts[int(t.singer[1:])] > 1 for t in tracks))
    split = split_library(tracks, seed, seen)
    names = [t.name for part in (split.training, split.validation, split.test) for t in part]
    assert len(names) == len(set(names)) == sum(min(n, MOST_SONGS) for n in counts)
    assert {t.singer for t in split.training} == {t.singer for t in tracks}
    assert not {track.name for track in split.test} & seen
    random.shuffle(tracks)
    assert split_library(tracks, seed, seen) == split


def test_what_a_pair_learned_from_follows_into_the_next_split() -> None:
    tracks = [*songs("a", 8), *songs("b", 8)]
    first = split_library(tracks, 0)
    seen = {track.name for part in (first.training, first.validation) for track in part}
    assert split_library(tracks, 1, seen).test == first.test
    with pytest.raises(VocalExplorerError, match="add some by the same artists"):
        split_library(tracks, 0, {track.name for track in tracks})


def test_spellings_of_a_singer_are_one_and_large_libraries_are_cut() -> None:
    split = split_library([*songs("Ann", 2), *songs("ann ", 2), *songs("b", 3)], 0)
    assert len(split.validation) == 2
    crowd = [track for i in range(MOST_SINGERS + 5) for track in songs(f"s{i}", 3 + (i > 4))]
    assert {t.singer for t in split_library(crowd, 0).training} == {
        f"s{i}" for i in range(5, MOST_SINGERS + 5)
    }


@pytest.mark.parametrize("tracks", [[], songs("a", 9), [*songs("a", 9), *songs("b", 2)]])
def test_few_artists_are_one_sentence(tracks: list[LabelledTrack]) -> None:
    with pytest.raises(VocalExplorerError, match="two artists with three songs each"):
        split_library(tracks, 0)
