import logging
import threading

import pytest
from pytestqt.qtbot import QtBot

from vocal_explorer.errors import AudioFileError
from vocal_explorer.progress import Progress
from vocal_explorer.ui.tasks import Tasks


class Ears:
    """Collects what a job says."""

    def __init__(self) -> None:
        self.results: list[object] = []
        self.progress: list[tuple[float, str]] = []
        self.failures: list[str] = []
        self.threads: set[threading.Thread] = set()
        self.ends = 0

    def result(self, result: object) -> None:
        self.threads.add(threading.current_thread())
        self.results.append(result)

    def step(self, fraction: float, message: str) -> None:
        self.progress.append((fraction, message))

    def end(self) -> None:
        self.ends += 1


@pytest.fixture
def tasks(qtbot: QtBot) -> Tasks:
    tasks = Tasks()
    yield tasks
    tasks.close()


def test_result_and_progress_arrive_in_the_windows_thread(tasks: Tasks, qtbot: QtBot) -> None:
    ears = Ears()

    def job(progress: Progress) -> threading.Thread:
        progress.report(1.0, "nearly")
        return threading.current_thread()

    tasks.start("a", job, ears.result, on_progress=ears.step, on_end=ears.end)
    qtbot.waitUntil(lambda: ears.ends == 1)
    assert ears.progress == [(1.0, "nearly")]
    assert ears.threads == {threading.main_thread()}
    assert ears.results[0] is not threading.main_thread()
    assert tasks.idle


def test_a_new_job_of_a_kind_silences_the_old_one(tasks: Tasks, qtbot: QtBot) -> None:
    old, new, may_end = Ears(), Ears(), threading.Event()

    def slow(_progress: Progress) -> str:
        may_end.wait(10)
        return "old"

    tasks.start("a", slow, old.result, on_end=old.end)
    tasks.start("a", lambda _progress: "new", new.result)
    may_end.set()
    qtbot.waitUntil(lambda: tasks.idle)
    assert new.results == ["new"]
    assert (old.results, old.ends) == ([], 0)


def test_kinds_do_not_disturb_each_other(tasks: Tasks, qtbot: QtBot) -> None:
    ears = Ears()
    for kind in "abc":
        tasks.start(kind, lambda _progress, kind=kind: kind, ears.result)
    qtbot.waitUntil(lambda: tasks.idle)
    assert sorted(ears.results) == ["a", "b", "c"]


def test_many_reports_are_thinned_out(tasks: Tasks, qtbot: QtBot) -> None:
    ears = Ears()

    def job(progress: Progress) -> None:
        for i in range(10_001):
            progress.report(i / 10_000)

    tasks.start("a", job, on_progress=ears.step)
    qtbot.waitUntil(lambda: tasks.idle)
    assert len(ears.progress) < 1_000
    assert ears.progress[-1][0] == 1.0


def test_an_expected_failure_is_one_sentence(tasks: Tasks, qtbot: QtBot) -> None:
    def job(_progress: Progress) -> None:
        raise AudioFileError("a.mp3", "it is empty")

    with qtbot.waitSignal(tasks.failed) as failed:
        tasks.start("a", job)
    assert failed.args == ["a.mp3: it is empty."]


def test_a_bug_is_logged_and_told(
    tasks: Tasks, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    def job(_progress: Progress) -> None:
        raise KeyError("x")

    with qtbot.waitSignal(tasks.broken) as broken:
        tasks.start("a", job)
    assert "KeyError" in broken.args[0]
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    caplog.clear()


def test_pause_resume_cancel(tasks: Tasks, qtbot: QtBot) -> None:
    ears, began, steps = Ears(), threading.Event(), []

    def job(progress: Progress) -> None:
        began.set()
        while True:
            progress.report(0.5)
            steps.append(None)

    tasks.start("a", job, ears.result, on_end=ears.end)
    assert began.wait(10)
    tasks.pause("a")
    tasks.resume("a")
    count = len(steps)
    qtbot.waitUntil(lambda: len(steps) > count)
    tasks.pause("a")
    tasks.cancel("a")
    qtbot.waitUntil(lambda: ears.ends == 1)
    assert ears.results == []


def test_close_cancels_and_joins_all_threads(qtbot: QtBot) -> None:
    tasks, before = Tasks(), threading.active_count()
    began = threading.Barrier(3)

    def job(progress: Progress) -> None:
        began.wait(10)
        while True:
            progress.report(0.5)

    tasks.start("a", job)
    tasks.start("b", job)
    began.wait(10)
    tasks.pause("b")
    tasks.close()
    assert threading.active_count() == before
    tasks.start("c", job)
    assert threading.active_count() == before
