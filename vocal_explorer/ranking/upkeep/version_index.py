"""Groups of versions and recordings, kept up as tracks come, change and go.

Only the tracks that could belong together with a changed one are grouped again. A group has the
number of its first row.
"""

from collections.abc import Iterable, Mapping

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from vocal_explorer.base.names import label_key
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.library.rows import TrackRows
from vocal_explorer.ranking.spaces import Rows
from vocal_explorer.ranking.versions import Groups, Link, Versions, base_title, title_links

Links = Mapping[str, frozenset[str]]
Title = tuple[str, str]


class VersionIndex:
    """Knows which rows have which title; for one thread at a time."""

    def __init__(self) -> None:
        self._title_of: dict[int, Title] = {}
        self._with_title: dict[Title, set[int]] = {}

    def updated(
        self, before: Versions, rows: TrackRows, links: Links, changed: Rows
    ) -> tuple[Versions, Rows]:
        """Return the groups of all n rows, and the rows that were grouped again.

        Parameters
        ----------
        before
            The groups before; they stay as they are.
        rows
            The tracks now.
        links
            With which others, by id, a track is one recording.
        changed
            The rows of which track, embeddings or links changed.
        """
        touched = self._retitle(rows, changed.tolist())
        near = {row for title in touched for row in self._with_title.get(title, ())}
        near.update(changed.tolist())
        for row in changed.tolist():
            near.update(_linked(rows, links, row))
        again = _with_their_groups(before.songs, near, len(rows.tracks))
        recordings = [link for row in again.tolist() for link in _links_of(rows, links, row)]
        songs = self._song_links(rows, set(again.tolist()))
        return Versions(
            _regrouped(before.recordings, again, recordings, len(rows.tracks)),
            _regrouped(before.songs, again, [*recordings, *songs], len(rows.tracks)),
        ), again

    def _retitle(self, rows: TrackRows, changed: Iterable[int]) -> set[Title]:
        """Return the titles of which the tracks changed."""
        touched: set[Title] = set()
        for row in changed:
            track = rows.tracks[row]
            old = self._title_of.pop(row, None)
            if old is not None:
                touched.add(old)
                self._with_title[old].discard(row)
            if track is not None:
                self._title_of[row] = new = _title(track)
                touched.add(new)
                self._with_title.setdefault(new, set()).add(row)
        return touched

    def _song_links(self, rows: TrackRows, again: set[int]) -> list[Link]:
        titles = {self._title_of[row] for row in again if row in self._title_of}
        links = []
        for group in (sorted(self._with_title[title]) for title in titles):
            if len(group) > 1:
                named = [label_key(track.title) for row in group if (track := rows.tracks[row])]
                links += title_links(group, named, rows.vocals, rows.mix)
        return [link for link in links if again.issuperset(link)]


def no_versions() -> Versions:
    """Return the groups of no rows."""
    return Versions(np.zeros(0, np.int64), np.zeros(0, np.int64))


def _title(track: Track) -> Title:
    return label_key(track.singer), base_title(track.title)


def _linked(rows: TrackRows, links: Links, row: int) -> list[int]:
    track = rows.tracks[row]
    others = links.get(track.track_id, ()) if track is not None else ()
    return [rows.row_of[other] for other in others if other in rows.row_of]


def _links_of(rows: TrackRows, links: Links, row: int) -> list[Link]:
    return [(row, other) for other in _linked(rows, links, row)]


def _with_their_groups(groups: Groups, some: set[int], n: int) -> Rows:
    """Return rows and all that were in a group with one of them, in order."""
    wanted = np.fromiter(some, np.int64, len(some))
    if len(wanted) == n:
        return np.arange(n)
    known = wanted[wanted < len(groups)]
    together = np.flatnonzero(np.isin(groups, np.unique(groups[known])))
    return np.union1d(together, wanted)


def _regrouped(before: Groups, again: Rows, links: list[Link], n: int) -> Groups:
    groups = np.arange(n)
    groups[: len(before)] = before
    groups[again] = again
    if links:
        ends = np.searchsorted(again, np.array(links).T)
        graph = coo_array((np.ones(len(links)), tuple(ends)), shape=(len(again),) * 2)
        labels = connected_components(graph, directed=False)[1]
        _, first = np.unique(labels, return_index=True)
        groups[again] = again[first[labels]]
    return groups
