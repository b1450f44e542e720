from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocal_explorer.base.records.ranking import Space
from vocal_explorer.base.records.signals import Embedding
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.base.vectors import unit_rows
from vocal_explorer.library.store.recording_table import links
from vocal_explorer.ranking.gallery import Gallery
from vocal_explorer.ranking.versions import Versions, base_title, first_of_each


@pytest.mark.parametrize(
    "title",
    [
        "Silver River",
        "silver river ",
        "Silver River (Live at Leeds)",
        "Silver River [2011 Remaster]",
        "Silver River - 2011 Remaster",
        "Silver River - Remastered 2009",
        "Silver River – Live",
        "Silver River - Live in Rome (Remastered)",
        "Silver River (feat. Bea)",
        "Silver River feat. Bea",
        "Silver River (Acoustic Version) [feat. Bea]",
        "Silver River (Dub Remix)",
        "Silver River - Radio Edit",
    ],
)
def test_what_says_which_version_it_is_does_not_count(title: str) -> None:
    assert base_title(title) == "silver river"


@pytest.mark.parametrize(
    ("title", "base"),
    [
        ("Live and Let Die", "live and let die"),
        ("Long Live", "long live"),
        ("Remix", "remix"),
        ("(Live)", "(live)"),
        ("Hello (Goodbye)", "hello (goodbye)"),
        ("Part 1 - The Beginning", "part 1 - the beginning"),
        ("Alive - Olive", "alive - olive"),
        ("", ""),
    ],
)
def test_other_titles_stay_whole(title: str, base: str) -> None:
    assert base_title(title) == base


@given(st.text(max_size=30))
def test_a_base_title_is_its_own_base(title: str) -> None:
    assert base_title(base_title(title)) == base_title(title)


def track(number: int, singer: str, title: str) -> Track:
    return Track(str(number), Path(f"/{number}.flac"), title, singer)


TRACKS = [
    track(0, "Ann", "River"),
    track(1, "Ann", "River (Live)"),  # sounds alike
    track(2, "Ann", "River (Demo)"),  # sounds like something else
    track(3, "ANN", "river"),  # sounds like something else, has the same title
    track(4, "Bob", "River"),
    track(5, "Bob", "Paper"),  # a copy of 4, says the sound
    track(6, "Cid", "Stone"),
]
AXES = [0, 0, 1, 2, 3, 3, 4]


def vectors() -> Embedding:
    spread = 0.2 * np.random.default_rng(0).normal(size=(7, 6))
    return unit_rows((np.eye(6)[AXES] + spread).astype(np.float32))


def grouped(tracks: list[Track], vectors: Embedding, *pairs: tuple[str, str]) -> Versions:
    return Gallery.of(tracks, vectors, vectors, links(pairs)).indexed.versions


def groups(numbers: np.ndarray) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(numbers == n).tolist()) for n in numbers}


def test_titles_need_sound_and_recordings_need_links() -> None:
    versions = grouped(TRACKS, vectors(), ("4", "5"), ("4", "gone"))
    alone = [frozenset({n}) for n in range(7)]
    assert groups(versions.recordings) == {*alone[:4], frozenset({4, 5}), alone[6]}
    assert groups(versions.songs) == {frozenset({0, 1, 3}), alone[2], frozenset({4, 5}), alone[6]}


def test_a_title_that_many_tracks_have_is_none() -> None:
    tracks = [track(n, "", "Untitled") for n in range(100)]
    same = np.tile(unit_rows(np.ones((1, 4), np.float32)), (100, 1))
    assert len(groups(grouped(tracks, same).songs)) == 100


@given(st.lists(st.integers(0, 4), min_size=1, max_size=12), st.randoms())
def test_the_first_of_each_group_stays_in_order(numbers: list[int], random: object) -> None:
    order = list(range(len(numbers)))
    random.shuffle(order)
    seen, expected = set(), []
    for row in order:
        if numbers[row] not in seen:
            expected.append(row)
        seen.add(numbers[row])
    assert first_of_each(np.array(numbers), np.array(order)).tolist() == expected


@pytest.fixture
def gallery() -> Gallery:
    return Gallery.of(TRACKS, vectors(), vectors(), links([("4", "5")]))


def ranked(ranking: list) -> list[str]:
    return [entry.track.track_id for entry in ranking]


def test_a_ranking_has_each_song_once_and_not_the_querys(gallery: Gallery) -> None:
    ranking = gallery.similar("0", Space.JOINT, 9)
    assert len(set(ranked(ranking)) & {"4", "5"}) == 1
    assert {"2", "6"} < set(ranked(ranking))
    assert not {"1", "3"} & set(ranked(ranking))
    (paper,) = [entry for entry in ranking if entry.versions]
    assert {paper.track.track_id, paper.versions[0].track_id} == {"4", "5"}
    assert [entry.rank for entry in ranking] == [1, 2, 3]


def test_the_best_version_stands_for_its_song(gallery: Gallery) -> None:
    for query in ("2", "6"):
        everything = ranked(gallery.similar(query, Space.V, 9, all_versions=True))
        once = ranked(gallery.similar(query, Space.V, 9))
        assert once == [key for key in everything if key in once]
        assert next(key for key in everything if key in ("0", "1", "3")) in once


def test_all_versions_are_there_when_they_are_wanted(gallery: Gallery) -> None:
    assert set(ranked(gallery.similar("0", Space.M, 9, all_versions=True))) == set("123456")
    matches = gallery.match_similarities("0")
    for all_versions, n_found in ((True, 4), (False, 3)):
        found = ranked(gallery.ranked(matches, matches, 9, all_versions))
        assert len(found) == n_found
        assert set(found) <= {"2", "4", "5", "6"}


def test_a_recording_counts_once_in_a_singer_model(gallery: Gallery) -> None:
    counts = {s.singer: s.n_tracks for s in gallery.singers("0", Space.JOINT, 9)}
    assert counts == {"Ann": 3, "Bob": 1, "Cid": 1}
    assert "Bob" not in {s.singer for s in gallery.singers("4", Space.JOINT, 9)}


def test_an_old_library_without_fingerprints_knows_versions_by_title() -> None:
    tracks = [replace(t, pitch_range=None) for t in TRACKS]
    found = Gallery.of(tracks, vectors(), vectors())
    assert {"4", "5"} <= set(ranked(found.similar("0", Space.M, 9)))
    assert "1" not in ranked(found.similar("0", Space.M, 9))
