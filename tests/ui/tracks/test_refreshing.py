"""How the window keeps in step with a library, without drawing what it shows already."""

from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot
from ui_fakes import FakeSession, make_tracks

from vocal_explorer.base.records.signals import Domain
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.ui.main_window import MainWindow

Settle = Callable[[], None]
Filled = tuple[MainWindow, FakeSession]


class UnchangedSession(FakeSession):
    """Like a Session, it gives the same tuple until something changes; so does its scan."""

    held: tuple[Track, ...] = ()

    def tracks(self) -> tuple[Track, ...]:
        if self.held != tuple(self.library.values()):
            self.held = tuple(self.library.values())
        return self.held


def n_maps(session: FakeSession) -> int:
    return sum(call[0] == "map" for call in session.calls)


def test_the_first_look_for_changes_waits_until_the_library_is_shown(
    window: MainWindow, qtbot: QtBot, settle: Settle
) -> None:
    session = FakeSession(make_tracks(24))
    session.folders.known = [Path("/music")]
    shown: list[int] = []
    window.scans.began.connect(lambda: shown.append(len(window.known)))
    with qtbot.waitSignal(window.opened):
        window.set_session(session)
    settle()
    assert session.scanned == [[Path("/music")]]
    assert shown == [24]


def test_a_look_that_finds_nothing_new_draws_nothing_anew(
    window: MainWindow, settle: Settle
) -> None:
    session = UnchangedSession(make_tracks(24))
    window.set_session(session)
    settle()
    window.page.select("id3")
    settle()
    before, asked = n_maps(session), len(session.calls)
    window.scans.scan_quietly([Path("/music")])
    settle()
    assert session.scanned == [[Path("/music")]]
    assert n_maps(session) == before == len(Domain)
    assert len(session.calls) == asked
    assert window.scan_bar.label.text() == "24 tracks, 8 singers"


def test_rows_of_a_cancelled_scan_go_although_the_library_did_not_change(
    window: MainWindow, qtbot: QtBot, settle: Settle
) -> None:
    session = UnchangedSession(make_tracks(4), to_scan=make_tracks(6)[4:])
    window.set_session(session)
    settle()
    session.gate.clear()
    window.scan([Path("/music")])
    qtbot.waitUntil(lambda: len(window.known) == 6)
    window.library._cancel()
    settle()
    assert len(window.known) == 4


def test_what_a_scan_begins_or_ends_with_moves_nothing_else(
    window: MainWindow, qtbot: QtBot, settle: Settle
) -> None:
    session = FakeSession(make_tracks(4), to_scan=make_tracks(6)[4:])
    window.set_session(session)
    settle()
    before = window.page.geometry()
    session.gate.clear()
    window.scan([Path("/music")])
    qtbot.waitUntil(window.scan_bar.cancel_button.isVisible)
    assert window.page.geometry() == before
    session.gate.set()
    settle()
    assert not window.scan_bar.cancel_button.isVisible()
    assert window.page.geometry() == before
