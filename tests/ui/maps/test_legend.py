import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from vocal_explorer.ui.base.colours import category_mark
from vocal_explorer.ui.maps.attributes import Group
from vocal_explorer.ui.maps.legend import Legend

GROUPS = tuple(Group(name, category_mark(i), 3 - i) for i, name in enumerate(("Ann", "Bob", "Cid")))
LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def legend(qtbot: QtBot) -> Legend:
    legend = Legend()
    qtbot.addWidget(legend)
    legend.resize(500, 30)
    legend.show()
    legend.show_groups(GROUPS)
    return legend


def place(legend: Legend, number: int) -> QPoint:
    return legend.visualItemRect(legend.item(number)).center()


def test_a_click_hides_and_shows(legend: Legend, qtbot: QtBot) -> None:
    with qtbot.waitSignal(legend.filtered) as filtered:
        qtbot.mouseClick(legend.viewport(), LEFT, pos=place(legend, 1))
    assert filtered.args == [frozenset({"Bob"})]
    assert legend.item(1).font().strikeOut()
    qtbot.mouseClick(legend.viewport(), LEFT, pos=place(legend, 1))
    assert legend.hidden_labels == frozenset()


def test_shift_shows_only_one_and_then_all(legend: Legend, qtbot: QtBot) -> None:
    qtbot.mouseClick(legend.viewport(), LEFT, SHIFT, place(legend, 2))
    assert legend.hidden_labels == {"Ann", "Bob"}
    qtbot.mouseClick(legend.viewport(), LEFT, SHIFT, place(legend, 2))
    assert legend.hidden_labels == frozenset()


def test_a_double_click_shows_only_one(legend: Legend, qtbot: QtBot) -> None:
    qtbot.mouseClick(legend.viewport(), LEFT, pos=place(legend, 0))
    qtbot.mouseDClick(legend.viewport(), LEFT, pos=place(legend, 0))
    assert legend.hidden_labels == {"Bob", "Cid"}


def test_keys_do_the_same(legend: Legend, qtbot: QtBot) -> None:
    qtbot.keyClick(legend, Qt.Key.Key_Right)
    qtbot.keyClick(legend, Qt.Key.Key_Right)
    label = legend.currentItem().text()
    qtbot.keyClick(legend, Qt.Key.Key_Space)
    assert legend.hidden_labels == {label}
    assert legend.currentItem().text() == label
    qtbot.keyClick(legend, Qt.Key.Key_Space)
    qtbot.keyClick(legend, Qt.Key.Key_Return, SHIFT)
    assert legend.hidden_labels == {"Ann", "Bob", "Cid"} - {label}


def test_hidden_groups_stay_hidden_when_tracks_come(legend: Legend, qtbot: QtBot) -> None:
    qtbot.mouseClick(legend.viewport(), LEFT, pos=place(legend, 0))
    legend.show_groups((*GROUPS, Group("Dea", category_mark(3), 1)))
    assert legend.hidden_labels == {"Ann"}
    assert legend.item(0).font().strikeOut()
    assert not legend.item(3).font().strikeOut()
