from collections.abc import Callable

import pytest
from PySide6.QtCore import QByteArray, QPoint, Qt
from pytestqt.qtbot import QtBot
from ui_fakes import FakePlayer, FakeSession, make_tracks

from vocal_explorer.base.records.ranking import Blend
from vocal_explorer.ui.base.window_settings import WindowSettings
from vocal_explorer.ui.main_window import MainWindow
from vocal_explorer.ui.rankings.blend_selector import BlendSelector

Filled = tuple[MainWindow, FakeSession]
Settle = Callable[[], None]


@pytest.fixture
def selector(qtbot: QtBot) -> BlendSelector:
    selector = BlendSelector()
    qtbot.addWidget(selector)
    selector.show()
    return selector


def test_it_begins_in_the_middle_and_keys_move_it(selector: BlendSelector, qtbot: QtBot) -> None:
    assert selector.blend == Blend(0.5)
    for key, share in [
        (Qt.Key.Key_Right, 0.55),
        (Qt.Key.Key_PageUp, 0.8),
        (Qt.Key.Key_End, 1.0),
        (Qt.Key.Key_Home, 0.0),
    ]:
        qtbot.keyClick(selector.slider, key)
        assert selector.blend.vocals == pytest.approx(share)
    assert selector.slider.accessibleDescription() == "0 % vocals, 100 % mix"


def test_what_is_dragged_is_told_once_when_it_rests(selector: BlendSelector, qtbot: QtBot) -> None:
    told = []
    selector.changed.connect(told.append)
    for _ in range(4):
        qtbot.keyClick(selector.slider, Qt.Key.Key_Right)
    assert selector.pending
    qtbot.waitUntil(lambda: not selector.pending)
    assert told == [Blend(0.7)]


def test_state_comes_back_and_nonsense_changes_nothing(
    selector: BlendSelector, qtbot: QtBot
) -> None:
    qtbot.keyClick(selector.slider, Qt.Key.Key_End)
    qtbot.keyClick(selector.hubs, Qt.Key.Key_Space)
    other = BlendSelector()
    qtbot.addWidget(other)
    assert other.restoreState(selector.saveState())
    assert other.blend == Blend(1.0, hub_corrected=True)
    for nonsense in (b"", b"x 1", b"3", b"3 2", b"\xff 0"):
        assert not other.restoreState(QByteArray(nonsense))
    assert other.blend == Blend(1.0, hub_corrected=True)


def test_both_rankings_follow_the_slider(filled: Filled, settle: Settle, qtbot: QtBot) -> None:
    window, session = filled
    window.page.select("id7")
    settle()
    assert ("similar", "id7", Blend(0.5)) in session.calls
    qtbot.keyClick(window.page.singers.selector.slider, Qt.Key.Key_End)
    settle()
    assert session.calls[-2:] == [("singers", "id7", Blend(1.0)), ("similar", "id7", Blend(1.0))]


def test_correcting_hubs_says_what_it_does(filled: Filled, settle: Settle, qtbot: QtBot) -> None:
    window, session = filled
    panel = window.page.singers
    window.page.select("id7")
    settle()
    assert panel.hub_words.isHidden()
    box = panel.selector.hubs
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    settle()
    assert ("similar", "id7", Blend(0.5, hub_corrected=True)) in session.calls
    assert "11 tracks instead of 14 (of 24)" in panel.hub_words.text()
    assert panel.hub_words.isVisible()
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    settle()
    assert panel.hub_words.isHidden()


def test_the_window_remembers_it(filled: Filled, memory: WindowSettings, qtbot: QtBot) -> None:
    window, _ = filled
    qtbot.keyClick(window.page.singers.selector.slider, Qt.Key.Key_Home)
    window.close_and_wait()
    again = MainWindow(memory)
    qtbot.addWidget(again)
    assert again.page.singers.selector.blend == Blend(0.0)
    again.set_session(FakeSession(make_tracks(3)), FakePlayer())
    again.close_and_wait()
