from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot
from ui_fakes import FakePlayer, FakeSession, make_tracks

from vocal_explorer.base.records.tracks import TrackState
from vocal_explorer.ui.main_window import MainWindow

Settle = Callable[[], None]


@pytest.fixture
def session(window: MainWindow, settle: Settle) -> FakeSession:
    session = FakeSession(make_tracks(5))
    window.set_session(session, FakePlayer())
    settle()
    return session


def lines(window: MainWindow) -> dict[str, QAction]:
    return {action.text().replace("&", ""): action for action in window.encoders.menu.actions()}


def begin(window: MainWindow) -> None:
    lines(window)["Learn my library…"].trigger()
    window.encoders.dialog.start_button.click()


def test_the_menu_shows_the_encoders_and_offers_to_learn(
    window: MainWindow, session: FakeSession
) -> None:
    shown = lines(window)
    assert list(shown) == ["Standard", "", "Learn my library…"]
    assert shown["Standard"].isChecked()
    assert shown["Standard"].toolTip() == "Hears."
    assert shown["Learn my library…"].isEnabled()


def test_nothing_is_offered_before_the_library_is_open(window: MainWindow) -> None:
    assert not lines(window)["Learn my library…"].isEnabled()


def test_the_dialog_explains_and_leaves_the_window_free(
    window: MainWindow, session: FakeSession, settle: Settle, qtbot: QtBot
) -> None:
    session.gate.clear()
    lines(window)["Learn my library…"].trigger()
    dialog = window.encoders.dialog
    assert dialog.isVisible()
    assert not dialog.isModal()
    for words in ("held out", "a quarter of an hour for a hundred songs", "go back at any time"):
        assert words in dialog.accessibleDescription()
    qtbot.keyClick(dialog.start_button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.bar.value() >= 200)
    assert dialog.status.text() == "Listening to the songs"
    assert dialog.bar.accessibleName() == "Progress of the learning"
    window.page.select("id3")
    qtbot.waitUntil(lambda: any(call[:2] == ("similar", "id3") for call in session.calls))
    session.gate.set()
    settle()
    assert not dialog.isVisible()


def test_a_better_pair_is_told_in_words_and_one_click_goes_back(
    window: MainWindow, session: FakeSession, settle: Settle
) -> None:
    begin(window)
    settle()
    assert window.message_bar.text == (
        "Your library is learnt. Of 18 held-out songs, 15 now have the right artist first; before"
        " it was 13. The new encoders are used from now on."
    )
    assert lines(window)["Learnt from my library"].isChecked()
    assert window.message_bar.action_button.text() == "Go back"
    window.message_bar.action_button.click()
    settle()
    assert session.pair == "cross-sp"
    assert lines(window)["Standard"].isChecked()
    assert window.message_bar.text == "These encoders are used from now on: Standard."
    assert {t.state for t in window.known.all()} == {TrackState.ANALYSED}


@pytest.mark.parametrize("after", [12, 13])
def test_a_pair_that_is_not_better_is_told_as_such(
    window: MainWindow, session: FakeSession, settle: Settle, after: int
) -> None:
    session.right = (13, after)
    begin(window)
    settle()
    assert window.message_bar.text == (
        f"Learning your library did not help. Of 18 held-out songs, {after} now have the right"
        " artist first; before it was 13. Everything stays as it was."
    )
    assert not window.message_bar.action_button.isVisible()
    assert list(lines(window)) == ["Standard", "", "Learn my library…"]


@pytest.mark.parametrize("how", ["button", "escape"])
def test_cancel_ends_it_without_a_word(
    window: MainWindow, session: FakeSession, settle: Settle, qtbot: QtBot, how: str
) -> None:
    session.gate.clear()
    begin(window)
    assert session.learning.wait(10)
    dialog = window.encoders.dialog
    if how == "button":
        dialog.cancel_button.click()
    else:
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    settle()
    assert (dialog.isVisible(), window.message_bar.text) == (False, "")
    assert session.pair == "cross-sp"
    session.gate.set()
    begin(window)
    settle()
    assert session.pair == "learnt"


def test_a_failure_is_one_sentence(
    window: MainWindow, session: FakeSession, settle: Settle
) -> None:
    session.learn_failure = "Learning needs two artists."
    begin(window)
    settle()
    assert window.message_bar.text == "Learning needs two artists."
    assert not window.encoders.dialog.isVisible()


def test_tracks_that_a_pair_has_not_heard_are_analysed_only_when_asked(
    window: MainWindow, session: FakeSession, settle: Settle
) -> None:
    session.pair_names.append("learnt")
    window.encoders.set_explorer(session)
    settle()
    lines(window)["Learnt from my library"].trigger()
    settle()
    assert window.message_bar.text == (
        "These encoders are used from now on: Learnt from my library. 5 tracks can be analysed"
        " again with them."
    )
    assert session.scanned == []
    session.to_scan = make_tracks(5)
    window.message_bar.action_button.click()
    settle()
    assert session.scanned == [[track.path for track in make_tracks(5)]]


def test_a_refused_choice_is_one_sentence_and_the_mark_stays(
    window: MainWindow, session: FakeSession, settle: Settle
) -> None:
    window.encoders.choose("magic")
    settle()
    assert window.message_bar.text == "There are no encoders 'magic'."
    assert lines(window)["Standard"].isChecked()


def test_nothing_is_chosen_while_a_scan_runs(
    window: MainWindow, session: FakeSession, settle: Settle, qtbot: QtBot
) -> None:
    session.to_scan = make_tracks(6)[5:]
    session.gate.clear()
    window.scan([make_tracks(6)[5].path])
    qtbot.waitUntil(lambda: session.scan_thread is not None)
    for line in ("Standard", "Learn my library…"):
        assert not lines(window)[line].isEnabled()
        assert "Not while a scan runs." in lines(window)[line].toolTip()
    session.gate.set()
    settle()
    assert lines(window)["Standard"].isEnabled()


def test_closing_the_window_ends_it(window: MainWindow, session: FakeSession, qtbot: QtBot) -> None:
    session.gate.clear()
    begin(window)
    assert session.learning.wait(10)
    with qtbot.waitSignal(window.closed):
        window.close()
    assert session.pair == "cross-sp"
