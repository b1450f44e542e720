"""A snapshot that follows the journal is the one that is read from scratch, whatever happens."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented_library import KEY, STAMP, invented_track, open_store, save_invented

from vocal_explorer.library import snapshots as snapshots_module
from vocal_explorer.library.folders import Folders
from vocal_explorer.library.rows import SPARE_ROWS
from vocal_explorer.library.snapshot import Snapshot
from vocal_explorer.library.snapshots import FEW, Snapshots
from vocal_explorer.library.store import database as database_module
from vocal_explorer.library.store.records import EmbeddingKey
from vocal_explorer.library.store.singer_labels import SingerLabels
from vocal_explorer.library.store.store import Store

OTHER = EmbeddingKey("model-2", "fake-1")
NUMBERS = st.integers(0, 11)
SINGERS = st.sampled_from(["Ann", "ANN", "Bob", "Cid", "Dea"])
Deed = Callable[[Store], object]

INSERT_FILE = """INSERT INTO files (path, track_id, size, mtime_ns, missing, error)
    VALUES (?, ?, 1, 1, 0, '')"""


def save(number: int, singers: list[str], seed: int, key: EmbeddingKey) -> Deed:
    return lambda store: save_invented(store, invented_track(number, singers), seed, key)


def fail(number: int) -> Deed:
    path = invented_track(number).path
    return lambda store: store.files.save_failure(path, STAMP, f"{path.name}: it is empty.")


def move(number: int, place: int) -> Deed:
    track = invented_track(number, path=Path(f"/moved/{place:05}.flac"))
    gone = [invented_track(number).path]

    def deed(store: Store) -> None:
        if store.embeddings.has(track.track_id, KEY):
            store.link_file(track, STAMP, KEY, gone)

    return deed


def miss(number: int, missing: bool) -> Deed:
    return lambda store: store.files.set_missing([invented_track(number).path], missing)


def label(number: int, singers: list[str]) -> Deed:
    track_id = invented_track(number).track_id
    return lambda store: SingerLabels(store.database).change([track_id], singers)


def merge(spelling: str, singer: str) -> Deed:
    return lambda store: SingerLabels(store.database).merge([spelling], singer)


def separate(spelling: str) -> Deed:
    return lambda store: SingerLabels(store.database).separate([spelling])


def same_recording(first: int, second: int) -> Deed:
    ids = [invented_track(number).track_id for number in (first, second)]

    def deed(store: Store) -> None:
        if first != second and all(store.embeddings.has(i, KEY) for i in ids):
            store.recordings.save_compared(ids[0], [ids[1]])

    return deed


def remove(folder: str) -> Deed:
    return lambda store: Folders(store.database).remove(Path(folder))


def change_setting(value: str) -> Deed:
    return lambda store: store.settings.change({"a setting": value})


DEEDS = st.one_of(
    st.builds(save, NUMBERS, st.lists(SINGERS, max_size=2), st.integers(0, 1), st.just(KEY)),
    st.builds(save, NUMBERS, st.lists(SINGERS, max_size=1), st.just(0), st.just(OTHER)),
    st.builds(fail, NUMBERS),
    st.builds(move, NUMBERS, NUMBERS),
    st.builds(miss, NUMBERS, st.booleans()),
    st.builds(label, NUMBERS, st.lists(SINGERS, max_size=2)),
    st.builds(merge, SINGERS, SINGERS),
    st.builds(separate, SINGERS),
    st.builds(same_recording, NUMBERS, NUMBERS),
    st.builds(remove, st.sampled_from(["/music", "/moved"])),
    st.builds(change_setting, st.text(max_size=2)),
)


@pytest.fixture(scope="module")
def small() -> Iterator[Path]:
    """A library to copy, which is faster than making one, with half of the tracks."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder))
        for number, singer in enumerate(("Ann", "ANN", "Bob", "Cid", "Dea", "Ann")):
            save_invented(store, invented_track(number, [singer]))
        store.close()
        yield Path(folder)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path / "library")
    yield store
    store.close()


def said(snapshot: Snapshot) -> dict[str, object]:
    """Return all that a snapshot tells, whatever the numbers of its rows are."""
    rows = snapshot.rows
    vectors = {i: (rows.vocals[row], rows.mix[row]) for i, row in rows.row_of.items()}
    assert {rows.tracks[row].track_id: row for row in rows.row_of.values()} == rows.row_of
    return {
        "tracks": snapshot.tracks,
        "comparable": {i: rows.tracks[row] for i, row in rows.row_of.items()},
        "vectors": {i: [v.tolist() for v in both] for i, both in vectors.items()},
        "others": snapshot.others,
        "failed": snapshot.failed,
        "links": snapshot.links,
        "spellings": snapshot.spellings,
        "revision": snapshot.revision,
    }


