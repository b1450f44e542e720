"""What the user does is never dropped: not for the next deed, nor when the window closes."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Generic, ParamSpec, TypeVar

import pytest
from pytestqt.qtbot import QtBot
from ui_fakes import FakePlayer, FakeSession, make_tracks

from vocal_explorer.base.records.signals import Domain
from vocal_explorer.ui.main_window import MainWindow

Settle = Callable[[], None]
Filled = tuple[MainWindow, FakeSession]
P = ParamSpec("P")
R = TypeVar("R")


class Held(Generic[P, R]):
    """A function that waits at a gate when it is called."""

    def __init__(self, function: Callable[P, R]) -> None:
        self._function = function
        self.gate = threading.Event()
        self.n_calls = 0

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        self.n_calls += 1
        assert self.gate.wait(10)
        return self._function(*args, **kwargs)


@pytest.fixture
def hold(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[object, str], Held[..., object]]]:
    """Let a method wait until its gate is opened, at the latest at the end of the test."""
    held: list[Held[..., object]] = []

    def put(owner: object, name: str) -> Held[..., object]:
        held.append(Held(getattr(owner, name)))
        monkeypatch.setattr(owner, name, held[-1])
        return held[-1]

    yield put
    for method in held:
        method.gate.set()


Hold = Callable[[object, str], Held[..., object]]


def change_singer(window: MainWindow, track_id: str, name: str) -> None:
    window.page.select(track_id)
    window.singers.ask_singer()
    window.singers.dialog.name.setText(name)
    window.singers.dialog.accept()


def singers(session: FakeSession) -> dict[str, str]:
    return {track.track_id: track.singer for track in session.tracks()}


def test_two_matches_that_are_saved_in_a_row_are_both_written(
    filled: Filled, hold: Hold, qtbot: QtBot, settle: Settle
) -> None:
    window, session = filled
    render = hold(session.mashups, "render")
    first, second, third = session.tracks()[:3]
    for vocals in (first, second):
        window.mashups._save(window.mashups._pair(vocals, third), Path("/out"), ".wav", False)
    qtbot.waitUntil(lambda: render.n_calls == 1)
    render.gate.set()
    settle()
    assert [path.name for path in session.saved] == [
        f"{vocals.title} ({vocals.singer}) over {third.title}.wav" for vocals in (first, second)
    ]


def test_two_quick_changes_of_singers_are_both_made_and_both_taken_back(
    filled: Filled, hold: Hold, settle: Settle
) -> None:
    window, session = filled
    before = singers(session)
    change = hold(session.labels, "change")
    change_singer(window, "id1", "Zora")
    change_singer(window, "id2", "Yma")
    change.gate.set()
    settle()
    assert singers(session) == before | {"id1": "Zora", "id2": "Yma"}
    window.singers.undo()
    settle()
    assert singers(session) == before | {"id1": "Zora"}
    window.singers.undo()
    settle()
    assert singers(session) == before


def test_undo_takes_back_a_change_that_is_to_be_made_still(
    filled: Filled, hold: Hold, settle: Settle
) -> None:
    window, session = filled
    before = singers(session)
    change = hold(session.labels, "change")
    change_singer(window, "id1", "Zora")
    window.singers.undo()
    window.singers.undo()
    change.gate.set()
    settle()
    assert singers(session) == before
    assert window.message_bar.text == "Taken back."


def test_two_exports_in_a_row_are_both_written(filled: Filled, hold: Hold, settle: Settle) -> None:
    window, session = filled
    export = hold(session, "export")
    for name in ("a.csv", "b.m3u8"):
        window.exports.export(Path("/out") / name, make_tracks(1))
    export.gate.set()
    settle()
    assert [out.name for out, _ in session.exports] == ["a.csv", "b.m3u8"]


def test_two_folders_that_are_removed_in_a_row_are_both_gone(
    filled: Filled, hold: Hold, settle: Settle
) -> None:
    window, session = filled
    folders = [Path("/music/Gus"), Path("/music/Carl Moss")]
    session.folders.known = [*folders, Path("/music/Anna Lind")]
    remove = hold(session.folders, "remove")
    for folder in folders:
        window.library.folders.remove_wanted.emit([folder])
    remove.gate.set()
    settle()
    assert session.folders.paths() == [Path("/music/Anna Lind")]
    assert not {"Gus", "Carl Moss"} & {t.singer for t in window.known.all()}


def test_two_quick_retries_are_both_made(filled: Filled, hold: Hold, settle: Settle) -> None:
    window, session = filled
    try_again = hold(session, "try_again")
    paths = [Path("/music/a.mp3"), Path("/music/b.mp3")]
    for path in paths:
        window.library.retry([path])
    try_again.gate.set()
    settle()
    assert session.tried_again == paths
    assert [path for scanned in session.scanned for path in scanned] == paths


def test_the_last_of_two_separators_that_are_chosen_in_a_row_is_used(
    filled: Filled, hold: Hold, settle: Settle
) -> None:
    window, session = filled
    session.installed.add("spleeter")
    choose = hold(session, "choose_separator")
    for name in ("spleeter", "embedded"):
        window.separation.choose(name)
    choose.gate.set()
    settle()
    assert choose.n_calls == 2
    assert session.separator == "embedded"


def test_what_waits_to_be_done_is_done_although_the_window_is_closed(
    window: MainWindow, hold: Hold, settle: Settle, qtbot: QtBot
) -> None:
    session, player = FakeSession(make_tracks(24)), FakePlayer()
    window.set_session(session, player)
    settle()
    change, export = hold(session.labels, "change"), hold(session, "export")
    for track_id, name in (("id1", "Zora"), ("id2", "Yma")):
        change_singer(window, track_id, name)
    window.exports.export(Path("/out/a.csv"), make_tracks(1))
    window.close()
    assert not window.isVisible()
    assert not player.closed
    for method in (change, export):
        method.gate.set()
    with qtbot.waitSignal(window.closed):
        pass
    assert singers(session)["id1"] == "Zora"
    assert singers(session)["id2"] == "Yma"
    assert len(session.exports) == 1
    assert player.closed


def test_closing_while_a_map_is_computed_lets_the_window_disappear_at_once(
    window: MainWindow, hold: Hold, qtbot: QtBot
) -> None:
    session, player = FakeSession(make_tracks(24)), FakePlayer()
    track_map = hold(session, "track_map")
    window.set_session(session, player)
    qtbot.waitUntil(lambda: track_map.n_calls == 1)
    player.playing = True
    window.close()  # this would hang if it waited for what reports nothing
    assert not window.isVisible()
    assert not player.playing
    with qtbot.waitSignal(window.closed):
        track_map.gate.set()
    assert track_map.n_calls == 1
    assert window.page.maps.views[Domain.MIX].layout_shown.tracks == ()
