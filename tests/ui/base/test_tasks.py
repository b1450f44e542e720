import logging
import threading
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from vocal_explorer.base.errors import AudioFileError
from vocal_explorer.base.progress import Progress
from vocal_explorer.ui.base.jobs import Begin
from vocal_explorer.ui.base.tasks import Tasks


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


def end(tasks: Tasks, qtbot: QtBot) -> None:
    tasks.close()
    qtbot.waitUntil(lambda: tasks.over)


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    tasks = Tasks()
    yield tasks
    end(tasks, qtbot)


def test_result_and_progress_arrive_in_the_windows_thread(tasks: Tasks, qtbot: QtBot) -> None:
    ears = Ears()

    def job(progress: Progress) -> threading.Thread:
        progress.report(1.0, "nearly")
        return threading.current_thread()

    tasks.ask("a", job, ears.result, on_progress=ears.step, on_end=ears.end)
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

    tasks.ask("a", slow, old.result, on_end=old.end)
    tasks.ask("a", lambda _progress: "new", new.result)
    may_end.set()
    qtbot.waitUntil(lambda: tasks.idle)
    assert new.results == ["new"]
    assert (old.results, old.ends) == ([], 0)


def test_kinds_do_not_disturb_each_other(tasks: Tasks, qtbot: QtBot) -> None:
    ears = Ears()
    for kind in "abc":
        tasks.ask(kind, lambda _progress, kind=kind: kind, ears.result)
    qtbot.waitUntil(lambda: tasks.idle)
    assert sorted(ears.results) == ["a", "b", "c"]


def test_many_reports_are_thinned_out(tasks: Tasks, qtbot: QtBot) -> None:
    ears = Ears()

    def job(progress: Progress) -> None:
        for i in range(10_001):
            progress.report(i / 10_000)

    tasks.ask("a", job, on_progress=ears.step)
    qtbot.waitUntil(lambda: tasks.idle)
    assert len(ears.progress) < 1_000
    assert ears.progress[-1][0] == 1.0


def test_an_expected_failure_is_one_sentence(tasks: Tasks, qtbot: QtBot) -> None:
    def job(_progress: Progress) -> None:
        raise AudioFileError("a.mp3", "it is empty")

    with qtbot.waitSignal(tasks.failed) as failed:
        tasks.ask("a", job)
    assert failed.args == ["a.mp3: it is empty."]


