from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vocal_explorer.base.records.music import Key, Music, Phrase
from vocal_explorer.library.store import music_table
from vocal_explorer.library.store.database import Database
from vocal_explorer.library.store.music_table import MusicTable

MUSIC = Music(
    beats=np.array([0.25, 1 / 3, 0.9]),
    downbeats=np.array([0, 2]),
    sections=np.array([1]),
    tempo=123.4,
    stability=0.9,
    key=Key(10, True, 0.3),
    phrases=(Phrase(0.1, 0.7), Phrase(1.0, 2.0)),
    vocals_loudness=-20.5,
    accompaniment_loudness=float("-inf"),
    energy=2.5,
    seconds=3.0,
)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(tmp_path)
    with database.writing() as connection:
        connection.execute("INSERT INTO tracks VALUES ('a', 'Song', 'Ann', '', NULL, 3.0, NULL)")
    return database


@pytest.fixture
def table(database: Database) -> MusicTable:
    return MusicTable(database)


def tempo_of(table: MusicTable) -> float:
    found = table.of("a", "sep-1")
    assert found is not None
    return found.tempo


@pytest.mark.parametrize("key", [Key(10, True, 0.3), None])
def test_music_comes_back_as_it_was(table: MusicTable, key: Key | None) -> None:
    table.save("a", "sep-1", replace(MUSIC, key=key))
    found = table.of("a", "sep-1")
    assert found is not None
    for name, value in vars(replace(MUSIC, key=key)).items():
        np.testing.assert_array_equal(getattr(found, name), value)


def test_a_song_without_beats_and_phrases_is_kept_too(table: MusicTable) -> None:
    nothing = np.zeros(0, np.int64)
    empty = replace(MUSIC, beats=np.zeros(0), downbeats=nothing, sections=nothing, phrases=())
    table.save("a", "sep-1", empty)
    found = table.of("a", "sep-1")
    assert found is not None
    assert (len(found.beats), len(found.sections), found.phrases) == (0, 0, ())


def test_another_separator_or_analysis_has_not_been_here(
    table: MusicTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    table.save("a", "sep-1", MUSIC)
    assert table.of("a", "sep-2") is None
    assert table.of("b", "sep-1") is None
    newer = f"separator = ? AND version = {music_table.ANALYSIS_VERSION + 1}"
    monkeypatch.setattr(music_table, "_FOUND", newer)
    assert table.of("a", "sep-1") is None


def test_what_was_found_stays_until_the_analysis_changes(
    table: MusicTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    table.save("a", "sep-1", MUSIC)
    table.save("a", "sep-1", replace(MUSIC, tempo=99.0))
    assert tempo_of(table) == MUSIC.tempo
    version = music_table.ANALYSIS_VERSION + 1
    monkeypatch.setattr(music_table, "ANALYSIS_VERSION", version)
    monkeypatch.setattr(music_table, "_FOUND", f"separator = ? AND version = {version}")
    table.save("a", "sep-1", replace(MUSIC, tempo=99.0))
    assert tempo_of(table) == 99.0
