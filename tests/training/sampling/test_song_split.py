"""Songs are divided by singer, name and seed: the paper's numbers where there are enough."""

from collections import Counter
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocal_explorer.datasets.labelled import LabelledTrack
from vocal_explorer.training.sampling.song_split import SongSplit, split_by_song


def songs(singer: str, n: int) -> list[LabelledTrack]:
    return [LabelledTrack(f"{singer}/{i}", singer, mix=Path(f"{singer}{i}.mp3")) for i in range(n)]


def sizes(split: SongSplit) -> tuple[int, int, int]:
    return len(split.training), len(split.validation), len(split.test)


@pytest.mark.parametrize(
    ("n", "expected"),
    [(20, (15, 3, 2)), (10, (5, 3, 2)), (4, (2, 1, 1)), (2, (1, 1, 0)), (1, (1, 0, 0))],
)
def test_how_many_songs_of_a_singer_are_kept_back(n: int, expected: tuple[int, ...]) -> None:
    assert sizes(split_by_song(songs("a", n), 0)) == expected


@given(
    counts=st.lists(st.integers(1, 14), min_size=1, max_size=5),
    seed=st.integers(0, 9),
    rnd=st.randoms(),
)
def test_every_song_is_in_one_part_whatever_the_order(
    counts: list[int], seed: int, rnd: Random
) -> None:
    tracks = [track for i, n in enumerate(counts) for track in songs(f"singer{i}", n)]
    split = split_by_song(tracks, seed)
    names = Counter(t.name for part in (split.training, split.validation, split.test) for t in part)
    assert names == Counter(track.name for track in tracks)
    assert {t.singer for t in split.training} == {t.singer for t in tracks}
    rnd.shuffle(tracks)
    assert split_by_song(tracks, seed) == split


def test_the_seed_decides() -> None:
    tracks = songs("a", 12)
    assert split_by_song(tracks, 0) != split_by_song(tracks, 1)
