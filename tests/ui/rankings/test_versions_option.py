from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot
from ui_fakes import FakeSession

from vocal_explorer.ui.main_window import MainWindow

Filled = tuple[MainWindow, FakeSession]


def test_a_song_is_shown_once_or_with_all_its_versions(
    filled: Filled, settle: Callable[[], None], qtbot: QtBot
) -> None:
    window, session = filled
    session.n_versions = 2
    window.page.select("id7")
    settle()
    first = window.page.singers.tracks.rows[0]
    assert first.detail.endswith(", and 2 versions")
    index = window.page.singers.tracks.model().index(0, 0)
    assert index.data(Qt.ItemDataRole.ToolTipRole).count("Also: ") == 2
    assert "2 versions" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    (option,) = [a for a in window.findChildren(QAction) if "versions" in a.text()]
    option.trigger()
    settle()
    rows = window.page.singers.tracks.rows
    assert not any("version" in row.detail for row in rows)
    assert len(rows) == 20
    option.trigger()
    settle()
    assert window.page.singers.tracks.rows[0].detail.endswith(", and 2 versions")


def test_versions_are_shown_and_hidden_with_the_keys(
    filled: Filled, settle: Callable[[], None], qtbot: QtBot
) -> None:
    window, session = filled
    session.n_versions = 2
    window.page.select("id7")
    settle()
    ranking = window.page.singers.tracks
    window.page.singers.tabs.setCurrentWidget(ranking)
    ranking.setFocus()
    ranking.setCurrentIndex(ranking.model().index(0, 0))
    spoken = Qt.ItemDataRole.AccessibleTextRole
    assert ranking.currentIndex().data(spoken).endswith("versions hidden")
    before = [row.key for row in ranking.rows]
    qtbot.keyClick(ranking, Qt.Key.Key_Right)
    assert ranking.currentIndex().data(spoken).endswith("versions shown")
    assert [row.key for row in ranking.rows] == [before[0], "id0", "id1", *before[1:]]
    for _ in range(2):
        qtbot.keyClick(ranking, Qt.Key.Key_Down)
    assert ranking.currentIndex().data(spoken) == (
        f"Version of {ranking.rows[0].name}: {ranking.rows[2].name}, Album 2"
    )
    assert ranking.current_key == "id1"
    for _ in range(2):  # to the song, then its versions are hidden
        qtbot.keyClick(ranking, Qt.Key.Key_Left)
    assert ranking.currentIndex().row() == 0
    assert [row.key for row in ranking.rows] == before
    qtbot.keyClick(ranking, Qt.Key.Key_Right)
    qtbot.keyClick(ranking, Qt.Key.Key_Down)
    qtbot.keyClick(ranking, Qt.Key.Key_Return)
    settle()
    assert window.page.selected_track.track_id == "id0"


def test_versions_are_shown_and_hidden_with_the_mouse(
    filled: Filled, settle: Callable[[], None], qtbot: QtBot
) -> None:
    window, session = filled
    session.n_versions = 2
    window.page.select("id7")
    settle()
    ranking = window.page.singers.tracks
    window.page.singers.tabs.setCurrentWidget(ranking)
    song = ranking.visualRect(ranking.model().index(0, 0))
    triangle, name = QPoint(song.x() + 5, song.center().y()), song.center()
    left = Qt.MouseButton.LeftButton
    n_songs = len(ranking.rows)
    qtbot.mouseClick(ranking.viewport(), left, pos=triangle)
    assert len(ranking.rows) == n_songs + 2
    assert not ranking.currentIndex().isValid()
    version = ranking.visualRect(ranking.model().index(2, 0)).center()
    qtbot.mouseClick(ranking.viewport(), left, pos=version)
    assert ranking.current_key == "id1"
    qtbot.mouseClick(ranking.viewport(), left, pos=name)
    assert len(ranking.rows) == n_songs + 2
    qtbot.mouseClick(ranking.viewport(), left, pos=triangle)
    assert len(ranking.rows) == n_songs
    assert not window.grab().isNull()
