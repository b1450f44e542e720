"""Real worker processes, with stand-ins for the networks."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest
from library_fakes import FakeEmbedder, FakeSeparator, fake_session, write_song
from odd_jobs import Misbehave, NoTools, Say, Todo
from places import SEARCH_PATH
from worker_fakes import ODD_LENGTHS, OddTools, odd_song

from vocal_explorer.analysis.jobs import Identify
from vocal_explorer.analysis.workers.child import NICENESS
from vocal_explorer.analysis.workers.installed import InstalledTools
from vocal_explorer.analysis.workers.local import LocalWorkers
from vocal_explorer.base.errors import Cancelled, StorageError
from vocal_explorer.base.progress import Control, Progress
from vocal_explorer.base.records.tracks import Track, TrackState
from vocal_explorer.session import Session


def children() -> set[int]:
    """Processes of ours, but for the one that Python keeps for its own purposes."""
    alive = (p for p in psutil.Process().children() if p.status() != psutil.STATUS_ZOMBIE)
    return {p.pid for p in alive if "resource_tracker" not in " ".join(p.cmdline())}


def workers(n_workers: int = 1, patience: float = 60.0) -> LocalWorkers:
    return LocalWorkers(NoTools(), n_workers, 1, patience=patience)


def test_a_crash_a_kill_a_hang_and_an_odd_error_are_one_sentence_each(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    odd = [Misbehave(Path(f"{how}.wav")) for how in ("aborts", "killed", "hangs", "raises")]
    todo = Todo([*odd, Say(Path("good.wav"))])
    workers(patience=5.0).work(todo, Progress())
    assert "SIGABRT" in todo.reason(Path("aborts.wav"))
    assert "not enough memory" in todo.reason(Path("killed.wav"))
    assert "stood still" in todo.reason(Path("hangs.wav"))
    assert "KeyError" in todo.reason(Path("raises.wav"))
    assert todo.results[Path("good.wav")][0] == "good.wav"
    assert children() == set()
    (record,) = [r for r in caplog.records if r.levelname == "WARNING"]
    assert "KeyError" in caplog.text  # the worker's traceback is in our log
    assert record.processName != "MainProcess"
    caplog.clear()


def test_several_share_the_work_and_are_gone_afterwards(tmp_path: Path) -> None:
    todo = Todo(Say(Path(str(n))) for n in range(40))
    workers(2).work(todo, Progress())
    assert {result[0] for result in todo.results.values()} == set(map(str, range(40)))
    assert os.getpid() not in {result[1] for result in todo.results.values()}
    assert children() == set()


def test_nothing_to_do_starts_no_process(tmp_path: Path) -> None:
    team = LocalWorkers(InstalledTools("nosuch", tmp_path, tmp_path, 0), 4)
    team.work(Todo([]), Progress())
    assert children() == set()


def test_what_is_no_fault_of_the_file_ends_the_work(tmp_path: Path) -> None:
    todo = Todo([Misbehave(Path("fills the disk"))])
    with pytest.raises(StorageError, match="disk is full"):
        workers().work(todo, Progress())
    assert children() == set()


def test_pause_and_cancel_reach_a_worker_within_a_second(tmp_path: Path) -> None:
    control, todo = Control(), Todo([Misbehave(Path("goes on"))])
    ended: list[float] = []

    def work() -> None:
        with pytest.raises(Cancelled):
            workers().work(Checked(todo, control), Progress(control=control))
        ended.append(time.monotonic())

    thread = threading.Thread(target=work)
    thread.start()
    wait_for(lambda: len(todo.steps) > 3)
    control.pause()
    (worker,) = children()
    wait_for(lambda: idle(worker))
    n_steps = len(todo.steps)
    control.resume()
    wait_for(lambda: len(todo.steps) > n_steps)
    asked = time.monotonic()
    control.cancel()
    thread.join(20)
    assert ended[0] - asked < 5  # a second, on a machine that does nothing else
    assert children() == set()


class Checked(Todo):
    """As a scan does, it looks at the brake at each step."""

    def __init__(self, todo: Todo, control: Control) -> None:
        self.__dict__ = todo.__dict__
        self._control = control

    def on_step(self, job: object, fraction: float) -> None:
        self._control.check()
        super().on_step(job, fraction)  # type: ignore[arg-type]


def idle(pid: int) -> bool:
    process = psutil.Process(pid)
    before = sum(process.cpu_times()[:2])
    time.sleep(0.15)
    return sum(process.cpu_times()[:2]) == before


def wait_for(condition: object, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.02)


PARENT = """
import sys
from pathlib import Path
from odd_jobs import Misbehave, NoTools, Todo
from vocal_explorer.analysis.workers.local import LocalWorkers
from vocal_explorer.base.progress import Progress

