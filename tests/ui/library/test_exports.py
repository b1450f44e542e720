"""Files that leave the window: by menu, and by dragging."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QToolButton
from pytestqt.qtbot import QtBot
from ui_fakes import FakeSession

from vocal_explorer.base.records.signals import Stem
from vocal_explorer.ui.main_window import MainWindow
from vocal_explorer.ui.player.file_drag import FileDragButton

Filled = tuple[MainWindow, FakeSession]
Settle = Callable[[], None]


def test_the_tracks_that_a_search_leaves_are_exported(
    filled: Filled, qtbot: QtBot, settle: Settle, tmp_path: Path
) -> None:
    window, session = filled
    QTest.keyClicks(window.page.table.search, "anna")
    qtbot.waitUntil(lambda: window.page.table.model.rowCount() == 3)
    QTest.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    dialog = window.findChild(QFileDialog)
    assert dialog.windowTitle() == "Export 3 tracks"
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile("anna")
    dialog.accept()
    settle()
    out, ids = session.exports[-1]
    assert out == tmp_path / "anna.m3u8"
    assert ids is not None
    assert {session_track(session, track_id) for track_id in ids} == {"Anna Lind"}
    assert "3 tracks exported to" in window.message_bar.text


def session_track(session: FakeSession, track_id: str) -> str:
    return next(t.singer for t in session.library.values() if t.track_id == track_id)


def part_button(window: MainWindow, word: str) -> QToolButton:
    buttons = window.player_bar.findChildren(QToolButton)
    return next(button for button in buttons if button.text() == word)


def test_the_vocals_are_dragged_out_as_a_file(
    filled: Filled, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped: list[Path] = []
    monkeypatch.setattr(FileDragButton, "start_drag", lambda _self, file: dropped.append(file))
    window, session = filled
    window.page.select("id3")
    settle()
    button = part_button(window, "Vocals")
    QTest.mousePress(button, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    settle()
    QTest.mouseMove(button, QPoint(8, 5))
    assert dropped == []
    QTest.mouseMove(button, QPoint(60, -40))
    QTest.mouseRelease(button, Qt.MouseButton.LeftButton, pos=QPoint(60, -40))
    settle()
    assert dropped == [Path("/given/id3 (vocals).flac")]
    assert ("part", "id3", Stem.VOCALS) not in session.calls


def test_a_click_still_plays(filled: Filled, settle: Settle) -> None:
    window, session = filled
    window.page.select("id3")
    settle()
    QTest.mouseClick(part_button(window, "Vocals"), Qt.MouseButton.LeftButton)
    settle()
    assert ("part", "id3", Stem.VOCALS) in session.calls
