"""What the rows of the table hold: columns, what they are sorted by, what a search finds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from vocal_explorer.base.names import folded
from vocal_explorer.base.records.music import Key
from vocal_explorer.base.records.tracks import Failure, Track, TrackState
from vocal_explorer.library.search import WordSearch, search_text
from vocal_explorer.ui.base.texts import clock, key_words, reason, state_word

SortKey = tuple[str | float, ...]


class Column(IntEnum):
    """The columns, from left to right."""

    TITLE = 0
    SINGER = 1
    ALBUM = 2
    YEAR = 3
    LENGTH = 4
    TEMPO = 5
    KEY = 6
    VOICE = 7
    FOLDER = 8
    STATE = 9


HEADERS = {
    Column.TITLE: "Title",
    Column.SINGER: "Singer",
    Column.ALBUM: "Album",
    Column.YEAR: "Year",
    Column.LENGTH: "Length",
    Column.TEMPO: "BPM",
    Column.KEY: "Key",
    Column.VOICE: "Voice",
    Column.FOLDER: "Folder",
    Column.STATE: "State",
}
NUMBERS = (Column.YEAR, Column.LENGTH, Column.TEMPO, Column.VOICE)


def _round_the_wheel(key: Key | None) -> SortKey:
    """Let keys that go together stand together."""
    return (int(key.camelot[:-1]), key.camelot[-1]) if key else (0, "")


_SORT_KEYS: dict[Column, Callable[[Track], SortKey]] = {
    Column.TITLE: lambda t: (folded(t.title), folded(t.singer)),
    Column.SINGER: lambda t: (folded(t.singer), folded(t.album), folded(t.title)),
    Column.ALBUM: lambda t: (folded(t.album), folded(t.singer), folded(t.title)),
    Column.YEAR: lambda t: (t.year or 0, folded(t.singer), folded(t.title)),
    Column.LENGTH: lambda t: (t.seconds, folded(t.title)),
    Column.TEMPO: lambda t: (t.tempo or 0.0, folded(t.title)),
    Column.KEY: lambda t: (*_round_the_wheel(t.key), folded(t.title)),
    Column.VOICE: lambda t: (-1.0 if t.vocal_presence is None else t.vocal_presence,),
    Column.FOLDER: lambda t: (folded(str(t.path)),),
    Column.STATE: lambda t: (t.state.value, state_word(t), folded(t.singer), folded(t.title)),
}


def sort_key(track: Track, column: Column) -> SortKey:
    """Return what a column sorts a track by."""
    return _SORT_KEYS[column](track)


def state_text(track: Track) -> str:
    """Return the state of a track in words; for a failed one, why, without the file's name."""
    if track.state is TrackState.FAILED:
        return reason(Failure(track.path, track.error))
    return state_word(track)


_TEXTS: dict[Column, Callable[[Track], str]] = {
    Column.TITLE: lambda t: t.title,
    Column.SINGER: lambda t: t.singer,
    Column.ALBUM: lambda t: t.album,
    Column.YEAR: lambda t: str(t.year or ""),
    Column.LENGTH: lambda t: clock(t.seconds) if t.seconds else "",
    Column.TEMPO: lambda t: f"{t.tempo:.0f}" if t.tempo else "",
    Column.KEY: lambda t: key_words(t.key) if t.key else "",
    Column.VOICE: lambda t: "" if t.vocal_presence is None else f"{t.vocal_presence:.0%}",
    Column.FOLDER: lambda t: str(t.path.parent),
    Column.STATE: state_text,
}


def cell_text(track: Track, column: Column) -> str:
    """Return what stands in a cell."""
    return _TEXTS[column](track)


def parse_query(text: str) -> WordSearch:
    """Read what the user typed into the search field: "word" or "column:word"."""
    return WordSearch.parse(text, _FIELDS)


def _field(column: Column) -> Callable[[Track], str]:
    return lambda track: cell_text(track, column)


_FIELDS = {name.casefold(): _field(column) for column, name in HEADERS.items()}


@dataclass(frozen=True)
class Arranged:
    """Tracks made ready for the table, in a worker thread: sorted, and with search texts."""

    tracks: dict[Path, Track]
    column: Column
    descending: bool
    keys: dict[Path, SortKey]
    order: list[Path]
    texts: dict[Path, str]
    path_of: dict[str, Path]


def arrange(tracks: Iterable[Track], column: Column, descending: bool) -> Arranged:
    """Make tracks ready for the table."""
    given = {track.path: track for track in tracks}
    keys = {path: sort_key(track, column) for path, track in given.items()}
    return Arranged(
        given,
        column,
        descending,
        keys,
        sorted(given, key=keys.__getitem__, reverse=descending),
        {path: search_text(track) for path, track in given.items()},
        {track.track_id: path for path, track in given.items() if track.track_id},
    )
