from collections.abc import Callable

from pictures import picture
from PySide6.QtGui import QColor
from ui_fakes import FakeSession, make_tracks

from vocal_explorer.base.records.signals import Stem
from vocal_explorer.ui.main_window import MainWindow
from vocal_explorer.ui.tracks.album_cover import SIDE

Settle = Callable[[], None]
Filled = tuple[MainWindow, FakeSession]


def test_the_cover_of_what_is_selected_or_heard_is_shown_and_kept(
    filled: Filled, settle: Settle
) -> None:
    window, session = filled
    pictures = [picture("red"), picture("blue"), b"no picture"]
    paths = [track.path for track in make_tracks(4)]
    session.covers = dict(zip(paths[1:], pictures, strict=True))
    window.page.select("id1")
    settle()
    image = window.cover.image
    assert (image.width(), image.height()) == (SIDE, round(SIDE * 2 / 3))
    assert image.pixelColor(5, 5) == QColor("red")
    window.page.select("id2")
    settle()
    window.player_bar.press_stem(Stem.MIX)
    settle()
    window.page.select("id1")  # id2 plays
    settle()
    assert window.cover.image.pixelColor(5, 5) == QColor("blue")
    assert session.calls.count(("cover", paths[2])) == 1


def test_no_cover_and_a_broken_one_are_a_note(filled: Filled, settle: Settle) -> None:
    window, session = filled
    session.covers = {make_tracks(4)[3].path: b"no picture"}
    for track_id in ("id3", "id4"):
        window.page.select(track_id)
        settle()
        assert window.cover.image.isNull()
        assert not window.cover.pixmap().isNull()


def test_a_cover_that_cannot_be_read_is_a_note_and_no_message(
    filled: Filled, settle: Settle
) -> None:
    window, session = filled
    session.cover_failure = "it is not there"
    window.page.table.view.covers.show(True)
    window.page.select("id3")
    settle()
    assert window.cover.image.isNull()
    assert window.message_bar.text == ""
