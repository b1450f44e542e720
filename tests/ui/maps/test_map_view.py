import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui_fakes import FakeSession, make_tracks

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.ranking import MapPoint
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.ui.base.colours import SYMBOLS, Mark, Theme, category_mark
from vocal_explorer.ui.maps import map_flight
from vocal_explorer.ui.maps.map_layout import MapLayout, lay_out_maps
from vocal_explorer.ui.maps.map_view import MapView
from vocal_explorer.ui.maps.maps_panel import MapsPanel

TRACKS = make_tracks(24)


@pytest.fixture
def panel(qtbot: QtBot) -> MapsPanel:
    panel = MapsPanel()
    qtbot.addWidget(panel)
    panel.resize(900, 400)
    panel.show()
    session = FakeSession(TRACKS)
    panel.show_maps(
        lay_out_maps({d: session.track_map(d, Progress(), print) for d in Domain}, TRACKS)
    )
    qtbot.waitUntil(lambda: all(view.layout_shown.tracks for view in panel.views.values()))
    return panel


def move_mouse(view: object, position: QPoint) -> None:
    viewport = view.viewport()
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(position),
        QPointF(viewport.mapToGlobal(position)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(viewport, event)


def test_a_click_on_a_point_tells_its_track(panel: MapsPanel, qtbot: QtBot) -> None:
    view = panel.views[Domain.MIX]
    place = view.pixel_of("id9").toPoint()
    with qtbot.waitSignal(panel.clicked) as clicked:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    chosen = view.pixel_of(clicked.args[0])
    assert (chosen - QPointF(place)).manhattanLength() < 3


def test_a_hovered_track_is_named_in_both_maps(panel: MapsPanel) -> None:
    vocals, mix = panel.views.values()
    move_mouse(vocals, vocals.pixel_of("id3").toPoint())
    assert vocals.hovered_id == mix.hovered_id != ""
    move_mouse(vocals, QPoint(1, 1))
    assert vocals.hovered_id == mix.hovered_id == ""


def test_a_marked_track_is_marked_in_both(panel: MapsPanel) -> None:
    panel.mark("id5")
    for view in panel.views.values():
        assert view.marked_point is not None
    panel.mark("unknown")
    assert panel.views[Domain.MIX].marked_point is None


def test_arrow_keys_go_to_another_point(panel: MapsPanel, qtbot: QtBot) -> None:
    view = panel.views[Domain.VOCALS]
    points = view.layout_shown.points
    leftmost = view.layout_shown.tracks[int(points[:, 0].argmin())].track_id
    panel.mark(leftmost)
    qtbot.keyClick(view, Qt.Key.Key_Left)  # nothing is there
    with qtbot.waitSignal(panel.clicked) as clicked:
        qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.pixel_of(clicked.args[0]).x() > view.pixel_of(leftmost).x()


def test_singers_look_the_same_in_both_maps_and_unknown_tracks_are_left_out() -> None:
    points = [MapPoint("id1", 0.1, 0.2), MapPoint("gone", 0.5, 0.5), MapPoint("id2", 0.9, 0.9)]
    layouts = lay_out_maps({Domain.VOCALS: points, Domain.MIX: points[:1]}, TRACKS)
    assert [t.track_id for t in layouts[Domain.VOCALS].tracks] == ["id1", "id2"]
    assert layouts[Domain.MIX].colouring == layouts[Domain.VOCALS].colouring


@pytest.mark.parametrize("n_points", [0, 1])
def test_maps_of_few_tracks_can_be_painted(qtbot: QtBot, panel: MapsPanel, n_points: int) -> None:
    points = [MapPoint("id0", 0.5, 0.5)][:n_points]
    layout = lay_out_maps({Domain.MIX: points}, TRACKS)[Domain.MIX]
    view = panel.views[Domain.MIX]
    view.show_layout(layout)
    assert not view.grab().isNull()
    assert len(view.layout_shown.tracks) == n_points
    assert isinstance(layout, MapLayout)


def test_42_categories_have_marks_of_their_own() -> None:
    assert len({category_mark(i) for i in range(42)}) == 42
    assert category_mark(0) == Mark(0, SYMBOLS[0])


def contrast(a: QColor, b: QColor) -> float:
    def luminance(colour: QColor) -> float:
        parts = [colour.redF(), colour.greenF(), colour.blueF()]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("window", "base"), [("#efefef", "#ffffff"), ("#26282c", "#1e2023")])
def test_texts_can_be_read_in_light_and_dark(qtbot: QtBot, window: str, base: str) -> None:
    palette = QPalette(QColor(window), QColor(window))
    palette.setColor(QPalette.ColorRole.Base, QColor(base))
    theme = Theme.of(palette)
    assert theme.dark == (base != "#ffffff")
    letters = [theme.quiet, theme.error, theme.good, *map(theme.readable, theme.mark_colours())]
    assert min(contrast(colour, theme.base) for colour in letters) >= 4.5
    assert min(contrast(colour, theme.base) for colour in theme.mark_colours()) >= 2.8


