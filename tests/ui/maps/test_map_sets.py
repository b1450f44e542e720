"""Sets of tracks: drawn on the maps, chosen in the table, played, saved, searched with."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from gestures import drag
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from ui_fakes import FakePlayer, FakeSession

from vocal_explorer.base.records.ranking import Blend
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.ui.main_window import MainWindow
from vocal_explorer.ui.maps.map_box import Tool
from vocal_explorer.ui.maps.map_view import MapView

Filled = tuple[MainWindow, FakeSession]
Settle = Callable[[], None]
NO_BUTTON = Qt.MouseButton.NoButton
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def around(view: MapView, track_id: str, radius: int = 30) -> list[QPoint]:
    centre = view.pixel_of(track_id).toPoint()
    low, high = centre - QPoint(radius, radius), centre + QPoint(radius, radius)
    return [low, centre, high]


def within(view: MapView, low: QPoint, high: QPoint) -> set[str]:
    ids = [track.track_id for track in view.layout_shown.tracks]
    places = {track_id: view.pixel_of(track_id) for track_id in ids}
    return {
        track_id
        for track_id, p in places.items()
        if low.x() < p.x() < high.x() and low.y() < p.y() < high.y()
    }


@pytest.fixture
def view(filled: Filled) -> MapView:
    window, _ = filled
    window.resize(1280, 800)
    return window.page.maps.views[Domain.MIX]


def use(window: MainWindow, qtbot: QtBot, tool: Tool) -> None:
    qtbot.mouseClick(window.page.maps.bar.tool_button(tool), LEFT)


def test_a_rectangle_chooses_in_both_maps_and_the_table(
    filled: Filled, view: MapView, qtbot: QtBot
) -> None:
    window, _ = filled
    use(window, qtbot, Tool.RECTANGLE)
    way = around(view, "id3", 60)
    expected = within(view, way[0], way[-1])
    seen = view.seen
    drag(qtbot, view, way)
    assert set(window.page.maps.chosen) == expected
    assert len(expected) > 1
    assert view.seen == seen  # it did not move
    table = window.page.table
    rows = table.view.selectionModel().selectedRows()
    assert {table.model.track_at(index.row()).track_id for index in rows} == expected
    assert window.page.maps.set_bar.isVisible()
    assert window.page.maps.set_bar.count.text() == f"{len(expected)} tracks chosen"


def test_shift_adds_and_without_a_tool_it_draws_a_rectangle(
    filled: Filled, view: MapView, qtbot: QtBot
) -> None:
    window, _ = filled
    for track_id in ("id3", "id4"):
        drag(qtbot, view, around(view, track_id, 12), SHIFT)
    assert {"id3", "id4"} <= set(window.page.maps.chosen)


def test_a_lasso_takes_what_is_inside(filled: Filled, view: MapView, qtbot: QtBot) -> None:
    window, _ = filled
    use(window, qtbot, Tool.LASSO)
    centre = view.pixel_of("id5").toPoint()
    turns = np.linspace(0, 2 * np.pi, 14)
    circle = [centre + QPoint(round(25 * np.cos(t)), round(25 * np.sin(t))) for t in turns]
    drag(qtbot, view, circle)
    inner = within(view, centre - QPoint(12, 12), centre + QPoint(12, 12))
    outer = within(view, centre - QPoint(26, 26), centre + QPoint(26, 26))
    assert {"id5"} | inner <= set(window.page.maps.chosen) <= outer


def test_dragging_moves_the_map_when_no_tool_is_chosen(
    filled: Filled, view: MapView, qtbot: QtBot
) -> None:
    window, _ = filled
    before = view.pixel_of("id3")
    drag(qtbot, view, [QPoint(50, 60), QPoint(70, 60), QPoint(110, 60)])
    assert view.pixel_of("id3").x() > before.x() + 20
    assert window.page.maps.chosen == ()


def test_hidden_groups_are_not_chosen(filled: Filled, view: MapView, qtbot: QtBot) -> None:
    window, _ = filled
    legend = window.page.maps.bar.legend
    place = legend.visualItemRect(legend.item(0)).center()
    label = legend.item(0).text()
    qtbot.mouseClick(legend.viewport(), LEFT, pos=place)
    singers = {t.track_id: t.singer for t in view.layout_shown.tracks}
    assert label in singers.values()
    assert {singers[track_id] for track_id in view.shown_ids} == set(singers.values()) - {label}
    use(window, qtbot, Tool.RECTANGLE)
    corner = QPoint(view.width() - 2, view.height() - 2)
    drag(qtbot, view, [QPoint(2, 2), QPoint(80, 80), corner])
    assert set(window.page.maps.chosen) == set(view.shown_ids)


def test_rows_chosen_in_the_table_stand_out_on_the_maps(filled: Filled, qtbot: QtBot) -> None:
    window, _ = filled
    table = window.page.table.view
    for row, modifier in ((1, NONE), (4, CONTROL)):
        place = table.visualRect(table.model().index(row, 0)).center()
        qtbot.mouseClick(table.viewport(), LEFT, modifier, place)
    ids = {window.page.table.model.track_at(row).track_id for row in (1, 4)}
    assert set(window.page.maps.chosen) == ids


def test_shift_and_arrows_choose_without_a_mouse(
    filled: Filled, view: MapView, qtbot: QtBot, settle: Settle
) -> None:
    window, _ = filled
    window.page.select("id3")
    settle()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
        qtbot.keyClick(view, key, SHIFT)
    assert "id3" in window.page.maps.chosen
    assert len(window.page.maps.chosen) > 1


def test_more_like_these_asks_about_the_set_and_escape_goes_back(
    filled: Filled, view: MapView, qtbot: QtBot, settle: Settle
) -> None:
    window, session = filled
    window.page.select("id3")
    settle()
    drag(qtbot, view, around(view, "id3", 60), SHIFT)
    chosen = window.page.maps.chosen
    qtbot.mouseClick(window.page.maps.set_bar.buttons["More like these"], LEFT)
    settle()
    assert ("similar", chosen, Blend(0.5)) in session.calls
    panel = window.page.singers
    assert panel.title.text() == f"Most alike these {len(chosen)} tracks"
    qtbot.keyClick(panel.selector.slider, Qt.Key.Key_End)
    settle()
    assert session.calls[-1] == ("similar", chosen, Blend(1.0))
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    settle()
    assert window.page.maps.chosen == ()
    assert not window.page.maps.set_bar.isVisible()
    assert panel.title.text() == "Most alike"
    assert ("similar", "id3", Blend(1.0)) in session.calls
    assert window.page.selected_track is not None
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.page.selected_track is None


def test_a_set_is_played_to_its_end(
    filled: Filled, view: MapView, player: FakePlayer, qtbot: QtBot, settle: Settle
) -> None:
    window, session = filled
    drag(qtbot, view, around(view, "id3", 60), SHIFT)
    chosen = window.page.maps.chosen
    qtbot.mouseClick(window.page.maps.set_bar.buttons["Play all"], LEFT)
    for number, track_id in enumerate(chosen):
        qtbot.waitUntil(lambda n=number: len(player.loads) == n + 1, timeout=5_000)
        settle()
        assert window.page.selected_track is not None
        assert window.page.selected_track.track_id == track_id
        player.playing, player.finished = False, True
    qtbot.wait(500)
    assert len(player.loads) == len(chosen)
    assert window.page.maps.chosen == chosen
    assert [call[1] for call in session.calls if call[0] == "part"] == list(chosen)


def test_something_else_that_is_played_ends_the_playlist(
    filled: Filled, view: MapView, player: FakePlayer, qtbot: QtBot, settle: Settle
) -> None:
    window, _ = filled
    drag(qtbot, view, around(view, "id3", 60), SHIFT)
    qtbot.mouseClick(window.page.maps.set_bar.buttons["Play all"], LEFT)
    settle()
    other = next(t for t in view.shown_ids if t not in window.page.maps.chosen)
    window.page.select(other)
    player.playing = False
    window.page.table.view.setFocus()
    qtbot.keyClick(window.page.table.view, Qt.Key.Key_Space)
    settle()
    player.playing, player.finished = False, True
    qtbot.wait(500)
    assert len(player.loads) == 2


def test_a_set_is_saved_as_a_playlist(
    filled: Filled, view: MapView, qtbot: QtBot, settle: Settle, tmp_path: Path
) -> None:
    window, session = filled
    drag(qtbot, view, around(view, "id3", 60), SHIFT)
    qtbot.mouseClick(window.page.maps.set_bar.buttons["Save…"], LEFT)
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "corner.m3u8"))
    dialog.close()
    settle()
    out, track_ids = session.exports[-1]
    assert out == tmp_path / "corner.m3u8"
    assert tuple(track_ids or ()) == window.page.maps.chosen != ()
