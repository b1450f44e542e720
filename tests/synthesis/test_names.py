from hypothesis import given
from hypothesis import strategies as st

from vocal_explorer.synthesis.names import album_title, singer_name, song_title

numbers = st.integers(0, 10**7)


def test_thousands_of_singers_have_names_of_their_own():
    names = {singer_name(singer) for singer in range(20_000)}
    assert len(names) == 20_000


@given(numbers, numbers)
def test_two_singers_never_share_a_name(first, second):
    assert (singer_name(first) == singer_name(second)) == (first == second)


@given(numbers, numbers, numbers)
def test_a_singer_has_no_two_songs_of_one_title(singer, first, second):
    same = song_title(singer, first) == song_title(singer, second)
    assert same == (first == second)


@given(numbers, st.integers(0, 100))
def test_names_are_short_and_trimmed(number, seed):
    for text in (
        singer_name(number, seed),
        song_title(number, number, seed),
        album_title(number, seed),
    ):
        assert text == text.strip()
        assert 5 < len(text) < 50
