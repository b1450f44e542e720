from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from ui_fakes import make_tracks

from vocal_explorer.base.records.tracks import Track, TrackState
from vocal_explorer.ui.state.known_tracks import KnownTracks
from vocal_explorer.ui.state.selection import Selection

ONE, TWO, THREE = make_tracks(3)


def waiting(track: Track) -> Track:
    return replace(track, track_id="", title="?", state=TrackState.WAITING)


@pytest.fixture
def known() -> KnownTracks:
    known = KnownTracks()
    known.update([waiting(ONE), TWO, THREE])
    return known


@pytest.fixture
def selection(qtbot: QtBot) -> Selection:
    return Selection()


def heard(selection: Selection) -> list[str]:
    told: list[str] = []
    for name in ("changed", "updated", "set_changed"):
        getattr(selection, name).connect(lambda name=name: told.append(name))
    return told


def test_a_waiting_track_is_found_by_its_file_only(known: KnownTracks) -> None:
    assert known.with_id("") is None
    assert known.at(ONE.path) == waiting(ONE)
    assert known.with_ids(["id1", "id9", "id2"]) == [TWO, THREE]


def test_it_survives_the_end_of_the_analysis(known: KnownTracks, selection: Selection) -> None:
    selection.select(waiting(ONE))
    selection.choose([waiting(ONE), TWO])
    assert selection.chosen_ids == ("id1",)
    told = heard(selection)
    known.update([ONE])
    selection.follow(known)
    assert selection.track == ONE
    assert selection.chosen_ids == ("id0", "id1")
    assert told == ["updated", "set_changed"]


def test_it_survives_a_rename(known: KnownTracks, selection: Selection) -> None:
    selection.select(TWO)
    selection.choose([TWO, THREE])
    moved = replace(TWO, path=Path("/music/elsewhere.flac"))
    tracks = {track.path: track for track in (moved, THREE)}
    known.replace(tracks, {track.track_id: path for path, track in tracks.items()})
    selection.follow(known)
    assert selection.track == moved
    assert selection.chosen == (moved, THREE)


def test_it_survives_that_two_copies_become_one_track(
    known: KnownTracks, selection: Selection
) -> None:
    copy = replace(waiting(TWO), path=Path("/music/copy.flac"))
    known.update([copy])
    selection.select(copy)
    selection.choose([copy, TWO, THREE])
    known.update([replace(TWO, path=copy.path)])  # analysed, it is the same content
    selection.follow(known)
    known.replace({TWO.path: TWO, THREE.path: THREE}, {"id1": TWO.path, "id2": THREE.path})
    selection.follow(known)
    assert selection.track == TWO
    assert selection.chosen == (TWO, THREE)


def test_what_is_gone_is_selected_no_more(known: KnownTracks, selection: Selection) -> None:
    selection.select(waiting(ONE))
    selection.choose([waiting(ONE), TWO])
    told = heard(selection)
    known.replace({TWO.path: TWO}, {"id1": TWO.path})
    selection.follow(known)
    assert selection.track is None
    assert selection.chosen == (TWO,)
    assert told == ["changed", "set_changed"]


def test_nothing_is_told_when_nothing_changes(known: KnownTracks, selection: Selection) -> None:
    selection.select(TWO)
    selection.choose([TWO, THREE])
    told = heard(selection)
    selection.follow(known)
    selection.select(TWO, keep_set=True)
    selection.choose([TWO, THREE])
    assert told == []


def test_a_command_is_about_the_set_or_else_the_selected_track(selection: Selection) -> None:
    assert selection.tracks == ()
    selection.select(ONE)
    assert selection.tracks == (ONE,)
    selection.add([TWO])
    selection.add([THREE, TWO])
    assert selection.tracks == (TWO, THREE)
    selection.select(ONE)
    assert selection.tracks == (ONE,)
