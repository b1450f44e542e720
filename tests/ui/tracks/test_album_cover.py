from collections.abc import Callable

from pictures import picture
from PySide6.QtGui import QColor
from ui_fakes import FakeSession

from vocal_explorer.base.records.signals import Stem
from vocal_explorer.ui.main_window import MainWindow
from vocal_explorer.ui.tracks.album_cover import SIDE

Settle = Callable[[], None]
Filled = tuple[MainWindow, FakeSession]


def test_the_cover_of_what_is_selected_or_heard_is_shown_and_kept(
    filled: Filled, settle: Settle
) -> None:
    window, session = filled
    session.covers = {"id1": picture("red"), "id2": picture("blue"), "id3": b"no picture"}
    window.page.select("id1")
    settle()
    image = window.cover.image
    assert (image.width(), image.height()) == (SIDE, round(SIDE * 2 / 3))
    assert image.pixelColor(5, 5) == QColor("red")
    window.page.select("id2")
    settle()
    window.player_bar.press_part(Stem.MIX)
    settle()
    window.page.select("id1")  # id2 plays
    settle()
    assert window.cover.image.pixelColor(5, 5) == QColor("blue")
    assert session.calls.count(("cover", "id2")) == 1


def test_no_cover_and_a_broken_one_are_a_note(filled: Filled, settle: Settle) -> None:
    window, session = filled
    session.covers = {"id3": b"no picture"}
    for track_id in ("id3", "id4"):
        window.page.select(track_id)
        settle()
        assert window.cover.image.isNull()
        assert not window.cover.pixmap().isNull()
