from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtGui import QColor, QPalette
from pytestqt.qtbot import QtBot
from ui_fakes import make_tracks

from vocal_explorer.base.records.tracks import PitchRange, Track
from vocal_explorer.ui.base.colours import NONE, OTHERS, Theme
from vocal_explorer.ui.maps.attributes import ATTRIBUTES, MAX_CATEGORIES, Attribute, colour_by

BY_TITLE = {attribute.title: attribute for attribute in ATTRIBUTES}


def tracks_with_years(years: list[int | None]) -> list[Track]:
    return [replace(t, year=y) for t, y in zip(make_tracks(len(years)), years, strict=True)]


@pytest.mark.parametrize("attribute", ATTRIBUTES, ids=lambda a: a.title)
def test_every_track_is_in_one_group_that_counts_it(attribute: Attribute) -> None:
    tracks = make_tracks(30)
    colouring = colour_by(attribute, tracks, {"id1": 0, "id2": 1})
    assert set(colouring.group_of) == {t.track_id for t in tracks}
    for number, group in enumerate(colouring.groups):
        assert sum(n == number for n in colouring.group_of.values()) == group.n_tracks > 0


def test_the_biggest_categories_come_first_and_the_rest_are_others() -> None:
    tracks = [
        replace(track, singer=f"Singer {min(i, 99 - i):02}")
        for i, track in enumerate(make_tracks(100))
    ]
    tracks += [replace(t, track_id=f"more{i}", singer="Big") for i, t in enumerate(make_tracks(5))]
    groups = colour_by(BY_TITLE["Artist"], tracks, {}).groups
    assert groups[0].label == "Big"
    assert groups[-1].label == "9 others"
    assert groups[-1].mark == OTHERS
    assert len(groups) == MAX_CATEGORIES + 1
    assert len({group.mark for group in groups}) == MAX_CATEGORIES + 1


def test_what_is_not_known_has_a_group_of_its_own() -> None:
    tracks = [replace(t, album="" if i else "First") for i, t in enumerate(make_tracks(4))]
    first, none = colour_by(BY_TITLE["Album"], tracks, {}).groups
    assert (first.label, none.label, none.mark) == ("First", "No album", NONE)
    assert (first.n_tracks, none.n_tracks) == (1, 3)


def test_many_years_become_ranges_in_order_that_hold_their_tracks() -> None:
    years: list[int | None] = [*range(1960, 2025), None]
    tracks = tracks_with_years(years)
    colouring = colour_by(BY_TITLE["Year"], tracks, {})
    *ranges, unknown = colouring.groups
    assert (unknown.label, unknown.mark) == ("No year", NONE)
    assert len(ranges) == 7
    assert [r.mark.colour for r in ranges] == sorted({r.mark.colour for r in ranges})
    for track in tracks[:-1]:
        low, high = colouring.groups[colouring.group_of[track.track_id]].label.split("–")
        assert int(low) <= (track.year or 0) <= int(high)
    for before, after in pairwise(ranges):
        assert before.label[-4:] < after.label[:4]


def test_few_years_are_themselves() -> None:
    labels = [
        g.label for g in colour_by(BY_TITLE["Year"], tracks_with_years([1999, 1970]), {}).groups
    ]
    assert labels == ["1970", "1999"]


def test_shares_are_percent() -> None:
    tracks = [replace(t, vocal_presence=0.25 * i) for i, t in enumerate(make_tracks(3))]
    groups = colour_by(BY_TITLE["Vocal presence"], tracks, {}).groups
    assert [g.label for g in groups] == ["0%", "25%", "50%"]


def test_pitches_are_notes_and_ranges_semitones() -> None:
    track, unmeasured = make_tracks(2)
    tracks = [replace(track, pitch_range=PitchRange(57.0, 60.2, 69.0)), unmeasured]
    labels = {
        title: [group.label for group in colour_by(BY_TITLE[title], tracks, {}).groups]
        for title in ("Pitch of the voice", "Pitch range")
    }
    assert labels == {
        "Pitch of the voice": ["C4", "Not measured"],
        "Pitch range": ["12 semitones", "Not measured"],
    }


def test_clusters_are_counted_from_one() -> None:
    groups = colour_by(BY_TITLE["Cluster"], make_tracks(3), {"id0": 0, "id1": 0}).groups
    assert [(g.label, g.n_tracks) for g in groups] == [("Cluster 1", 2), ("In no cluster", 1)]


@pytest.mark.parametrize(("window", "base"), [("#efefef", "#ffffff"), ("#26282c", "#1e2023")])
def test_the_scale_gets_steadily_lighter(qtbot: QtBot, window: str, base: str) -> None:
    palette = QPalette(QColor(window), QColor(window))
    palette.setColor(QPalette.ColorRole.Base, QColor(base))
    scale = Theme.of(palette).mark_colours()[7:]
    greys = [0.2126 * c.redF() + 0.7152 * c.greenF() + 0.0722 * c.blueF() for c in scale]
    assert all(after > before + 0.02 for before, after in pairwise(greys))
