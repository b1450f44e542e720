import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from ui_fakes import failed_track, make_tracks

from vocal_explorer.base.names import folded
from vocal_explorer.base.records.music import Key, MusicSummary
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.library.search import search_text
from vocal_explorer.ui.state.known_tracks import KnownTracks
from vocal_explorer.ui.state.selection import Selection
from vocal_explorer.ui.tracks.track_model import TrackModel
from vocal_explorer.ui.tracks.track_rows import Column, parse_query
from vocal_explorer.ui.tracks.track_table import TrackTable
from vocal_explorer.ui.tracks.track_view import LEAST_TITLE

SONG = Track(
    "id", Path("/drive/Jazz/03 nachtzug.flac"), "Nachtzüge", "Łucja Björk", "Live", 1999, 61.0
)


def found(text: str, track: Track) -> bool:
    path = track.path
    return parse_query(text).fitting([path], {path: track}, {path: search_text(track)}) == [path]


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("", True),
        ("nacht", True),
        ("NACHTZUGE", True),
        ("bjork lucja", True),
        ("live nacht 1999", True),
        ("03", True),
        ("drive", False),
        ("nacht moon", False),
        ("singer:bjork", True),
        ("singer:nacht", False),
        ("folder:jazz title:nacht", True),
        ("year:1999", True),
        ("year:2000", False),
        ("length:1:01", True),
        ("state:waiting", True),
        ("remix:2", False),
        (unicodedata.normalize("NFD", "björk"), True),
    ],
)
def test_a_search_takes_words_in_any_order_and_field(text: str, fits: bool) -> None:
    assert found(text, SONG) is fits


def test_failed_files_are_found_by_their_reason() -> None:
    assert found("state:empty", failed_track("a.mp3", "it is empty"))


letters = st.text(st.sampled_from("abÄé :"), max_size=6)


@given(titles=st.lists(letters, max_size=8), typed=st.lists(letters, min_size=1, max_size=4))
def test_typing_on_gives_what_a_fresh_search_gives(titles: list[str], typed: list[str]) -> None:
    tracks = [replace(t, title=title) for t, title in zip(make_tracks(8), titles, strict=False)]
    model = TrackModel(KnownTracks())
    model.set_tracks(tracks)
    for text in typed:
        model.set_filter(text)
        words = folded(text).split()
        expected = {
            track.path for track in tracks if all(word in search_text(track) for word in words)
        }
        rows = [model.track_at(row) for row in range(model.rowCount())]
        assert {track.path for track in rows} == expected
        keys = [(folded(track.singer), folded(track.album), folded(track.title)) for track in rows]
        assert keys == sorted(keys)


def test_every_column_sorts_and_shows(qtbot: object) -> None:
    model = TrackModel(KnownTracks())
    tracks = [replace(t, year=2000 - i, vocal_presence=i / 9) for i, t in enumerate(make_tracks(9))]
    model.set_tracks(tracks)
    model.sort(Column.YEAR)
    assert model.track_at(0) == tracks[8]
    model.sort(Column.VOICE)
    assert model.track_at(0) == tracks[0]
    assert model.index(0, Column.VOICE).data() == "0%"
    assert model.index(0, Column.FOLDER).data() == str(tracks[0].path.parent)
    model.sort(Column.FOLDER)
    assert model.track_at(0).singer == "Anna Lind"


def test_tempo_and_key_are_sorted_as_djs_do_and_searched(qtbot: object) -> None:
    found = [
        MusicSummary(124.4, 1.0, Key(9, True), 1.0),  # 8A
        MusicSummary(90.0, 1.0, Key(0, False), 1.0),  # 8B
        MusicSummary(0.0, 0.0, Key(7, False), 1.0),  # 9B, no beat
        None,
    ]
    tracks = [replace(t, music=m) for t, m in zip(make_tracks(4), found, strict=True)]
    model = TrackModel(KnownTracks())
    model.set_tracks(tracks)
    model.sort(Column.TEMPO, Qt.SortOrder.DescendingOrder)
    shown = [model.index(row, Column.TEMPO).data() for row in range(4)]
    assert shown == ["124", "90", "", ""]
    model.sort(Column.KEY)
    shown = [model.index(row, Column.KEY).data() for row in range(4)]
    assert shown == ["", "8A (A minor)", "8B (C major)", "9B (G major)"]
    model.set_filter("key:8 bpm:124")
    assert [model.track_at(row) for row in range(model.rowCount())] == [tracks[0]]
    assert "124 BPM, 8A (A minor)" in model.index(0, Column.TITLE).data(Qt.ItemDataRole.ToolTipRole)


def test_titles_fill_the_table_and_stay_readable_beside_all_columns(qtbot: QtBot) -> None:
    table = TrackTable(KnownTracks(), Selection())
    qtbot.addWidget(table)
    table.resize(700, 300)
    table.show()
    view = table.view
    widths = [view.columnWidth(column) for column in Column]
    assert sum(widths) == view.viewport().width()
    view.setColumnWidth(Column.SINGER, 60)
    assert sum(view.columnWidth(column) for column in Column) == view.viewport().width()
    view.show_columns(list(Column))
    assert view.columnWidth(Column.TITLE) == LEAST_TITLE
    view.show_columns([])
    assert view.columnWidth(Column.TITLE) == view.viewport().width()
