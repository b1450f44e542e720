"""Turning between the mix and its stems."""

from collections.abc import Callable

import pytest
from fake_player import FakePlayer
from ui_fakes import FakeSession

from vocal_explorer.records import Part
from vocal_explorer.ui.levels import SILENT, Levels
from vocal_explorer.ui.main_window import MainWindow

Filled = tuple[MainWindow, FakeSession]
Settle = Callable[[], None]


def parts_read(session: FakeSession) -> list[object]:
    return [call[2] for call in session.calls if call[0] == "part"]


def play(window: MainWindow, part: Part, track_id: str = "id3") -> None:
    if window.page.selected_track is None or window.page.selected_track.track_id != track_id:
        window.page.select(track_id)
    window.player_bar.press_part(part)


def test_kept_stems_are_loaded_behind_the_mix(
    filled: Filled, player: FakePlayer, settle: Settle
) -> None:
    window, session = filled
    session.kept.add("id3")
    play(window, Part.MIX)
    settle()
    assert player.names == set(Part)
    assert parts_read(session) == [Part.MIX]
    play(window, Part.ACCOMPANIMENT)
    assert player.gains == {Part.ACCOMPANIMENT: 1.0}  # at once: no job had to end
    settle()
    assert parts_read(session) == [Part.MIX]
    assert len(player.loads) == 1


def test_stems_that_are_not_kept_wait_until_they_are_wanted(
    filled: Filled, player: FakePlayer, settle: Settle
) -> None:
    window, session = filled
    play(window, Part.MIX)
    settle()
    assert player.names == {Part.MIX}
    play(window, Part.VOCALS)
    settle()
    assert player.gains == {Part.VOCALS: 1.0}
    assert player.names == set(Part)
    assert parts_read(session) == [Part.MIX, Part.VOCALS]
    assert len(player.loads) == 1


def test_vocals_first_and_the_mix_behind_them(
    filled: Filled, player: FakePlayer, settle: Settle
) -> None:
    window, session = filled
    play(window, Part.VOCALS)
    settle()
    assert player.names == set(Part)
    assert player.gains == {Part.VOCALS: 1.0}
    assert parts_read(session) == [Part.VOCALS, Part.MIX]


def test_another_track_has_its_own_layers(
    filled: Filled, player: FakePlayer, settle: Settle
) -> None:
    window, session = filled
    session.kept |= {"id3", "id4"}
    play(window, Part.MIX)
    play(window, Part.MIX, "id4")
    settle()
    assert player.recording == "id4"
    assert player.names == set(Part)
    assert [keep for _, keep in player.loads][-1] is False


def test_after_another_separator_was_chosen_everything_is_loaded_anew(
    filled: Filled, player: FakePlayer, settle: Settle
) -> None:
    window, session = filled
    session.kept.add("id3")
    play(window, Part.MIX)
    settle()
    window.separation.changed.emit()
    settle()
    play(window, Part.VOCALS)
    settle()
    assert len(player.loads) == 2
    assert parts_read(session)[1] is Part.VOCALS


def test_levels_turn_the_mix_into_its_stems(
    filled: Filled, player: FakePlayer, settle: Settle
) -> None:
    window, session = filled
    play(window, Part.MIX)
    settle()
    window.playback.set_levels(Levels(vocals=SILENT, accompaniment=6.0))
    assert player.gains == {Part.MIX: 1.0}  # until the stems are there
    settle()
    assert player.gains == pytest.approx({Part.VOCALS: 0.0, Part.ACCOMPANIMENT: 1.9953}, abs=1e-3)
    assert parts_read(session) == [Part.MIX, Part.VOCALS, Part.ACCOMPANIMENT]
    window.playback.set_levels(Levels())
    assert player.gains == {Part.MIX: 1.0}


def test_levels_stay_for_the_next_track(filled: Filled, player: FakePlayer, settle: Settle) -> None:
    window, session = filled
    session.kept.add("id4")
    window.playback.set_levels(Levels(vocals=-20.0))
    play(window, Part.VOCALS, "id3")
    settle()
    assert player.gains == pytest.approx({Part.VOCALS: 0.1})
    play(window, Part.MIX, "id4")
    settle()
    assert player.gains == pytest.approx({Part.VOCALS: 0.1, Part.ACCOMPANIMENT: 1.0})


def test_a_match_is_not_taken_for_its_track(
    filled: Filled, player: FakePlayer, settle: Settle
) -> None:
    window, _ = filled
    play(window, Part.MIX)
    settle()
    window.page.matches.play_current()
    settle()
    assert player.recording == "mashup 1"
    assert not window.player_bar.levels_button.isEnabled()
    gains = player.gains
    window.playback.set_levels(Levels(vocals=-20.0))
    assert player.gains == gains
    play(window, Part.VOCALS)
    settle()
    assert (player.recording, len(player.loads)) == ("id3", 2)
    assert window.player_bar.levels_button.isEnabled()