def test_a_bug_is_logged_and_told(
    tasks: Tasks, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    def job(_progress: Progress) -> None:
        raise KeyError("x")

    with qtbot.waitSignal(tasks.broken) as broken:
        tasks.ask("a", job)
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

    tasks.ask("a", job, ears.result, on_end=ears.end)
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

    tasks.ask("a", job)
    tasks.ask("b", job)
    began.wait(10)
    tasks.pause("b")
    end(tasks, qtbot)
    assert threading.active_count() == before
    tasks.ask("c", job)
    assert threading.active_count() == before


@pytest.fixture
def gates() -> Iterator[dict[str, threading.Event]]:
    gates = {kind: threading.Event() for kind in "abcd"}
    yield gates
    for gate in gates.values():
        gate.set()


def held(
    kind: str, gates: dict[str, threading.Event], begun: list[str]
) -> Callable[[Progress], str]:
    def job(_progress: Progress) -> str:
        begun.append(kind)
        gates[kind].wait(10)
        return kind

    return job


def test_jobs_in_turn_begin_when_what_was_found_before_is_shown(
    tasks: Tasks, qtbot: QtBot, gates: dict[str, threading.Event]
) -> None:
    begun: list[str] = []

    def show(kind: object) -> None:
        def steps():
            for _ in range(3):
                begun.append(f"showing {kind}")
                yield

        tasks.turns.run(tasks, steps())

    for kind in "ab":
        tasks.ask(kind, held(kind, gates, begun), show, begin=Begin.IN_TURN)
    tasks.ask("c", held("c", gates, begun))
    qtbot.waitUntil(lambda: sorted(begun) == ["a", "c"])
    qtbot.wait(30)
    assert "b" not in begun
    assert tasks.running("b")
    begun.clear()
    for kind in "ab":
        gates[kind].set()
    qtbot.waitUntil(lambda: begun[-2:] == ["showing b", "showing b"])
    assert begun == ["showing a"] * 3 + ["b"] + ["showing b"] * len(begun[4:])


def test_jobs_at_rest_let_all_in_turn_go_first(
    tasks: Tasks, qtbot: QtBot, gates: dict[str, threading.Event]
) -> None:
    begun: list[str] = []
    orders = {"a": Begin.AT_REST, "b": Begin.AT_REST, "c": Begin.IN_TURN}
    for kind, begin in orders.items():
        tasks.ask(kind, held(kind, gates, begun), begin=begin)
    qtbot.waitUntil(lambda: begun == ["c"])
    gates["c"].set()
    qtbot.waitUntil(lambda: begun == ["c", "a"])
    tasks.ask("d", held("d", gates, begun), begin=Begin.IN_TURN)
    qtbot.waitUntil(lambda: begun == ["c", "a", "d"])  # a job at rest may take minutes
    gates["a"].set()
    gates["d"].set()
    qtbot.waitUntil(lambda: begun == ["c", "a", "d", "b"])
    gates["b"].set()
    qtbot.waitUntil(lambda: tasks.idle)


def test_a_replaced_job_keeps_no_other_waiting(
    tasks: Tasks, qtbot: QtBot, gates: dict[str, threading.Event]
) -> None:
    begun: list[str] = []
    tasks.ask("a", held("a", gates, begun), begin=Begin.IN_TURN)
    qtbot.waitUntil(lambda: begun == ["a"])
    tasks.ask("a", held("b", gates, begun), begin=Begin.IN_TURN)
    qtbot.waitUntil(lambda: begun == ["a", "b"])


def test_a_job_that_is_replaced_while_it_waits_never_runs(
    tasks: Tasks, qtbot: QtBot, gates: dict[str, threading.Event]
) -> None:
    begun: list[str] = []
    for kind in "abc":
        tasks.ask("same", held(kind, gates, begun), begin=Begin.IN_TURN)
    gates["c"].set()
    qtbot.waitUntil(lambda: tasks.idle)
    assert begun == ["c"]


def test_jobs_that_wait_are_forgotten_when_all_is_closed(
    qtbot: QtBot, gates: dict[str, threading.Event]
) -> None:
    tasks, begun = Tasks(), []
    for kind in "ab":
        tasks.ask(kind, held(kind, gates, begun), begin=Begin.IN_TURN)
    qtbot.waitUntil(lambda: begun == ["a"])
    assert not tasks.idle
    gates["a"].set()
    end(tasks, qtbot)
    assert tasks.idle
    assert begun == ["a"]


def test_deeds_of_a_kind_are_all_done_in_order(
    tasks: Tasks, qtbot: QtBot, gates: dict[str, threading.Event]
) -> None:
    begun: list[str] = []
    ears = Ears()
    for kind in "abc":
        tasks.do("same", held(kind, gates, begun), ears.result, on_end=ears.end)
    qtbot.waitUntil(lambda: begun == ["a"])
    assert tasks.running("same")
    for kind in "cba":
        gates[kind].set()
    qtbot.waitUntil(lambda: tasks.idle)
    assert ears.results == begun == ["a", "b", "c"]
    assert ears.ends == 3


def test_a_deed_that_fails_keeps_no_other_from_being_done(tasks: Tasks, qtbot: QtBot) -> None:
    ears = Ears()

    def fails(_progress: Progress) -> None:
        raise AudioFileError("a.mp3", "it is empty")

    with qtbot.waitSignal(tasks.failed):
        tasks.do("same", fails, ears.result)
        tasks.do("same", lambda _progress: "done", ears.result)
    qtbot.waitUntil(lambda: tasks.idle)
    assert ears.results == ["done"]


def test_deeds_do_not_wait_for_questions_nor_for_other_kinds(
    tasks: Tasks, qtbot: QtBot, gates: dict[str, threading.Event]
) -> None:
    begun: list[str] = []
    for n in range(10):
        tasks.ask(f"question {n}", held("a", gates, []))
    tasks.do("long", held("b", gates, begun))
    tasks.do("short", held("c", gates, begun))
    qtbot.waitUntil(lambda: sorted(begun) == ["b", "c"])


def test_a_question_of_the_same_kind_ends_no_deed(
    tasks: Tasks, qtbot: QtBot, gates: dict[str, threading.Event]
) -> None:
    ears = Ears()
    tasks.do("same", held("a", gates, []), ears.result)
    tasks.ask("same", lambda _progress: "answer", ears.result)
    tasks.cancel("same")
    gates["a"].set()
    qtbot.waitUntil(lambda: tasks.idle)
    assert "a" in ears.results


def test_a_deed_that_the_user_cancels_leaves_the_next_one_alone(tasks: Tasks, qtbot: QtBot) -> None:
    ears, began = Ears(), threading.Event()

    def goes_on(progress: Progress) -> None:
        began.set()
        while True:
            progress.report(0.5)

    deed = tasks.do("same", goes_on, ears.result, on_end=ears.end)
    tasks.do("same", lambda _progress: "done", ears.result)
    assert began.wait(10)
    deed.control.cancel()
    qtbot.waitUntil(lambda: tasks.idle)
    assert (ears.results, ears.ends) == (["done"], 1)


def test_deeds_that_run_or_wait_are_finished_when_all_is_closed(
    qtbot: QtBot, gates: dict[str, threading.Event]
) -> None:
    tasks, ears = Tasks(), Ears()
    begun: list[str] = []
    for kind in "ab":
        tasks.do("same", held(kind, gates, begun), ears.result)
    qtbot.waitUntil(lambda: begun == ["a"])
    tasks.close()
    assert not tasks.over
    for kind in "ab":
        gates[kind].set()
    qtbot.waitUntil(lambda: tasks.over)
    assert ears.results == begun == ["a", "b"]


def test_closing_does_not_wait_for_what_cannot_be_cancelled(
    qtbot: QtBot, gates: dict[str, threading.Event]
) -> None:
    tasks, ears = Tasks(), Ears()
    begun: list[str] = []
    tasks.ask("map", held("a", gates, begun), ears.result, on_end=ears.end)
    qtbot.waitUntil(lambda: begun == ["a"])
    tasks.close()  # returns although the gate is shut
    assert not tasks.over
    gates["a"].set()
    qtbot.waitUntil(lambda: tasks.over)
    assert (ears.results, ears.ends) == ([], 0)
