from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from vocal_explorer.ui.base.time_slices import TimeSlices


def counting(done: list[str], name: str, n_steps: int = 3) -> Iterator[None]:
    for number in range(n_steps):
        done.append(f"{name}{number}")
        yield


def test_what_comes_first_is_done_first(qtbot: QtBot) -> None:
    turns, done, owners = TimeSlices(), [], [QObject(), QObject()]
    for owner, name in zip(owners, "ab", strict=True):
        turns.run(owner, counting(done, name))
    assert not done
    qtbot.waitUntil(lambda: turns.idle)
    assert done == ["a0", "a1", "a2", "b0", "b1", "b2"]


def test_events_are_heard_between_two_steps(qtbot: QtBot) -> None:
    turns, done, owner = TimeSlices(), [], QObject()
    turns.run(owner, counting(done, "step", 5))
    timer = QTimer(interval=0)
    timer.timeout.connect(lambda: done.append("event"))
    timer.start()
    qtbot.waitUntil(lambda: turns.idle)
    timer.stop()
    steps = [place for place, what in enumerate(done) if what.startswith("step")]
    assert len(steps) == 5
    assert all(later - earlier > 1 for earlier, later in pairwise(steps))


def test_what_is_asked_for_again_replaces_what_is_left(qtbot: QtBot) -> None:
    turns, done, owner = TimeSlices(), [], QObject()
    turns.run(owner, counting(done, "old", 10**9))
    qtbot.waitUntil(lambda: bool(done))
    turns.run(owner, counting(done, "new"))
    turns.run(owner, counting(done, "other"), "another kind")
    qtbot.waitUntil(lambda: turns.idle)
    assert done[-6:] == ["new0", "new1", "new2", "other0", "other1", "other2"]


def test_it_ends_with_its_owner_and_when_all_is_closed(qtbot: QtBot) -> None:
    turns, done, owners = TimeSlices(), [], [QObject(), QObject()]
    turns.run(owners[0], counting(done, "gone"))
    delete(owners[0])
    turns.run(owners[1], counting(done, "there"))
    qtbot.waitUntil(lambda: turns.idle)
    assert done == ["there0", "there1", "there2"]
    turns.close()
    turns.run(owners[1], counting(done, "late"))
    assert turns.idle
