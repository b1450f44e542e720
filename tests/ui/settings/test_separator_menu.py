import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot
from ui_fakes import FakePlayer, FakeSession, make_tracks

from vocal_explorer.base.errors import DownloadError
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.ranking import Blend
from vocal_explorer.base.records.tracks import StaleReason, TrackState
from vocal_explorer.ui.base.window_settings import WindowSettings
from vocal_explorer.ui.main_window import MainWindow

Settle = Callable[[], None]


class Download:
    """Stands in for the real one; `gate`, when closed, holds it in the middle."""

    def __init__(self) -> None:
        self.session: FakeSession | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.began = threading.Event()
        self.failure = ""
        self.completed = 0

    def __call__(self, progress: Progress) -> None:
        progress.report(0.4, "downloading Spleeter's weights")
        self.began.set()
        while not self.gate.wait(0.005):
            progress.report(0.5, "downloading Spleeter's weights")
        if self.failure:
            raise DownloadError(self.failure)
        if self.session is not None:
            self.session.installed.add("spleeter")
        self.completed += 1


@pytest.fixture
def download() -> Download:
    return Download()


@pytest.fixture
def window(qtbot: QtBot, memory: WindowSettings, download: Download) -> MainWindow:
    window = MainWindow(memory, download)
    qtbot.addWidget(window, before_close_func=MainWindow.close_and_wait)
    window.show()
    return window


@pytest.fixture
def session(window: MainWindow, download: Download, settle: Settle) -> FakeSession:
    session = FakeSession(make_tracks(5))
    download.session = session
    window.set_session(session, FakePlayer())
    settle()
    return session


def lines(window: MainWindow) -> dict[str, QAction]:
    return {action.text().replace("&", ""): action for action in window.separation.menu.actions()}


def get_weights(window: MainWindow) -> None:
    lines(window)["Get Spleeter's weights…"].trigger()
    window.separation.dialog.start_button.click()


LAST = ("Separation", "Encoders", "Help")


def test_the_menu_shows_what_is_used_and_what_is_not_there(
    window: MainWindow, session: FakeSession
) -> None:
    titles = [action.text().replace("&", "") for action in window.menuBar().actions()]
    assert titles == ["File", "Go", "Singers", "Mashup", "Play", *LAST]
    shown = lines(window)
    assert shown["Automatic (now: Embedded)"].isChecked()
    assert shown["Embedded"].isEnabled()
    assert not shown["Spleeter (not installed)"].isEnabled()
    assert shown["Embedded"].toolTip() == "Embedded separates like this."
    assert shown["Get Spleeter's weights…"].isEnabled()
    assert window.message_bar.text == ""


def test_the_difference_is_told_in_words(window: MainWindow, session: FakeSession) -> None:
    lines(window)["What is the difference?"].trigger()
    (box,) = (box for box in window.findChildren(QMessageBox) if box.isVisible())
    for text in ("Embedded separates like this.", "(not installed)", "is kept"):
        assert text in box.text()
    box.accept()


def test_a_choice_is_told_and_what_is_stale_is_analysed_only_when_asked(
    window: MainWindow, session: FakeSession, settle: Settle
) -> None:
    session.installed.add("spleeter")
    window.separation.choose("spleeter")
    settle()
    assert lines(window)["Spleeter"].isChecked()
    assert window.message_bar.text == (
        "The vocals are isolated with Spleeter from now on. 5 tracks can be analysed again with it."
    )
    assert {t.state for t in window.known.all()} == {TrackState.STALE}
    assert session.scanned == []
    session.to_scan = make_tracks(5)
    window.message_bar.action_button.click()
    settle()
    assert session.scanned == [[track.path for track in make_tracks(5)]]
    assert {t.state for t in window.known.all()} == {TrackState.ANALYSED}
    assert window.message_bar.text == ""


