"""The maps as parts of the window."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from ui_fakes import FakeSession

from vocal_explorer.records import Domain
from vocal_explorer.ui.main_window import MainWindow
from vocal_explorer.ui.map_view import EDGE

Settle = Callable[[], None]
Filled = tuple[MainWindow, FakeSession]


def test_the_nearest_tracks_are_linked_and_a_found_one_flies_in(
    filled: Filled, settle: Settle, qtbot: QtBot
) -> None:
    window, _ = filled
    view = window.page.maps.views[Domain.MIX]
    window.page.select("id7")
    settle()
    ranked = [row.key for row in window.page.singers.tracks.rows]
    assert list(view.linked_ids) == ranked[:8]
    for _ in range(9):
        qtbot.keyClick(view, Qt.Key.Key_Plus)
    qtbot.keyClicks(window.page.table.search, window.page.table.model.track("id4").title)
    qtbot.keyClick(window.page.table.search, Qt.Key.Key_Return)
    settle()
    assert window.page.selected_track.track_id == "id4"
    qtbot.waitUntil(lambda: view.rect().contains(view.pixel_of("id4").toPoint()))


def test_maps_are_coloured_by_clusters_when_wanted(
    filled: Filled, settle: Settle, qtbot: QtBot
) -> None:
    window, session = filled
    bar = window.page.maps.bar
    assert ("clusters",) not in session.calls
    bar.attributes.setFocus()
    for _ in range(3):
        qtbot.keyClick(bar.attributes, Qt.Key.Key_Down)
        settle()
    assert bar.attribute.title == "Cluster"
    labels = [bar.legend.item(i).text() for i in range(bar.legend.count())]
    assert labels[-1] == "In no cluster"
    assert "Cluster 1" in labels


def test_a_map_that_shows_everything_stays(filled: Filled, settle: Settle) -> None:
    window, _ = filled
    view = window.page.maps.views[Domain.MIX]
    before = view.seen
    points = view.layout_shown.points
    for row in (points[:, 0].argmin(), points[:, 1].argmax()):
        window.page.select(view.layout_shown.tracks[row].track_id)
        settle()
    assert view.seen == before


def test_a_flight_ends_where_the_map_does(filled: Filled, settle: Settle, qtbot: QtBot) -> None:
    window, _ = filled
    view = window.page.maps.views[Domain.MIX]
    for _ in range(3):
        qtbot.keyClick(view, Qt.Key.Key_Plus)
    (left, right), _ = view.seen
    rightmost = view.layout_shown.points[:, 0].argmax()
    window.page.select(view.layout_shown.tracks[rightmost].track_id)
    settle()
    qtbot.waitUntil(lambda: view.seen[0][1] > right, timeout=5_000)
    qtbot.wait(500)
    assert view.seen[0][1] <= 1 + EDGE + 1e-6
    assert view.seen[0][1] - view.seen[0][0] == pytest.approx(right - left)