class Told(Todo):
    def on_step(self, job, fraction):
        if job is not None:
            print("working", flush=True)

if __name__ == "__main__":
    team = LocalWorkers(NoTools(), 1, 1)
    team.work(Told([Misbehave(Path("goes on"))]), Progress())
"""


def test_workers_die_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    with subprocess.Popen(
        [sys.executable, script],
        env=os.environ | {"PYTHONPATH": SEARCH_PATH},
        stdout=subprocess.PIPE,
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"working\n"
        family = psutil.Process(parent.pid).children(recursive=True)
        lowest = min(19, psutil.Process(parent.pid).nice() + NICENESS)
        assert max(process.nice() for process in family) == lowest  # the window goes first
        parent.send_signal(signal.SIGKILL)
    _, alive = psutil.wait_procs(family, timeout=30)
    assert alive == []


def odd_session(folder: Path) -> Session:
    separator, embedder = FakeSeparator(), FakeEmbedder()
    return Session(
        folder / "library",
        make_separator=lambda _name: separator,
        make_embedder=lambda _folder: embedder,
        is_installed=lambda _name: True,
        make_team=lambda tools, _n: LocalWorkers(OddTools(tools.stems), 2, 1),
    )


def facts(track: Track) -> tuple[object, ...]:
    return track.track_id, track.path, track.title, track.singer, track.state, track.error


def test_a_scan_with_workers_finds_what_a_scan_alone_finds(tmp_path: Path) -> None:
    music = tmp_path / "music"
    for number in range(6):
        write_song(music / f"{number}.flac", 300 + 9 * number)
    (music / "copy.flac").write_bytes((music / "0.flac").read_bytes())
    (music / "bad.mp3").write_bytes(b"no music" * 100)
    alone = fake_session(tmp_path / "alone")
    expected = alone.scan([music])
    session = odd_session(tmp_path)
    summary = session.scan([music])
    assert (summary.analysed, summary.unchanged) == (expected.analysed, expected.unchanged)
    assert [f.reason for f in summary.failed] == [f.reason for f in expected.failed]
    assert list(map(facts, session.tracks())) == list(map(facts, alone.tracks()))
    assert session.scan([music]).unchanged == 7


def test_a_broken_library_is_analysed_but_for_what_is_broken(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    music = tmp_path / "music"
    for number in range(12):
        write_song(music / f"good {number}.flac", 300 + 9 * number)
    for seconds, how in ODD_LENGTHS.items():
        if how in ("aborts", "raises"):
            odd_song(music / f"{how}.wav", seconds)
    (music / "text.mp3").write_bytes(b"no music" * 100)
    (music / "empty.flac").touch()
    session = odd_session(tmp_path)
    summary = session.scan([music])
    failed = {failure.path.stem for failure in summary.failed}
    assert failed == {"aborts", "raises", "text", "empty"}
    assert summary.analysed == 12
    states = [track.state for track in session.tracks()]
    assert states.count(TrackState.FAILED) == 4
    again = session.scan([music])
    assert (again.analysed, again.unchanged, len(again.failed)) == (0, 12, 4)
    assert children() == set()
    caplog.clear()


def test_identities_come_from_workers(tmp_path: Path) -> None:
    song = write_song(tmp_path / "a.flac", 300, title="Song")
    todo = Todo([Identify(song)])
    workers().work(todo, Progress())
    assert todo.results[song].tags.title == "Song"  # type: ignore[attr-defined]
