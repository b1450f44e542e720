"""The rows of a library with all that rankings know of each: columns, groups, singers."""

from dataclasses import dataclass
from operator import attrgetter

import numpy as np

from vocal_explorer.library.rows import TrackRows
from vocal_explorer.ranking.spaces import Rows
from vocal_explorer.ranking.upkeep.singer_index import SingerIndex, Sung
from vocal_explorer.ranking.upkeep.track_columns import Flags, TrackColumns, updated_columns
from vocal_explorer.ranking.upkeep.version_index import Links, VersionIndex, no_versions
from vocal_explorer.ranking.versions import Groups, Versions


@dataclass(frozen=True, eq=False)
class IndexedRows:
    """n rows at one moment.

    `counted` and `counted_voiced`, each (n,), flag the tracks that stand for their recording
    in singer models: the first of each, of all tracks and of those with a voice.
    """

    rows: TrackRows
    columns: TrackColumns
    versions: Versions
    sung: Sung
    counted: Flags
    counted_voiced: Flags

    def counted_by(self, by_vocals: bool) -> Flags:
        """Return which tracks count in singer models."""
        return self.counted_voiced if by_vocals else self.counted

    def follows(self, before: "IndexedRows") -> bool:
        """Return whether these are the same rows as before, or what became of them."""
        n, rows = len(before.rows.tracks), self.rows
        return (
            rows.matrices is before.rows.matrices
            and n <= len(rows.tracks)
            and bool((before.rows.changed <= rows.changed[:n]).all())
        )

    def changed_since(self, before: "IndexedRows") -> Rows:
        """Return the rows of which anything is another than before, the new ones too."""
        n = len(before.rows.tracks)
        flipped = (self.counted[:n] != before.counted) | (
            self.counted_voiced[:n] != before.counted_voiced
        )
        return np.union1d(np.flatnonzero(flipped), self.rows.changed_since(before.rows))


def changed_singers(before: IndexedRows, now: IndexedRows) -> Rows:
    """Return the numbers of the singers of which any track changed."""
    changed = now.changed_since(before)
    sung = [rows.sung.only(np.isin(rows.sung.rows, changed)) for rows in (before, now)]
    return np.union1d(*(pairs.singers for pairs in sung))


class RowIndex:
    """Keeps up what is known of each row; for one thread at a time."""

    def __init__(self) -> None:
        self._versions = VersionIndex()
        self._singers = SingerIndex()
        self._last: IndexedRows | None = None

    def updated(self, rows: TrackRows, links: Links) -> IndexedRows:
        """Return what is known of rows, which follow those of the last call."""
        last = self._last
        columns, versions, sung = TrackColumns.none(), no_versions(), Sung.none()
        counted = [np.zeros(0, np.bool_), np.zeros(0, np.bool_)]
        changed = np.arange(len(rows.tracks))
        if last is not None:
            columns, versions, sung = last.columns, last.versions, last.sung
            counted = [last.counted, last.counted_voiced]
            changed = rows.changed_since(last.rows)
        columns = updated_columns(columns, rows, changed)
        versions, grouped = self._versions.updated(versions, rows, links, changed)
        for i, by_vocals in enumerate((False, True)):
            there = ~columns.left_out(by_vocals)
            counted[i] = _first_of_each(counted[i], rows, versions.recordings, there, grouped)
        sung = self._singers.updated(sung, rows, changed)
        self._last = IndexedRows(rows, columns, versions, sung, *counted)
        return self._last


def _first_of_each(
    before: Flags, rows: TrackRows, groups: Groups, there: Flags, again: Rows
) -> Flags:
    """Flag, of the tracks of each group that are `there`, the first in path order."""
    flags = np.zeros(len(groups), np.bool_)
    flags[: len(before)] = before
    flags[again] = there[again]
    sizes = np.bincount(groups, there, len(groups))
    shared = again[there[again] & (sizes[groups[again]] > 1)]
    firsts: dict[int, int] = {}
    for row in sorted(shared.tolist(), key=lambda row: attrgetter("path")(rows.tracks[row])):
        firsts.setdefault(int(groups[row]), row)
    flags[shared] = False
    flags[list(firsts.values())] = True
    return flags
