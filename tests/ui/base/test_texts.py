import pytest

from vocal_explorer.base.records.ranking import Hubness
from vocal_explorer.base.records.tracks import PitchRange, StaleReason, TrackState
from vocal_explorer.library.separator_choice import AUTO, DESCRIPTIONS
from vocal_explorer.ui.base.texts import (
    SEPARATOR_WORDS,
    STALE_WORDS,
    STATE_WORDS,
    clock,
    counted,
    hub_sentence,
    note_name,
    pitch_range_words,
    separator_word,
    time_left,
)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (59.6, "1:00"), (185, "3:05"), (3_725, "1:02:05")]
)
def test_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (4, "a few seconds left"),
        (33, "about 30 s left"),
        (57, "about 1 min left"),
        (190, "about 3 min left"),
        (7_300, "about 2.0 h left"),
    ],
)
def test_time_left(seconds: float, text: str) -> None:
    assert time_left(seconds) == text


@pytest.mark.parametrize(
    ("pitch", "name"), [(69, "A4"), (60, "C4"), (59.6, "C4"), (59.4, "B3"), (61, "D♭4"), (36, "C2")]
)
def test_note_names(pitch: float, name: str) -> None:
    assert note_name(pitch) == name


def test_a_pitch_range_is_two_notes() -> None:
    assert pitch_range_words(PitchRange(48.2, 57, 68.9)) == "C3 to A4"


def test_counted() -> None:
    assert (counted(1, "file"), counted(2_000, "file")) == ("1 file", "2,000 files")


def test_every_state_has_words() -> None:
    assert set(STATE_WORDS) == set(TrackState)
    assert set(STALE_WORDS) == set(StaleReason)


def test_separators_are_called_the_same_everywhere() -> None:
    titles = {name: title for name, (title, _) in DESCRIPTIONS.items() if name != AUTO}
    assert titles == SEPARATOR_WORDS


@pytest.mark.parametrize(
    ("separator", "title"),
    [
        ("embedded-f63f607f713f", "Embedded"),
        ("spleeter-7747f9fd2c78-zeros-1", "Spleeter"),
        ("spleeter-average-7747f9fd2c78-average-1", "Spleeter, full band"),
        ("mine-1", "mine-1"),
    ],
)
def test_a_separators_version_is_not_shown(separator: str, title: str) -> None:
    assert separator_word(separator) == title


def test_the_effect_of_hub_correction_in_words() -> None:
    before, after = Hubness(1_400, 2.14, 12_000, 10), Hubness(1_102, 0.38, 12_000, 10)
    assert hub_sentence(before, after) == (
        "The most frequent neighbour is among the 10 nearest of 1,102 tracks instead of 1,400"
        " (of 12,000); skewness 0.4 instead of 2.1."
    )
