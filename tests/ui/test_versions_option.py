from collections.abc import Callable

from PySide6.QtCore import Qt
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
