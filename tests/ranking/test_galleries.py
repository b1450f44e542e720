"""Rankings that are kept up while a library changes are those of everything sorted."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented_library import KEY, invented_track, open_store, save_invented
from naive_rankings import NaiveRankings, pairs

from vocal_explorer.base.records.ranking import Blend, Comparison, Space
from vocal_explorer.library.snapshots import Snapshots
from vocal_explorer.library.store.singer_labels import SingerLabels
from vocal_explorer.library.store.store import Store
from vocal_explorer.ranking.galleries import Current, Galleries

N_TRACKS = 14
CLOSE = 2e-6  # of similarities that rounding may tell apart
BLENDS = (Blend(0.0), Blend(0.3), Blend(1.0), Blend(0.5, hub_corrected=True))
COMPARISONS: tuple[Comparison, ...] = (*Space, *BLENDS)
SINGERS = st.sampled_from(["Ann", "ANN", "Bob", "Cid", ""])


@pytest.fixture(scope="module")
def small() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder))
        for number in range(N_TRACKS):
            save_invented(store, invented_track(number))
        store.close()
        yield Path(folder)


@st.composite
def deeds(draw: st.DrawFn):
    """One thing that happens to a library; returns a function of its store."""
    number, other = draw(st.integers(0, N_TRACKS + 3)), draw(st.integers(0, N_TRACKS - 1))
    seed, singers = draw(st.integers(0, 2)), draw(st.lists(SINGERS, max_size=2))
    path = Path(f"/{draw(st.integers(0, 9))}/{number}.flac")
    kind = draw(st.sampled_from(["save", "remove", "label", "merge", "link", "move"]))

    def deed(store: Store) -> None:
        labels, track = SingerLabels(store.database), invented_track(number, singers)
        if kind == "save":
            save_invented(store, track, seed)
        elif kind == "remove":
            with store.database.writing() as connection:
                connection.execute("DELETE FROM files WHERE track_id = ?", (track.track_id,))
        elif kind == "label":
            labels.change([track.track_id], singers)
        elif kind == "merge":
            labels.merge([f"Singer {number % 5}"], f"Singer {other % 5}")
        elif kind == "move":
            save_invented(store, invented_track(number, path=path), seed)
        elif number < N_TRACKS and number != other:
            same = invented_track(other).track_id
            store.recordings.save_compared(invented_track(number).track_id, [same])

    return deed


def naive(current: Current) -> NaiveRankings:
    rows = current.gallery.rows
    tracks = [t for t in current.snapshot.tracks if t.track_id in rows.row_of]
    order = [rows.row_of[track.track_id] for track in tracks]
    links = pairs(dict(current.snapshot.links))
    return NaiveRankings(tracks, rows.vocals[order], rows.mix[order], links)


def compare(current: Current, top_n: int) -> None:
    expected = naive(current)
    for track in expected.tracks:
        if track.instrumental:
            continue
        for by in COMPARISONS:
            similar = current.gallery.similar(track.track_id, by, top_n)
            found = [(ranked.track.track_id, ranked.similarity) for ranked in similar]
            assert_alike(found, expected.similar(track.track_id, by, top_n))
            singers = current.gallery.singers(track.track_id, by, top_n)
            found = [(ranked.singer, ranked.similarity, ranked.n_tracks) for ranked in singers]
            assert_alike(found, expected.singers(track.track_id, by, top_n))
        break


def assert_alike(found: list[tuple], expected: list[tuple]) -> None:
    """Equal, but for the order of what is equally similar, as two singers of one track are."""
    assert len({entry[0] for entry in found}) == len(found) == len(expected)
    similarities = [entry[1] for entry in expected]
    assert [entry[1] for entry in found] == pytest.approx(similarities, abs=CLOSE)
    for entry in found:
        tied = [other[::2] for other in expected if abs(other[1] - entry[1]) < CLOSE]
        assert entry[::2] in tied or abs(similarities[-1] - entry[1]) < CLOSE


@given(st.lists(st.lists(deeds(), max_size=3), max_size=5), st.integers(1, 30))
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_kept_up_rankings_are_those_of_everything_sorted(small: Path, steps, top_n: int) -> None:
    analyser = SimpleNamespace(key=KEY)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(small, folder, dirs_exist_ok=True)
        store = open_store(Path(folder))
        galleries = Galleries(Snapshots(store.database), lambda: analyser)
        for some in [[], *steps]:
            for deed in some:
                deed(store)
            current = galleries.current()
            compare(current, top_n)
        fresh = Galleries(Snapshots(store.database), lambda: analyser).current()
        assert current.gallery.clusters() == fresh.gallery.clusters()
        store.close()
