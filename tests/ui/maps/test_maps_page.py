"""The maps within the window."""

import itertools
import time
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPixmap
from pytestqt.qtbot import QtBot
from ui_fakes import FakePlayer, FakeSession, make_tracks

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.ranking import MapPoint
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.ui.base.ports import ShowPoints
from vocal_explorer.ui.base.window_settings import WindowSettings
from vocal_explorer.ui.main_window import MainWindow
from vocal_explorer.ui.maps.map_view import EDGE
from vocal_explorer.ui.maps.points_picture import PointsPicture

Filled = tuple[MainWindow, FakeSession]
Settle = Callable[[], None]


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
    qtbot.keyClicks(window.page.table.search, window.known.with_id("id4").title)
    qtbot.keyClick(window.page.table.search, Qt.Key.Key_Return)
    settle()
    assert window.page.selected_track.track_id == "id4"
    qtbot.waitUntil(lambda: view.rect().contains(view.pixel_of("id4").toPoint()))


def test_better_maps_are_shown_while_one_is_made_and_closing_stops_it(
    window: MainWindow, player: FakePlayer, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    session, stopped = FakeSession(make_tracks(2)), []

    def made_slowly(_domain: Domain, progress: Progress, show: ShowPoints) -> list[MapPoint]:
        try:
            for step in itertools.count():
                show(["id0", "id1"], np.array([[0.1, 0.2], [0.9, min(0.1 * step, 0.8)]]))
                progress.report(0.5)
                time.sleep(0.01)  # as between steps
        finally:
            stopped.append(True)
        return []

    monkeypatch.setattr(session, "track_map", made_slowly)
    window.set_session(session, player)
    view = window.page.maps.views[next(iter(Domain))]
    qtbot.waitUntil(lambda: view.layout_shown.points.tolist() == [[0.1, 0.2], [0.9, 0.8]])
    with qtbot.waitSignal(window.closed):
        window.close()
    assert stopped


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


def test_the_attribute_is_remembered(
    filled: Filled, memory: WindowSettings, settle: Settle, qtbot: QtBot
) -> None:
    window, _ = filled
    qtbot.keyClick(window.page.maps.bar.attributes, Qt.Key.Key_Down)
    settle()
    window.close_and_wait()
    again = MainWindow(memory)
    qtbot.addWidget(again)
    assert again.page.maps.bar.attribute.title == "Album"
    again.close_and_wait()


def test_a_set_is_still_marked_in_the_table_after_a_search(
    filled: Filled, settle: Settle, qtbot: QtBot
) -> None:
    window, _ = filled
    table = window.page.table
    table.view.setFocus()
    table.view.selectRow(0)
    for _ in range(2):
        qtbot.keyClick(table.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    chosen = set(window.page.maps.chosen)
    assert len(chosen) == 3
    title = window.known.with_id(min(chosen)).title
    qtbot.keyClicks(table.search, title)
    qtbot.waitUntil(lambda: table.model.rowCount() < 24)
    table.search.clear()
    qtbot.waitUntil(lambda: table.model.rowCount() == 24)
    rows = table.view.selectionModel().selectedRows()
    assert {table.model.track_at(index.row()).track_id for index in rows} == chosen
    assert set(window.page.maps.chosen) == chosen


def test_a_map_that_moves_draws_no_point_anew(
    filled: Filled, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, _ = filled
    view = window.page.maps.views[Domain.MIX]
    view.grab()
    qtbot.wait(150)  # it rests
    (left, right), span = view.seen

    def not_now(_picture: PointsPicture, _frame: object) -> None:
        raise AssertionError("the points were drawn again")

    target = QPixmap(view.size())
    with monkeypatch.context() as context:
        context.setattr(PointsPicture, "_render", not_now)
        for step in range(20):
            view.set_seen(((left + 0.02 * step, right + 0.01 * step), span))
            painter = QPainter(target)
            view.render(painter)
            painter.end()


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
