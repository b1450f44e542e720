from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.datasets.labelled import LabelledTrack
from vocal_explorer.evaluation.tasks.singer_selection import choose_songs


def tracks(*counts: int) -> list[LabelledTrack]:
    return [
        LabelledTrack(f"{singer}/{song}", f"Singer {singer}", Path("x"))
        for singer, n_songs in enumerate(counts)
        for song in range(n_songs)
    ]


@given(
    counts=st.lists(st.integers(0, 9), min_size=2, max_size=12),
    n_singers=st.integers(1, 12),
    n_first=st.integers(1, 4),
    n_queries=st.integers(1, 3),
    seed=st.integers(0, 99),
)
def test_each_chosen_singer_has_all_songs_and_no_song_is_both(
    counts: list[int], n_singers: int, n_first: int, n_queries: int, seed: int
) -> None:
    n_qualified = sum(count >= n_first + n_queries for count in counts)
    if n_qualified < 2:
        with pytest.raises(VocalExplorerError, match=f"^{n_qualified} of"):
            choose_songs(tracks(*counts), n_singers, n_first, n_queries, seed)
        return
    chosen = choose_songs(tracks(*counts), n_singers, n_first, n_queries, seed)
    assert (chosen.n_singers, chosen.n_qualified) == (min(n_singers, n_qualified), n_qualified)
    for songs, number in ((chosen.first, n_first), (chosen.queries, n_queries)):
        assert set(Counter(song.singer for song in songs).values()) == {number}
        assert len({song.singer for song in songs}) == chosen.n_singers
    assert not set(chosen.first) & set(chosen.queries)


def test_too_few_songs_say_how_many_singers_qualify() -> None:
    with pytest.raises(VocalExplorerError) as caught:
        choose_songs(tracks(20, 10, 10, 3), 300, 15, 5, 0)
    assert str(caught.value) == (
        "1 of 4 singers have the 20 songs that are needed (15 and 5 queries), and the most"
        " that one has is 20: choose smaller numbers of songs."
    )


def test_the_seed_decides_and_the_order_of_files_does_not() -> None:
    made = tracks(*([8] * 30))
    first, again, other = (
        choose_songs(order, 10, 3, 2, seed)
        for order, seed in ((made, 1), (made[::-1], 1), (made, 2))
    )
    assert first == again
    assert {t.singer for t in first.first} != {t.singer for t in other.first}


def test_other_numbers_of_songs_take_the_same_singers_and_songs() -> None:
    made = tracks(*([20] * 30))
    few, many = choose_songs(made, 10, 6, 4, 0), choose_songs(made, 10, 15, 5, 0)
    assert {t.singer for t in few.first} == {t.singer for t in many.first}
    assert set(few.first) < set(many.first)


def test_two_spellings_are_one_singer() -> None:
    made = [LabelledTrack(str(n), name, Path("x")) for n, name in enumerate(("Ann", "ANN ") * 2)]
    made += tracks(4)
    assert choose_songs(made, 9, 3, 1, 0).n_singers == 2
