import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocal_explorer.base.spellings import likely_spellings, split_singers


@pytest.mark.parametrize(
    ("text", "singers"),
    [
        ("Anna Lind", ["Anna Lind"]),
        ("Anna feat. Carl", ["Anna", "Carl"]),
        ("Anna (feat. Carl)", ["Anna", "Carl"]),
        ("Anna ft Carl & Dea", ["Anna", "Carl", "Dea"]),
        ("Anna; Carl;Dea", ["Anna", "Carl", "Dea"]),
        ("Anna, Carl and Dea", ["Anna", "Carl", "Dea"]),
        ("Anna / Carl", ["Anna", "Carl"]),
        ("Anna & Anna", ["Anna"]),
        ("AC/DC", ["AC/DC"]),
        ("Florence with Carl vs. Dea", ["Florence", "Carl", "Dea"]),
        ("Sandy Featherstone", ["Sandy Featherstone"]),
        ("Prince (The Artist)", ["Prince (The Artist)"]),
        ("", []),
    ],
)
def test_singers_are_split_at_the_usual_separators(text: str, singers: list[str]) -> None:
    assert split_singers(text) == singers


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Beatles", "beatles"),
        ("Beatles, The", "The Beatles"),
        ("Beyoncé", "BEYONCE"),
        ("Simon & Garfunkel", "Simon and Garfunkel"),
        ("AC/DC", "ACDC"),
        ("Jay-Z", "Jay Z"),
        ("Fay O’Neill", "Fay ONeill"),
        ("Björk Guðmundsdóttir", "Bjork Gudmundsdottir"),
        ("Metallica", "Metalica"),
        ("Jasper Gildenroy", "Jasper Gilednroy"),
        ("Nirvana", "Nirvena"),
    ],
)
def test_likely_spellings_are_suggested(one: str, other: str) -> None:
    (likely,) = likely_spellings({one: 2, other: 5, "Somebody Else": 9})
    assert (likely.spelling, likely.name) == (one, other)
    assert (likely.n_spelling, likely.n_name) == (2, 5)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Anna Lind", "Anna Lund-Berg"), ("Muse", "Fuse"), ("Tool", "Toto"), ("The The", "Then")],
)
def test_other_singers_are_not(one: str, other: str) -> None:
    assert likely_spellings({one: 2, other: 5}) == []


def edits(word: str) -> set[str]:
    letters = "abc"
    return (
        {word[:i] + word[i + 1 :] for i in range(len(word))}
        | {word[:i] + c + word[i:] for i in range(len(word) + 1) for c in letters}
        | {word[:i] + c + word[i + 1 :] for i in range(len(word)) for c in letters}
        | {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    )


@given(st.sets(st.text("abc", min_size=5, max_size=7), max_size=8))
def test_pairs_are_those_that_one_edit_makes_alike(names: set[str]) -> None:
    found = {frozenset((p.spelling, p.name)) for p in likely_spellings(dict.fromkeys(names, 1))}
    expected = {
        frozenset(pair) for pair in itertools.permutations(names, 2) if pair[0] in edits(pair[1])
    }
    assert found == expected
