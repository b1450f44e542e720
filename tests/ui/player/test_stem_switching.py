"""Turning between the mix and its stems."""

from collections.abc import Callable

import pytest
from fake_player import FakePlayer
from ui_fakes import FakeSession

from vocal_explorer.base.records.signals import Stem
from vocal_explorer.ui.main_window import MainWindow
from vocal_explorer.ui.player.levels import SILENT, Levels

Filled = tuple[MainWindow, FakeSession]
Settle = Callable[[], None]


def parts_read(session: FakeSession) -> list[object]:
    return [call[2] for call in session.calls if call[0] == "part"]


def play(window: MainWindow, part: Stem, track_id: str = "id3") -> None:
    if window.page.selected_track is None or window.page.selected_track.track_id != track_id:
        window.page.select(track_id)
    window.player_bar.press_stem(part)


def test_kept_stems_are_loaded_behind_the_mix(
    filled: Filled, player: FakePlayer, settle: Settle
) -> None:
    window, session = filled
    session.kept.add("id3")
    play(window, Stem.MIX)
    settle()
    assert player.names == set(Stem)
    assert parts_read(session) == [Stem.MIX]
    play(window, Stem.ACCOMPANIMENT)
    assert player.gains == {Stem.ACCOMPANIMENT: 1.0}  # at once: no job had to end
    settle()
    assert parts_read(session) == [Stem.MIX]
    assert len(player.loads) == 1


def test_stems_that_are_not_kept_wait_until_they_are_wanted(
    filled: Filled, player: FakePlayer, settle: Settle
) -> None:
    window, session = filled
    play(window, Stem.MIX)
    settle()
    assert player.names == {Stem.MIX}
    play(window, Stem.VOCALS)
    settle()
    assert player.gains == {Stem.VOCALS: 1.0}
    assert player.names == set(Stem)
    assert parts_read(session) == [Stem.MIX, Stem.VOCALS]
    assert len(player.loads) == 1


def test_vocals_first_and_the_mix_behind_them(
    filled: Filled, player: FakePlayer, settle: Settle
) -> None:
    window, session = filled
    play(window, Stem.VOCALS)
    settle()
    assert player.names == set(Stem)
    assert player.gains == {Stem.VOCALS: 1.0}
    assert parts_read(session) == [Stem.VOCALS, Stem.MIX]


def test_another_track_has_its_own_layers(
    filled: Filled, player: FakePlayer, settle: Settle
) -> None:
    window, session = filled
    session.kept |= {"id3", "id4"}
    play(window, Stem.MIX)
    play(window, Stem.MIX, "id4")
    settle()
    assert player.recording == "id4"
    assert player.names == set(Stem)
    assert [keep for _, keep in player.loads][-1] is False


def test_after_another_separator_was_chosen_everything_is_loaded_anew(
    filled: Filled, player: FakePlayer, settle: Settle
) -> None:
    window, session = filled
    session.kept.add("id3")
    play(window, Stem.MIX)
    settle()
    window.separation.changed.emit()
    settle()
    play(window, Stem.VOCALS)
    settle()
    assert len(player.loads) == 2
    assert parts_read(session)[1] is Stem.VOCALS


def test_levels_turn_the_mix_into_its_stems(
    filled: Filled, player: FakePlayer, settle: Settle
) -> None:
    window, session = filled
    play(window, Stem.MIX)
    settle()
    window.playback.set_levels(Levels(vocals=SILENT, accompaniment=6.0))
    assert player.gains == {Stem.MIX: 1.0}  # until the stems are there
    settle()
    assert player.gains == pytest.approx({Stem.VOCALS: 0.0, Stem.ACCOMPANIMENT: 1.9953}, abs=1e-3)
    assert parts_read(session) == [Stem.MIX, Stem.VOCALS, Stem.ACCOMPANIMENT]
    window.playback.set_levels(Levels())
    assert player.gains == {Stem.MIX: 1.0}


def test_levels_stay_for_the_next_track(filled: Filled, player: FakePlayer, settle: Settle) -> None:
    window, session = filled
    session.kept.add("id4")
    window.playback.set_levels(Levels(vocals=-20.0))
    play(window, Stem.VOCALS, "id3")
    settle()
    assert player.gains == pytest.approx({Stem.VOCALS: 0.1})
    play(window, Stem.MIX, "id4")
    settle()
    assert player.gains == pytest.approx({Stem.VOCALS: 0.1, Stem.ACCOMPANIMENT: 1.0})


def test_a_match_is_not_taken_for_its_track(
    filled: Filled, player: FakePlayer, settle: Settle
) -> None:
    window, _ = filled
    play(window, Stem.MIX)
    settle()
    window.page.matches.play_current()
    settle()
    assert player.recording == "mashup 1"
    assert not window.player_bar.levels_button.isEnabled()
    gains = player.gains
    window.playback.set_levels(Levels(vocals=-20.0))
    assert player.gains == gains
    play(window, Stem.VOCALS)
    settle()
    assert (player.recording, len(player.loads)) == ("id3", 2)
    assert window.player_bar.levels_button.isEnabled()