@given(st.lists(st.lists(DEEDS, max_size=4), max_size=6))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_following_the_journal_is_reading_again(small: Path, deeds: list[list[Deed]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(small, folder, dirs_exist_ok=True)
        writer, reader = open_store(Path(folder)), open_store(Path(folder))
        following = Snapshots(reader.database)
        before = [(snapshot := following.current(KEY), said(snapshot))]
        for some in deeds:
            for deed in some:
                deed(writer)
            snapshot = following.current(KEY)
            assert said(snapshot) == said(Snapshots(reader.database).current(KEY))
            before.append((snapshot, said(snapshot)))
        for snapshot, told in before:  # what an earlier question sees stays as it was
            assert said(snapshot) == told
        writer.close()
        reader.close()


def test_what_did_not_change_is_the_very_same(store: Store) -> None:
    for number in range(4):
        save_invented(store, invented_track(number))
    snapshots = Snapshots(store.database)
    first = snapshots.current(KEY)
    assert snapshots.current(KEY) is first
    store.settings.change({"a setting": "1"})
    second = snapshots.current(KEY)
    assert (second.tracks, second.rows) == (first.tracks, first.rows)
    assert second.tracks is first.tracks
    assert second.rows is first.rows
    save_invented(store, invented_track(0))  # again, with nothing new
    third = snapshots.current(KEY)
    assert third.tracks is first.tracks
    assert third.rows is first.rows


def test_of_a_saved_track_only_its_own_rows_are_read(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        save_invented(store, invented_track(number))
    snapshots = Snapshots(store.database)
    snapshots.current(KEY)
    save_invented(store, invented_track(99))
    asked: list[list[str]] = []

    def noting(read: Callable[..., object]) -> Callable[..., object]:
        def noted(*arguments: object) -> object:
            asked.append(list(arguments[-1]))
            return read(*arguments)

        return noted

    for name in ("read_tracks", "read_embeddings"):
        read = getattr(snapshots_module, name)
        monkeypatch.setattr(snapshots_module, name, noting(read))
    assert len(snapshots.current(KEY).tracks) == 31
    assert asked == [["0063"]] * 3  # the track, and both embeddings
    snapshots.current(KEY)
    assert len(asked) == 3


def test_a_track_whose_file_is_back_has_its_embeddings_again(store: Store) -> None:
    track = invented_track(0)
    save_invented(store, track)
    snapshots = Snapshots(store.database)
    before = snapshots.current(KEY)
    Folders(store.database).remove(track.path.parent)
    assert snapshots.current(KEY).tracks == ()
    store.link_file(track, STAMP, KEY, [])
    after = snapshots.current(KEY)
    assert after.tracks == before.tracks
    row = after.rows.row_of[track.track_id]
    assert after.rows.vocals[row].tolist() == before.rows.vocals[0].tolist()


@pytest.mark.parametrize("n_changes", [FEW - 1, 3 * FEW])
def test_many_changes_at_once_are_as_right_as_few(store: Store, n_changes: int) -> None:
    with store.database.writing() as connection:
        rows = [(f"{number:04x}", f"Song {number}") for number in range(n_changes)]
        connection.executemany("INSERT INTO tracks VALUES (?, ?, 'Ann', '', 1, 1.0, NULL)", rows)
        files = [(os.fsencode(f"/m/{number}.flac"), key) for number, (key, _) in enumerate(rows)]
        connection.executemany(INSERT_FILE, files)
    snapshots = Snapshots(store.database)
    before = snapshots.current(KEY)
    with store.database.writing() as connection:
        connection.execute("UPDATE tracks SET year = 2 WHERE track_id != '0000'")
    after = snapshots.current(KEY)
    assert said(after) == said(Snapshots(store.database).current(KEY))
    kept = [track for track in after.tracks if track.track_id == "0000"]
    assert kept[0] is before.get("0000")


def test_who_was_away_for_long_reads_the_library_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_invented(store, invented_track(0))
    snapshots = Snapshots(store.database)
    snapshots.current(KEY)
    monkeypatch.setattr(database_module, "KEPT_REVISIONS", 3)
    monkeypatch.setattr("vocal_explorer.library.store.journal.KEPT_REVISIONS", 3)
    for number in range(1, 9):
        save_invented(store, invented_track(number))
    with store.database.reading() as connection:
        kept = connection.execute("SELECT min(revision) FROM changes").fetchone()[0]
    assert kept == 7
    assert said(snapshots.current(KEY)) == said(Snapshots(store.database).current(KEY))


def test_a_track_that_is_analysed_again_and_again_leaves_no_pile_of_empty_rows(
    store: Store,
) -> None:
    save_invented(store, invented_track(0))
    snapshots = Snapshots(store.database)
    for seed in range(SPARE_ROWS + 10):
        save_invented(store, invented_track(0), seed)
        snapshot = snapshots.current(KEY)
    assert len(snapshot.rows.tracks) < 20
    assert said(snapshot) == said(Snapshots(store.database).current(KEY))
