"""What another process or another thread changes meanwhile."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from invented_library import KEY, invented_track, open_store, save_invented
from library_fakes import fake_session

from vocal_explorer.base.records.ranking import Space
from vocal_explorer.library.snapshots import Snapshots
from vocal_explorer.session import Session

N_TRACKS = 40
SAVER = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from invented_library import invented_track, open_store, save_invented
store = open_store(Path(sys.argv[1]))
for number in range(40):
    save_invented(store, invented_track(number))
store.settings.change({"done": "yes"})
store.close()
"""


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """A library in which one track is known."""
    folder = tmp_path / "library"
    store = open_store(folder)
    save_invented(store, invented_track(1000))
    store.close()
    return fake_session(folder)


def test_another_process_is_followed_track_by_track(session: Session, tmp_path: Path) -> None:
    store = open_store(tmp_path / "library")
    snapshots = Snapshots(store.database)
    snapshots.current(KEY)
    command = [sys.executable, "-c", SAVER, str(tmp_path / "library"), *sys.path]
    with subprocess.Popen(command) as process:
        sizes = []
        while store.settings.get("done") != "yes":
            assert process.poll() in (None, 0)
            snapshot = snapshots.current(KEY)
            sizes.append(len(snapshot.tracks))
            assert len(snapshot.rows.row_of) == sizes[-1]
    assert sizes == sorted(sizes)
    assert snapshots.current(KEY).tracks == Snapshots(store.database).current(KEY).tracks
    assert len(session.library.tracks()) == N_TRACKS + 1
    store.close()
    session.close()


def test_questions_for_a_set_while_tracks_are_saved_and_removed(
    session: Session, tmp_path: Path
) -> None:
    query = tuple(invented_track(number).track_id for number in (1000, *range(N_TRACKS)))
    writing = threading.Event()

    def ask() -> None:
        while writing.is_set():
            found = session.ranking.similar_tracks(query[:5], Space.M, N_TRACKS)
            known = session.library.snapshot()
            assert [ranked.rank for ranked in found] == list(range(1, len(found) + 1))
            assert len({ranked.track.track_id for ranked in found}) == len(found)
            assert not {ranked.track.track_id for ranked in found} & set(query[:1])
            session.ranking.singers(query, Space.M, 9)
            assert len(known.rows.vocals) == len(known.rows.mix) == len(known.rows.tracks)

    writing.set()
    with ThreadPoolExecutor(3) as pool:
        asking = [pool.submit(ask) for _ in range(3)]
        try:
            change(tmp_path / "library")
        finally:
            writing.clear()
        for answers in asking:
            answers.result()
    assert len(session.library.tracks()) == N_TRACKS + 1 - N_TRACKS // 4
    session.close()


def change(library: Path) -> None:
    """Save tracks, and remove every fourth one again."""
    store = open_store(library)
    for number in range(N_TRACKS):
        save_invented(store, invented_track(number), seed=number % 3)
        if number % 4 == 3:
            with store.database.writing() as connection:
                gone = invented_track(number - 2).track_id
                connection.execute("DELETE FROM files WHERE track_id = ?", (gone,))
    store.close()
