"""The tracks of the library as a table: sorted, filtered, and updated in batches."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from vocal_explorer.base.records.tracks import Track, TrackState
from vocal_explorer.library.search import WordSearch, search_text
from vocal_explorer.ui.base.texts import (
    music_words,
    pitch_range_words,
    separator_word,
    state_sentence,
)
from vocal_explorer.ui.base.widgets import Index, tool_tip
from vocal_explorer.ui.state.known_tracks import KnownTracks
from vocal_explorer.ui.tracks.track_rows import (
    HEADERS,
    NUMBERS,
    Arranged,
    Column,
    SortKey,
    arrange,
    cell_text,
    parse_query,
    sort_key,
)

TRACK_ROLE = Qt.ItemDataRole.UserRole
PROGRESS_ROLE = Qt.ItemDataRole.UserRole + 1
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
MANY_CHANGES = 50  # more changed rows than this are announced as one block


def _tool_tip(track: Track) -> str:
    made_by = f"Vocals isolated by: {separator_word(track.separator)}" if track.separator else ""
    sung = f"Sings from {pitch_range_words(track.pitch_range)}" if track.pitch_range else ""
    music = music_words(track.music) if track.music else ""
    lines = (state_sentence(track), str(track.path), music, sung, made_by)
    return "\n".join(filter(None, lines))


class TrackModel(QAbstractTableModel):
    """The known tracks in rows, a file each.

    It sorts and filters itself: a proxy model would ask Python for every comparison.

    Parameters
    ----------
    known
        What is shown; the model alone changes it.
    """

    def __init__(self, known: KnownTracks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._known = known
        self._order: list[Path] = []
        self._rows: list[Path] = []
        self._row_of: dict[Path, int] = {}
        self._keys: dict[Path, SortKey] = {}
        self._progress: dict[Path, float] = {}
        self._texts: dict[Path, str] = {}
        self._query = WordSearch()
        self._column = Column.SINGER
        self._descending = False

    @property
    def sorting(self) -> tuple[Column, bool]:
        """The column that it is sorted by, and whether descending."""
        return self._column, self._descending

    def track_at(self, row: int) -> Track:
        """Return the track in a row."""
        return self._known.by_path[self._rows[row]]

    def row_of(self, track: Track) -> int | None:
        """Return the row of a track; None if it is filtered out or unknown."""
        return self._row_of.get(track.path)

    def update_tracks(self, tracks: Iterable[Track]) -> None:
        """Add tracks or replace those with the same path; one call for a whole batch."""
        changed, new = self._known.update(tracks)
        for path, track in changed.items():
            self._texts[path] = search_text(track)
            if track.state is not TrackState.ANALYSING:
                self._progress.pop(path, None)
        moved = self._update_keys(changed)
        self._order += new
        self._append(self._fitting(new))
        if moved:
            self._sort_rows()
        self._announce(changed)

    def set_tracks(self, tracks: Iterable[Track]) -> None:
        """Show exactly these tracks."""
        self.set_arranged(arrange(tracks, *self.sorting))

    def set_arranged(self, arranged: Arranged) -> None:
        """Show exactly these tracks, which a worker thread made ready."""
        given = arranged.tracks
        before = self._known.by_path
        if given.keys() == before.keys():
            self.update_tracks(t for t in given.values() if t is not before[t.path])
            return
        if (arranged.column, arranged.descending) != self.sorting:
            arranged = arrange(given.values(), *self.sorting)
        self.beginResetModel()
        self._known.replace(given, arranged.path_of)
        self._keys, self._order, self._texts = arranged.keys, arranged.order, arranged.texts
        self._progress = {path: p for path, p in self._progress.items() if path in given}
        self._set_rows(self._fitting(self._order))
        self.endResetModel()

    def set_progress(self, path: Path, fraction: float) -> None:
        """Say how far the analysis of one file is, 0 to 1."""
        self._progress[path] = fraction
        row = self._row_of.get(path)
        if row is not None:
            index = self.index(row, Column.STATE)
            self.dataChanged.emit(index, index, [PROGRESS_ROLE])

    def set_filter(self, text: str) -> None:
        """Show only the tracks that have all these words; see library.search.WordSearch."""
        query = parse_query(text)
        if query == self._query:
            return
        among = self._rows if query.narrows(self._query) else self._order
        self.beginResetModel()
        self._query = query
        self._set_rows(self._fitting(among))
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column."""
        self._column = Column(column)
        self._descending = order == Qt.SortOrder.DescendingOrder
        self._keys = {
            path: sort_key(track, self._column) for path, track in self._known.by_path.items()
        }
        self._sort_rows()

    def _fitting(self, paths: Iterable[Path]) -> list[Path]:
        return self._query.fitting(paths, self._known.by_path, self._texts)

    def _set_rows(self, rows: list[Path]) -> None:
        self._rows = rows
        self._row_of = {path: row for row, path in enumerate(rows)}

    def _update_keys(self, changed: dict[Path, Track]) -> bool:
        keys = {path: sort_key(track, self._column) for path, track in changed.items()}
        moved = any(self._keys.get(path) != key for path, key in keys.items())
        self._keys.update(keys)
        return moved

    def _append(self, paths: list[Path]) -> None:
        if paths:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(paths) - 1)
            self._set_rows(self._rows + paths)
            self.endInsertRows()

    def _sort_rows(self) -> None:
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        paths = [self._rows[index.row()] for index in before]
        self._order.sort(key=self._keys.__getitem__, reverse=self._descending)
        self._set_rows([path for path in self._order if path in self._row_of])
        after = [
            self.index(self._row_of[path], index.column())
            for path, index in zip(paths, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _announce(self, changed: Iterable[Path]) -> None:
        rows = [self._row_of[path] for path in changed if path in self._row_of]
        if not rows:
            return
        spans = [(row, row) for row in rows]
        if len(rows) > MANY_CHANGES:
            spans = [(min(rows), max(rows))]
        for first, last in spans:
            self.dataChanged.emit(self.index(first, 0), self.index(last, Column.STATE))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of rows that fit the filter."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of columns."""
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the names of the columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADERS[Column(section)]
        if role == Qt.ItemDataRole.TextAlignmentRole and section in NUMBERS:
            return RIGHT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        track = self.track_at(index.row())
        column = index.column()
        if role == TRACK_ROLE:
            return track
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_text(track, Column(column))
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(_tool_tip(track))
        if role == Qt.ItemDataRole.AccessibleDescriptionRole and column == Column.STATE:
            return state_sentence(track)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in NUMBERS:
            return RIGHT
        if role == PROGRESS_ROLE:
            return self._progress.get(track.path)
        return None
