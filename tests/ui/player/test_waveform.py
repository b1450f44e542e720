"""The waveform at the bottom, its loop, and the levels."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from fake_player import FakePlayer
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from ui_fakes import FakeSession

from vocal_explorer.base.records.signals import Stem
from vocal_explorer.ui.base.colours import Theme
from vocal_explorer.ui.main_window import MainWindow
from vocal_explorer.ui.player.outline import Outline
from vocal_explorer.ui.player.waveform_slider import WaveformSlider, column_levels

Filled = tuple[MainWindow, FakeSession]
Settle = Callable[[], None]
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def slider(qtbot: QtBot) -> WaveformSlider:
    """Ten seconds on 400 pixels: loud, silent, loud; sung in the last third."""
    slider = WaveformSlider()
    qtbot.addWidget(slider)
    slider.resize(400, 44)
    slider.show()
    slider.follow(0.0, 10.0)
    levels = np.ones(300, np.float32)
    levels[100:200] = 0
    slider.show_outline(Outline(levels, np.ones(7, np.float32), 10.0, ((6.667, 10.0),)))
    return slider


def picture(slider: WaveformSlider) -> QImage:
    return slider.grab().toImage()


def height(image: QImage, x: int) -> int:
    """Pixels of a column that are not those of an empty one."""
    columns = range(x, x + 3)
    empty = {image.pixel(c, 4) for c in columns}
    upper = range(4, image.height() // 2)
    return max(sum(image.pixel(c, y) not in empty for y in upper) for c in columns)


def test_bars_are_as_high_as_it_is_loud(slider: WaveformSlider) -> None:
    image = picture(slider)
    assert height(image, 60) > 12
    assert height(image, 199) <= 1
    assert height(image, 330) > 12


def test_a_voice_is_told_by_colour_and_by_a_line(slider: WaveformSlider) -> None:
    slider.follow(10.0, 10.0)  # all is played: nothing is veiled
    image = picture(slider)
    low = image.height() - 2
    accent = Theme.of(slider.palette()).accent.rgb()
    assert all(image.pixel(x, low) == accent for x in range(275, 395))
    assert not any(image.pixel(x, low) == accent for x in range(2, 260))
    assert any(image.pixel(x, 22) == accent for x in range(330, 333))
    assert not any(image.pixel(x, 22) == accent for x in range(60, 63))


def test_what_is_played_looks_different(slider: WaveformSlider) -> None:
    before = picture(slider)
    slider.follow(5.0, 10.0)
    after = picture(slider)
    assert any(before.pixel(60, y) != after.pixel(60, y) for y in range(44))
    assert all(before.pixel(350, y) == after.pixel(350, y) for y in range(44))


def test_without_an_outline_it_is_a_plain_slider(slider: WaveformSlider) -> None:
    drawn = picture(slider)
    slider.show_outline(None)
    assert picture(slider) != drawn


def test_the_picture_is_kept_while_it_plays(slider: WaveformSlider) -> None:
    slider.grab()
    kept = slider._picture
    slider.follow(3.0, 10.0)
    slider.grab()
    assert slider._picture is kept
    slider.resize(500, 44)
    slider.grab()
    assert slider._picture is not kept


@pytest.mark.parametrize("n_columns", [1, 7, 300, 900])
def test_a_column_shows_its_loudest_level(n_columns: int) -> None:
    levels = np.random.default_rng(0).uniform(0, 1, 300).astype(np.float32)
    found = column_levels(Outline(levels, levels, 1.0), n_columns)
    assert len(found) == n_columns
    firsts = [i * 300 // n_columns for i in range(n_columns)] + [300]
    naive = [max(levels[a : max(b, a + 1)]) for a, b in pairwise(firsts)]
    np.testing.assert_array_equal(found, naive)


def test_a_click_goes_there(slider: WaveformSlider) -> None:
    sought: list[float] = []
    slider.sought.connect(sought.append)
    QTest.mouseClick(slider, LEFT, pos=QPoint(100, 20))
    assert sought == pytest.approx([2.5], abs=0.05)


def test_shift_and_drag_asks_for_a_loop(slider: WaveformSlider) -> None:
    wanted: list[tuple[float, float]] = []
    slider.loop_wanted.connect(lambda start, end: wanted.append((start, end)))
    QTest.mousePress(slider, LEFT, SHIFT, QPoint(300, 20))
    QTest.mouseMove(slider, QPoint(100, 20))
    assert slider.loop == pytest.approx((2.5, 7.5), abs=0.05)
    QTest.mouseRelease(slider, LEFT, SHIFT, QPoint(100, 20))
    assert wanted == [pytest.approx((2.5, 7.5), abs=0.05)]
    QTest.mouseClick(slider, LEFT, SHIFT, QPoint(100, 20))
    assert len(wanted) == 1
    assert slider.value() == 0


def test_a_loop_is_seen_and_spoken(slider: WaveformSlider) -> None:
    before = picture(slider)
    slider.show_loop((2.0, 4.0))
    after = picture(slider)
    assert before.pixel(120, 5) != after.pixel(120, 5)
    assert before.pixel(200, 5) == after.pixel(200, 5)
    assert slider.accessibleDescription().startswith("Repeats 0:02 to 0:04.")


@pytest.fixture
def playing(filled: Filled, settle: Settle) -> Filled:
    """A track of ten seconds, whose stems are kept, is heard."""
    window, session = filled
    session.kept.add("id3")
    window.page.select("id3")
    window.player_bar.press_stem(Stem.MIX)
    settle()
    window.player_bar.poll()
    return filled


def test_what_is_heard_is_outlined(playing: Filled) -> None:
    outline = playing[0].player_bar.slider.outline
    assert outline is not None
    assert (outline.seconds, outline.voiced) == (10.0, ())


def test_a_loop_by_keyboard(playing: Filled, player: FakePlayer) -> None:
    window, _ = playing
    for position, key, loop in (
        (2.0, Qt.Key.Key_BracketLeft, (2.0, 10.0)),
        (5.0, Qt.Key.Key_BracketRight, (2.0, 5.0)),
        (6.0, Qt.Key.Key_BracketLeft, (6.0, 10.0)),
        (1.0, Qt.Key.Key_BracketRight, (0.0, 1.0)),
        (1.0, Qt.Key.Key_Backslash, None),
    ):
        player.position = position
        QTest.keyClick(window, key)
        assert player.loop == loop
        window.player_bar.poll()
        assert window.player_bar.slider.loop == loop


def test_a_loop_by_mouse(playing: Filled, player: FakePlayer) -> None:
    slider = playing[0].player_bar.slider
    start, end = (QPoint(slider.width() * n // 10, 20) for n in (2, 6))
    QTest.mousePress(slider, LEFT, SHIFT, start)
    QTest.mouseMove(slider, end)
    QTest.mouseRelease(slider, LEFT, SHIFT, end)
    assert player.loop == pytest.approx((2.0, 6.0), abs=0.1)
    assert player.seeks == []


def test_levels_by_keyboard(playing: Filled, player: FakePlayer, settle: Settle) -> None:
    window, _ = playing
    bar = window.player_bar
    QTest.mouseClick(bar.levels_button, LEFT)
    assert bar.levels.isVisible()
    vocals = bar.levels.sliders[Stem.VOCALS]
    assert vocals.hasFocus()
    for _ in range(3):
        QTest.keyClick(vocals, Qt.Key.Key_Left)
    assert bar.levels.values[Stem.VOCALS].text() == "-3 dB"
    assert player.gains == pytest.approx({Stem.VOCALS: 0.7079, Stem.ACCOMPANIMENT: 1}, abs=1e-4)
    QTest.keyClick(vocals, Qt.Key.Key_Home)
    assert bar.levels.values[Stem.VOCALS].text() == "Silent"
    assert player.gains[Stem.VOCALS] == 0.0
    QTest.keyClick(bar.levels.reset_button, Qt.Key.Key_Space)
    assert player.gains == {Stem.MIX: 1.0}
    QTest.keyClick(vocals, Qt.Key.Key_Escape)
    assert not bar.levels.isVisible()


def test_solo_by_keyboard(playing: Filled, player: FakePlayer, settle: Settle) -> None:
    window, _ = playing
    levels = window.player_bar.levels
    QTest.mouseClick(window.player_bar.levels_button, LEFT)
    vocals, accompaniment = (levels.solos[part] for part in (Stem.VOCALS, Stem.ACCOMPANIMENT))
    for button, gains in (
        (vocals, {Stem.VOCALS: 1.0}),
        (accompaniment, {Stem.ACCOMPANIMENT: 1.0}),
        (accompaniment, {Stem.MIX: 1.0}),
    ):
        QTest.keyClick(button, Qt.Key.Key_Space)
        settle()
        assert player.gains == gains
        alone = [solo.isChecked() for solo in (vocals, accompaniment)]
        assert alone == [Stem.VOCALS in gains, Stem.ACCOMPANIMENT in gains]
