"""A mashup as a person hears and changes it."""

import threading

import numpy as np
import pytest
from fake_mashups import BAR, RATE, SECONDS, FakeSound
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot
from ui_fakes import FakePlayer, FakeSession

from vocal_explorer.base.errors import InstrumentalError
from vocal_explorer.base.records.mashups import PAPER_WEIGHTS, Fit, Moved
from vocal_explorer.base.records.signals import Stem
from vocal_explorer.ui.main_window import MainWindow

Filled = tuple[MainWindow, FakeSession]
PAIR = ("id7", "id23")


@pytest.fixture
def heard(filled: Filled, settle, qtbot: QtBot) -> Filled:
    """The window with a mashup that plays."""
    window, _ = filled
    window.page.select("id7")
    settle()
    qtbot.mouseClick(window.page.matches.play_button, Qt.MouseButton.LeftButton)
    settle()
    return filled


def press(qtbot: QtBot, window: MainWindow, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    pressed = Qt.KeyboardModifier.NoModifier
    for modifier in modifiers:
        pressed |= modifier
    qtbot.keyClick(window.page.table.view, key, pressed)


def button(window: MainWindow, text: str) -> QToolButton:
    (found,) = [b for b in window.mashups.bar.findChildren(QToolButton) if b.text() == text]
    return found


def test_it_plays_while_it_is_made_and_shows_its_lanes(heard: Filled, player: FakePlayer) -> None:
    window, session = heard
    assert player.playing
    assert player.ready.all()
    (sound,) = session.mashups.sounds
    assert sound.finished
    assert sound.closed
    assert window.mashups.bar.isVisible()
    assert window.mashups.bar.lanes.view == (0.0, SECONDS)
    assert "over" in window.player_bar.title.text()
    ratio = player.gains[Stem.ACCOMPANIMENT] / player.gains[Stem.VOCALS]
    assert ratio == pytest.approx(10 ** (-3 / 20))


def test_another_part_takes_its_place(heard: Filled, settle, qtbot: QtBot) -> None:
    window, _ = heard
    window.player_bar.press_stem(Stem.MIX)
    settle()
    assert not window.mashups.bar.isVisible()
    window.page.matches.play_current()
    settle()
    assert window.mashups.bar.isVisible()


@pytest.mark.parametrize(
    ("key", "modifiers", "fit"),
    [
        (Qt.Key.Key_Right, [Qt.KeyboardModifier.ControlModifier], Fit(beats=1)),
        (Qt.Key.Key_Left, [Qt.KeyboardModifier.ControlModifier], Fit(beats=-1)),
        (
            Qt.Key.Key_Right,
            [Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier],
            Fit(bars=1),
        ),
        (
            Qt.Key.Key_Left,
            [Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier],
            Fit(nudge=-0.01),
        ),
    ],
)
def test_keys_move_the_vocals_and_it_goes_on_at_the_same_moment(
    heard: Filled, player: FakePlayer, settle, qtbot: QtBot, key, modifiers, fit: Fit
) -> None:
    window, session = heard
    player.position = 7.25
    press(qtbot, window, key, *modifiers)
    settle()
    assert session.mashups.fits[-1] == fit
    assert player.started_at[-1] == pytest.approx(7.25, abs=1 / RATE)
    assert session.mashups.sounds[-1].asked[0] == round(7.25 * RATE)
    assert window.mashups.bar.offset.text() != ""


def test_the_vocals_are_dragged_to_another_bar(heard: Filled, settle, qtbot: QtBot) -> None:
    window, session = heard
    lanes = window.mashups.bar.lanes
    width = lanes.width() - 96
    second = width / SECONDS
    start = QPoint(round(96 + 10 * second), 20)
    for modifier, seconds, fit in (
        (Qt.KeyboardModifier.NoModifier, 1.2 * BAR, Fit(bars=1)),
        (Qt.KeyboardModifier.ShiftModifier, -0.9 * BAR / 4, Fit(bars=1, beats=-1)),
    ):
        stop = start + QPoint(round(seconds * second), 0)
        qtbot.mousePress(lanes, Qt.MouseButton.LeftButton, modifier, start)
        qtbot.mouseMove(lanes, stop)
        qtbot.mouseRelease(lanes, Qt.MouseButton.LeftButton, modifier, stop)
        settle()
        assert session.mashups.fits[-1] == fit
    stop = start + QPoint(round(0.7 * second), 0)
    qtbot.mousePress(lanes, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier, start)
    qtbot.mouseRelease(lanes, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier, stop)
    settle()
    assert session.mashups.fits[-1].nudge == pytest.approx(0.7, abs=0.05)


def test_a_click_in_the_lanes_goes_there(heard: Filled, player: FakePlayer, qtbot: QtBot) -> None:
    lanes = heard[0].mashups.bar.lanes
    second = (lanes.width() - 96) / SECONDS
    place = QPoint(round(96 + 6 * second), 60)
    qtbot.mouseClick(lanes, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert player.seeks[-1] == pytest.approx(6.0, abs=0.05)


def test_lanes_zoom_by_wheel_and_keys_and_turn_the_page(
    heard: Filled, player: FakePlayer, qtbot: QtBot
) -> None:
    lanes = heard[0].mashups.bar.lanes
    middle = QPointF(lanes.width() / 2, 20)
    wheel = QWheelEvent(middle, lanes.mapToGlobal(middle), QPoint(), QPoint(0, 240),
                        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
                        Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    QApplication.sendEvent(lanes, wheel)
    start, stop = lanes.view
    assert 0 < start < stop < SECONDS
    lanes.follow(SECONDS - 1.0)
    assert lanes.view[1] == pytest.approx(SECONDS)
    qtbot.keyClick(lanes, Qt.Key.Key_Home)
    assert lanes.view == (0.0, SECONDS)
    qtbot.keyClick(lanes, Qt.Key.Key_Plus)
    assert lanes.view[1] - lanes.view[0] < SECONDS
    lanes.follow(5.0)
    qtbot.keyClick(lanes, Qt.Key.Key_Right)
    assert player.seeks[-1] == pytest.approx(5.0 + BAR)


def test_the_next_phrase_is_gone_to(heard: Filled, player: FakePlayer, qtbot: QtBot) -> None:
    window, _ = heard
    player.position = 3.0
    press(qtbot, window, Qt.Key.Key_N)
    assert player.position == pytest.approx(10.5)
    press(qtbot, window, Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
    assert player.position == pytest.approx(2.5)


def test_levels_and_solo_of_both_stems(heard: Filled, player: FakePlayer, qtbot: QtBot) -> None:
    window, _ = heard
    bar, before = window.mashups.bar, dict(player.gains)
    bar.sliders[Stem.VOCALS].setValue(-6)
    assert player.gains[Stem.VOCALS] == pytest.approx(before[Stem.VOCALS] * 10 ** (-6 / 20))
    press(qtbot, window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert player.gains[Stem.VOCALS] == 0
    assert player.gains[Stem.ACCOMPANIMENT] == before[Stem.ACCOMPANIMENT]
    qtbot.mouseClick(bar.solos[Stem.VOCALS], Qt.MouseButton.LeftButton)
    assert player.gains[Stem.ACCOMPANIMENT] == 0
    assert player.gains[Stem.VOCALS] > 0
    qtbot.mouseClick(bar.solos[Stem.VOCALS], Qt.MouseButton.LeftButton)
    assert min(player.gains.values()) > 0


def test_the_originals_are_one_key_away_and_so_is_the_way_back(
    heard: Filled, player: FakePlayer, settle, qtbot: QtBot
) -> None:
    window, _ = heard
    press(qtbot, window, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    settle()
    player.position = 6.0
    press(qtbot, window, Qt.Key.Key_B)
    settle()
    assert window.mashups._audition.original is Stem.VOCALS
    assert player.position == pytest.approx(6.0 - BAR / 4)  # the vocals are a beat late
    assert window.mashups.bar.isVisible()
    player.position += 2.0
    press(qtbot, window, Qt.Key.Key_B)
    settle()
    assert window.mashups._audition.original is Stem.ACCOMPANIMENT
    assert player.position == pytest.approx(8.0)
    press(qtbot, window, Qt.Key.Key_B)
    settle()
    assert player.started_at[-1] == pytest.approx(8.0)
    assert player.playing


def test_originals_are_read_before_they_are_wanted(heard: Filled, settle, qtbot: QtBot) -> None:
    window, session = heard
    read = [call for call in session.calls if call[0] == "part"]
    assert read == [("part", track_id, Stem.MIX) for track_id in PAIR]
    for _ in range(4):
        press(qtbot, window, Qt.Key.Key_B)
        settle()
    assert [call for call in session.calls if call[0] == "part"] == read


def test_originals_are_not_kept_when_something_else_is_heard(heard: Filled, settle) -> None:
    window, session = heard
    window.player_bar.press_stem(Stem.MIX)
    settle()
    before = session.calls.count(("part", PAIR[1], Stem.MIX))
    window.page.matches.play_current()
    settle()
    assert session.calls.count(("part", PAIR[1], Stem.MIX)) == before + 1


def test_both_tracks_change_places(heard: Filled, settle, qtbot: QtBot) -> None:
    window, session = heard
    press(qtbot, window, Qt.Key.Key_X)
    settle()
    assert [call for call in session.calls if call[0] == "sound"][-1][1:] == PAIR[::-1]


def test_what_is_changed_is_a_choice(heard: Filled, settle, qtbot: QtBot) -> None:
    window, session = heard
    bar = window.mashups.bar
    bar.moved.setFocus()
    qtbot.keyClick(bar.moved, Qt.Key.Key_Down)
    settle()
    assert session.mashups.fits[-1].moved is Moved.VOCALS
    qtbot.mouseClick(
        bar.stretch, Qt.MouseButton.LeftButton, pos=QPoint(8, bar.stretch.height() // 2)
    )
    settle()
    assert not session.mashups.fits[-1].stretch
    bar.key.setValue(2)
    settle()
    assert session.mashups.fits[-1].semitones == 2
    assert bar.changes.text() == "Vocals +2 st"


def test_a_jump_is_followed_at_once(
    filled: Filled, player: FakePlayer, settle, qtbot: QtBot
) -> None:
    window, session = filled
    gate = threading.Event()

    class SlowSound(FakeSound):
        def pieces(self, first: int):
            for number, piece in enumerate(super().pieces(first)):
                if number > 2:
                    assert gate.wait(20)
                yield piece

    session.mashups.make_sound = SlowSound
    window.page.select("id7")
    settle()
    window.page.matches.play_current()
    qtbot.waitUntil(lambda: bool(player.started_at) and player.ready[: 2 * RATE].all())
    player.position = 20.0
    gate.set()
    settle()
    (sound,) = session.mashups.sounds
    assert sound.asked[:2] == [0, 20 * RATE]
    assert player.ready.all()


def test_what_cannot_be_put_together_is_said(filled: Filled, settle, monkeypatch) -> None:
    window, session = filled

    def refuse(*_: object) -> None:
        raise InstrumentalError("Song: no voice is heard in it.")

    monkeypatch.setattr(session.mashups, "align", refuse)
    window.page.select("id7")
    settle()
    window.page.matches.play_current()
    settle()
    assert window.message_bar.text == "Song: no voice is heard in it."
    assert not window.mashups.bar.isVisible()


def test_rows_say_tempo_key_and_changes(filled: Filled, settle) -> None:
    window, _ = filled
    window.page.select("id7")
    settle()
    row = window.page.matches.list.rows[0]
    assert row.detail.startswith("124 BPM · 8A · +3.0 %, -2 st · ")
    assert "8A (A minor)" in row.more
    assert "Energy: not known" in window.page.matches.list.rows[1].more
    model = window.page.matches.list.model()
    spoken = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "score 0.90" in spoken
    window.page.matches.list.setCurrentIndex(model.index(1))
    assert "Energy not known" in window.page.matches.parts.accessibleDescription()


def test_the_papers_ranking_is_one_click_away(filled: Filled, settle, qtbot: QtBot) -> None:
    window, session = filled
    window.page.select("id7")
    settle()
    panel = window.page.matches
    qtbot.mouseClick(panel.paper_button, Qt.MouseButton.LeftButton)
    settle()
    assert session.mashups.weights[-1] == PAPER_WEIGHTS
    qtbot.mouseClick(panel.weights_button, Qt.MouseButton.LeftButton)
    qtbot.keyClick(panel.weights.sliders["key"], Qt.Key.Key_End)
    qtbot.keyClick(panel.weights, Qt.Key.Key_Escape)
    settle()
    assert not panel.paper_button.isChecked()
    assert session.mashups.weights[-1].key == 2.0
    state = panel.weights.saveState()
    panel.weights.usual_button.click()
    settle()
    assert session.mashups.weights[-1].key == 1.0
    assert panel.weights.restoreState(state)
    assert panel.weights.weights.key == 2.0


def test_other_voices_for_this_instrumental(filled: Filled, settle, qtbot: QtBot) -> None:
    window, session = filled
    window.page.select("id7")
    settle()
    qtbot.mouseClick(window.page.matches.voices_button, Qt.MouseButton.LeftButton)
    settle()
    assert session.mashups.gives[-1] is Stem.ACCOMPANIMENT
    window.page.matches.play_current()
    settle()
    assert [call for call in session.calls if call[0] == "sound"][-1][1:] == PAIR[::-1]


def test_buttons_do_what_their_keys_do(heard: Filled, settle, qtbot: QtBot) -> None:
    window, session = heard
    qtbot.mouseClick(button(window, "+1 beat"), Qt.MouseButton.LeftButton)
    settle()
    assert session.mashups.fits[-1] == Fit(beats=1)
    qtbot.mouseClick(button(window, "Vocals' song"), Qt.MouseButton.LeftButton)
    settle()
    assert window.mashups._audition.original is Stem.VOCALS
    buttons = window.mashups.bar.findChildren(QToolButton)
    named = [found.accessibleName() for found in buttons]
    assert all(named)
    assert len(named) == len(set(named))


def test_the_lanes_show_what_is_sung(heard: Filled) -> None:
    window, session = heard
    session.kept |= set(PAIR)
    window.mashups._draw_lanes()
    lanes = window.mashups.bar.lanes
    image = lanes.grab().toImage()
    row = [image.pixelColor(x, 4) for x in range(96, lanes.width())]
    second = (lanes.width() - 96) / SECONDS
    sung, silent = row[round(5.2 * second)], row[round(1.2 * second)]
    assert sung != silent
    assert np.isclose(len(row), SECONDS * second)