def test_only_stale_tracks_are_analysed_again(
    window: MainWindow, session: FakeSession, settle: Settle
) -> None:
    tracks = make_tracks(3)
    session.library = {track.path: track for track in tracks}
    stale = replace(tracks[1], state=TrackState.STALE, stale=StaleReason.SEPARATOR)
    session.library[stale.path] = stale
    window.separation.choose("embedded")
    settle()
    window.message_bar.action_button.click()
    settle()
    assert session.scanned == [[stale.path]]


def test_a_choice_that_changes_nothing_offers_nothing(
    window: MainWindow, session: FakeSession, settle: Settle
) -> None:
    lines(window)["Embedded"].trigger()
    settle()
    assert session.separator == "embedded"
    assert window.message_bar.text == "The vocals are isolated with Embedded from now on."
    assert not window.message_bar.action_button.isVisible()


def test_a_refused_choice_is_one_sentence_and_the_mark_stays(
    window: MainWindow, session: FakeSession, settle: Settle
) -> None:
    window.separation.choose("spleeter")
    settle()
    assert window.message_bar.text == "Spleeter is not installed."
    assert lines(window)["Automatic (now: Embedded)"].isChecked()


def test_outdated_tracks_are_offered_at_the_start(window: MainWindow, settle: Settle) -> None:
    window.set_session(FakeSession(make_tracks(2, TrackState.STALE)))
    settle()
    assert window.message_bar.text.startswith("2 tracks can be compared only after a new analysis")
    assert window.message_bar.action_button.isVisible()


def test_an_installation_from_elsewhere_is_offered_at_the_start(
    window: MainWindow, settle: Settle
) -> None:
    session = FakeSession(make_tracks(3))
    session.installed.add("spleeter")
    window.set_session(session)
    settle()
    assert window.message_bar.text == (
        "Spleeter is installed. 3 tracks can be analysed again with it."
    )


def test_nothing_is_chosen_while_a_scan_runs(
    window: MainWindow, session: FakeSession, settle: Settle, qtbot: QtBot
) -> None:
    session.to_scan = make_tracks(6)[5:]
    session.gate.clear()
    window.scan([make_tracks(6)[5].path])
    qtbot.waitUntil(lambda: session.scan_thread is not None)
    assert not lines(window)["Embedded"].isEnabled()
    assert "Not while a scan runs." in lines(window)["Embedded"].toolTip()
    session.gate.set()
    settle()
    assert lines(window)["Embedded"].isEnabled()