def test_the_map_follows_the_theme(panel: MapsPanel) -> None:
    view = panel.views[Domain.VOCALS]
    palette = QPalette(QColor("#33363b"), QColor("#26282c"))
    palette.setColor(QPalette.ColorRole.Base, QColor("#1e2023"))
    view.setPalette(palette)
    assert view.grab().toImage().pixelColor(3, 3) == QColor("#1e2023")


def seen_centre(view: MapView) -> np.ndarray:
    return np.array(view.seen).mean(axis=1)


def zoom_in(view: MapView, qtbot: QtBot, times: int) -> None:
    for _ in range(times):
        qtbot.keyClick(view, Qt.Key.Key_Plus)


@pytest.mark.parametrize("moves", [True, False])
def test_a_found_track_comes_into_view_with_or_without_motion(
    panel: MapsPanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, *, moves: bool
) -> None:
    monkeypatch.setattr(map_flight, "wants_motion", lambda _widget: moves)
    view = panel.views[Domain.MIX]
    panel.mark("id1")
    zoom_in(view, qtbot, 8)
    ids = [t.track_id for t in view.layout_shown.tracks]
    points = view.layout_shown.points
    away = ids[int(np.abs(points - seen_centre(view)).max(axis=1).argmax())]
    place = points[view.layout_shown.index[away]]
    width = view.seen[0][1] - view.seen[0][0]
    view.fly_to(away)
    assert np.allclose(seen_centre(view), place, atol=1e-6) == (not moves)
    qtbot.waitUntil(lambda: bool(np.allclose(seen_centre(view), place, atol=1e-6)))
    assert view.seen[0][1] - view.seen[0][0] == pytest.approx(width)


def test_a_track_that_is_seen_moves_nothing(panel: MapsPanel) -> None:
    view = panel.views[Domain.MIX]
    before = view.seen
    view.fly_to("id3")
    view.fly_to("unknown")
    assert view.seen == before


def test_zoom_is_linked_when_wanted(panel: MapsPanel, qtbot: QtBot) -> None:
    vocals, mix = panel.views.values()
    before = mix.seen
    zoom_in(vocals, qtbot, 2)
    assert mix.seen == before
    qtbot.mouseClick(panel.bar.link_button, Qt.MouseButton.LeftButton)
    assert np.allclose(mix.seen, vocals.seen)
    zoom_in(mix, qtbot, 3)
    assert np.allclose(mix.seen, vocals.seen)
    qtbot.keyClick(vocals, Qt.Key.Key_Home)
    assert np.allclose(mix.seen, before)


def test_singers_have_names_from_afar_and_tracks_from_near(panel: MapsPanel, qtbot: QtBot) -> None:
    view = panel.views[Domain.MIX]
    singers, titles = {t.singer for t in TRACKS}, {t.title for t in TRACKS}
    qtbot.waitUntil(lambda: bool(view.names))
    assert {name.text for name in view.names} <= singers
    panel.mark("id1")
    zoom_in(view, qtbot, 5)
    qtbot.waitUntil(lambda: bool(view.names) and {n.text for n in view.names} <= titles)
    for name in view.names:
        assert view.layout_shown.tracks[name.point].title == name.text


def test_lines_go_to_neighbours_that_are_shown(panel: MapsPanel) -> None:
    view = panel.views[Domain.MIX]
    panel.mark("id1")
    panel.link(["id2", "id3", "unknown"])
    assert view.linked_ids == ("id2", "id3")
    plain = view.grab().toImage()
    singer = view.layout_shown.tracks[view.layout_shown.index["id2"]].singer
    panel.bar.legend.filtered.emit(frozenset({singer}))
    assert view.linked_ids == ("id3",)
    panel.mark("id1")
    assert view.linked_ids == ()
    assert view.grab().toImage() != plain


def test_points_stand_where_pixel_of_says_while_the_map_moves(
    panel: MapsPanel, qtbot: QtBot
) -> None:
    view = panel.views[Domain.MIX]
    colours = Theme.of(view.palette()).mark_colours()
    view.grab()

    def check() -> None:
        image = view.grab().toImage()
        for track_id in ("id2", "id9"):
            row = view.layout_shown.index[track_id]
            group = view.layout_shown.colouring.groups[view.layout_shown.groups[row]]
            place = view.pixel_of(track_id).toPoint()
            area = [image.pixelColor(place + QPoint(x, y)) for x in (-2, 0, 2) for y in (-2, 0, 2)]
            assert colours[group.mark.colour] in area

    check()
    (left, right), (bottom, top) = view.seen
    view.set_seen(((left + 0.05, right + 0.05), (bottom, top)))  # the old picture is moved
    check()
    view.set_seen(((left + 0.05, right - 0.05), (bottom + 0.05, top - 0.05)))  # ... stretched
    check()
    qtbot.wait(100)  # and drawn anew at rest
    check()
