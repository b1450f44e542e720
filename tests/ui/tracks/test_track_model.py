from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from ui_fakes import failed_track, make_tracks

from vocal_explorer.base.records.tracks import PitchRange, StaleReason, Track, TrackState
from vocal_explorer.ui.state.known_tracks import KnownTracks
from vocal_explorer.ui.tracks.track_model import PROGRESS_ROLE, Column, TrackModel


@pytest.fixture
def known() -> KnownTracks:
    return KnownTracks()


@pytest.fixture
def model(qtbot: object, known: KnownTracks) -> TrackModel:
    model = TrackModel(known)
    # kept alive by its parent: it checks every signal of the model
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    return model


def titles(model: TrackModel) -> list[str]:
    return [model.track_at(row).title for row in range(model.rowCount())]


def cell(model: TrackModel, row: int, column: Column, role: int = Qt.ItemDataRole.DisplayRole):
    return model.index(row, column).data(role)


def test_batches_add_replace_and_keep_the_order(model: TrackModel) -> None:
    tracks = make_tracks(20)
    model.update_tracks(replace(t, state=TrackState.WAITING) for t in tracks)
    assert {cell(model, row, Column.STATE) for row in range(20)} == {"Waiting"}
    model.update_tracks(tracks[5:8])
    states = [cell(model, row, Column.STATE) for row in range(20)]
    assert states.count("Ready") == 3
    singers = [cell(model, row, Column.SINGER) for row in range(20)]
    assert singers == sorted(singers, key=str.casefold)


def test_a_track_that_gets_its_id_and_title_keeps_its_row(
    model: TrackModel, known: KnownTracks
) -> None:
    track = make_tracks(1)[0]
    model.update_tracks([replace(track, track_id="", title="00000")])
    model.update_tracks([track])
    assert model.rowCount() == 1
    assert model.row_of(track) == 0
    assert known.with_id(track.track_id) == track


def test_the_error_sentence_stands_in_the_row(model: TrackModel) -> None:
    model.update_tracks([failed_track("a.mp3", "it is empty")])
    assert cell(model, 0, Column.STATE) == "It is empty."
    assert "a.mp3: it is empty." in cell(model, 0, Column.STATE, Qt.ItemDataRole.ToolTipRole)


def test_the_pitch_range_stands_in_the_tooltip(model: TrackModel) -> None:
    model.update_tracks([replace(make_tracks(1)[0], pitch_range=PitchRange(48, 57, 69))])
    tool_tip = cell(model, 0, Column.TITLE, Qt.ItemDataRole.ToolTipRole)
    assert "Sings from C3 to A4" in tool_tip


def test_an_instrumental_says_so_to_eyes_and_ears(model: TrackModel) -> None:
    track = replace(make_tracks(1)[0], vocal_presence=0.02, separator="embedded-1")
    model.update_tracks([track])
    assert cell(model, 0, Column.STATE) == "Instrumental"
    described = cell(model, 0, Column.STATE, Qt.ItemDataRole.AccessibleDescriptionRole)
    assert described.startswith("No voice is heard in this track")
    tip = cell(model, 0, Column.TITLE, Qt.ItemDataRole.ToolTipRole).splitlines()
    assert tip == [described, str(track.path), "Vocals isolated by: Embedded"]
    model.update_tracks([replace(track, state=TrackState.WAITING)])
    assert cell(model, 0, Column.STATE) == "Waiting"


@pytest.mark.parametrize(
    ("reason", "word"),
    [(StaleReason.SEPARATOR, "Other separator"), (StaleReason.WEIGHTS, "Other encoders")],
)
def test_a_stale_track_says_why(model: TrackModel, reason: StaleReason, word: str) -> None:
    model.update_tracks([replace(make_tracks(1)[0], state=TrackState.STALE, stale=reason)])
    assert cell(model, 0, Column.STATE) == word
    assert "scan it again" in cell(model, 0, Column.STATE, Qt.ItemDataRole.ToolTipRole)


def test_progress_of_a_row_ends_with_its_analysis(model: TrackModel) -> None:
    track = make_tracks(1)[0]
    model.update_tracks([replace(track, state=TrackState.ANALYSING)])
    model.set_progress(track.path, 0.4)
    assert cell(model, 0, Column.STATE, PROGRESS_ROLE) == 0.4
    model.update_tracks([track])
    assert cell(model, 0, Column.STATE, PROGRESS_ROLE) is None
    model.set_progress(Path("/elsewhere"), 0.5)


def test_filter_takes_all_words_from_anywhere(model: TrackModel, known: KnownTracks) -> None:
    tracks = make_tracks(24)
    model.set_tracks(tracks)
    model.set_filter("anna ALBUM golden")
    assert model.rowCount() == 1
    assert len(known) == 24
    model.update_tracks([replace(tracks[8], path=Path("/x.flac"), track_id="x")])
    assert model.rowCount() == 2
    model.set_filter("")
    assert model.rowCount() == 25


def test_selected_rows_survive_sorting(model: TrackModel) -> None:
    model.set_tracks(make_tracks(24))
    index = QPersistentModelIndex(model.index(3, 0))
    track = model.track_at(3)
    model.sort(Column.LENGTH, Qt.SortOrder.DescendingOrder)
    assert model.track_at(index.row()) == track
    lengths = [model.track_at(row).seconds for row in range(24)]
    assert lengths == sorted(lengths, reverse=True)


def test_set_tracks_forgets_the_others(model: TrackModel, known: KnownTracks) -> None:
    model.set_tracks(make_tracks(10))
    model.set_tracks(make_tracks(4))
    assert model.rowCount() == 4
    assert known.with_id("id7") is None


changes = st.lists(
    st.tuples(
        st.integers(0, 8), st.sampled_from(["b", "A", "c"]), st.sampled_from(list(TrackState))
    ),
    max_size=12,
)


@given(batches=st.lists(changes, max_size=5), column=st.sampled_from(list(Column)))
def test_rows_are_always_the_sorted_tracks(
    batches: list[list[tuple[int, str, TrackState]]], column: Column
) -> None:
    model = TrackModel(KnownTracks())
    model.sort(column)
    expected: dict[Path, Track] = {}
    for batch in batches:
        tracks = [Track(f"id{i}", Path(f"/{i}"), title, "", state=s) for i, title, s in batch]
        expected |= {track.path: track for track in tracks}
        model.update_tracks(tracks)
    shown = [model.track_at(row) for row in range(model.rowCount())]
    assert {track.path: track for track in shown} == expected
    assert all(model.row_of(track) == row for row, track in enumerate(shown))
    if column is Column.TITLE:
        assert titles(model) == sorted(titles(model), key=str.casefold)