class TestDownload:
    @pytest.mark.parametrize(("chosen", "wanted"), [("auto", "auto"), ("embedded", "spleeter")])
    def test_what_is_installed_is_offered_and_used_when_asked(
        self, window: MainWindow, session: FakeSession, settle: Settle, chosen: str, wanted: str
    ) -> None:
        session.choose_separator(chosen)
        window.separation.set_explorer(session)
        settle()
        get_weights(window)
        settle()
        assert not window.separation.dialog.isVisible()
        assert window.message_bar.text == (
            "Spleeter is installed. 5 tracks can be analysed again with it."
        )
        assert not lines(window)["Get Spleeter's weights…"].isEnabled()
        assert (session.separator, session.current, session.scanned) == (chosen, "embedded", [])
        session.to_scan = make_tracks(5)
        window.message_bar.action_button.click()
        settle()
        assert (session.separator, session.current) == (wanted, "spleeter")
        assert session.scanned == [[track.path for track in make_tracks(5)]]

    def test_an_empty_library_uses_it_at_once(
        self, window: MainWindow, session: FakeSession, settle: Settle
    ) -> None:
        session.library.clear()
        window.tracks.refresh()
        settle()
        get_weights(window)
        settle()
        assert session.current == "spleeter"
        assert window.message_bar.text == (
            "Spleeter is installed, and isolates the vocals from now on."
        )

    def test_the_dialog_shows_how_far_it_is(
        self, window: MainWindow, session: FakeSession, download: Download, qtbot: QtBot
    ) -> None:
        download.gate.clear()
        dialog = window.separation.dialog
        lines(window)["Get Spleeter's weights…"].trigger()
        assert dialog.isVisible()
        assert not dialog.bar.isVisible()
        for word in ("73 MB", "MIT licence", "Deezer's release page"):
            assert word in dialog.accessibleDescription()
        qtbot.keyClick(dialog.start_button, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: dialog.bar.value() >= 400)
        assert dialog.status.text() == "Downloading Spleeter's weights"
        assert not dialog.start_button.isEnabled()
        download.gate.set()
        qtbot.waitUntil(lambda: not dialog.isVisible())
        assert download.completed == 1

    @pytest.mark.parametrize("how", ["button", "escape"])
    def test_cancel_ends_it_without_a_word(
        self,
        window: MainWindow,
        session: FakeSession,
        download: Download,
        settle: Settle,
        qtbot: QtBot,
        how: str,
    ) -> None:
        download.gate.clear()
        get_weights(window)
        assert download.began.wait(10)
        dialog = window.separation.dialog
        if how == "button":
            dialog.cancel_button.click()
        else:
            qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        assert not dialog.isVisible()
        settle()
        assert download.completed == 0
        assert window.message_bar.text == ""
        assert lines(window)["Get Spleeter's weights…"].isEnabled()
        download.gate.set()
        get_weights(window)
        settle()
        assert download.completed == 1

    def test_a_failure_is_one_sentence_and_can_be_tried_again(
        self, window: MainWindow, session: FakeSession, download: Download, settle: Settle
    ) -> None:
        download.failure = "There is no connection to github.com."
        get_weights(window)
        settle()
        assert window.message_bar.text == "There is no connection to github.com."
        assert not window.separation.dialog.isVisible()
        download.failure = ""
        get_weights(window)
        settle()
        assert "Spleeter is installed." in window.message_bar.text

    def test_it_may_end_before_the_library_is_open(
        self, window: MainWindow, download: Download, settle: Settle
    ) -> None:
        window.separation.dialog.open()
        window.separation.dialog.start_button.click()
        settle()
        assert window.message_bar.text == "Spleeter is installed."

    def test_closing_the_window_joins_it(
        self, window: MainWindow, session: FakeSession, download: Download, qtbot: QtBot
    ) -> None:
        before = threading.active_count()
        download.gate.clear()
        get_weights(window)
        assert download.began.wait(10)
        with qtbot.waitSignal(window.closed):
            window.close()
        assert threading.active_count() <= before
        assert download.completed == 0

    def test_a_window_without_a_download_offers_none(
        self, memory: WindowSettings, qtbot: QtBot
    ) -> None:
        plain = MainWindow(memory)
        qtbot.addWidget(plain)
        plain.separation.menu.show_choices(FakeSession().separators())
        assert not lines(plain)["Get Spleeter's weights…"].isEnabled()
        plain.close_and_wait()


def test_an_instrumental_is_compared_by_mix_only(
    window: MainWindow, session: FakeSession, settle: Settle, qtbot: QtBot
) -> None:
    track = replace(make_tracks(5)[3], vocal_presence=0.0)
    session.library[track.path] = track
    window.tracks.refresh()
    settle()
    session.calls.clear()
    window.page.select(track.track_id)
    settle()
    assert session.calls == [("cover", track.path)]
    singers, matches = window.page.singers, window.page.matches
    assert "slider to Mix" in singers.singers.accessibleDescription()
    assert "no vocals to lay over another song" in matches.list.accessibleDescription()
    assert not matches.play_button.isEnabled()
    qtbot.keyClick(singers.selector.slider, Qt.Key.Key_Home)
    settle()
    assert ("similar", track.track_id, Blend(0.0)) in session.calls
    assert len(singers.tracks.rows) == 4
    assert window.scan_bar.label.text() == "5 tracks, 5 singers, 1 instrumental"
