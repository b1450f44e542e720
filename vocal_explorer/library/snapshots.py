"""The snapshot of now: the last one, with what the journal says has changed since.

Only what changed is read: of a saved track its row and its vectors, of a changed setting
nothing. Earlier snapshots stay as they are, for those who still answer a question with them.
"""

import threading
from bisect import bisect_left, insort
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from operator import attrgetter
from pathlib import Path
from sqlite3 import Connection

from vocal_explorer.base.names import label_key
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.library.rows import RowChanges, changed_rows
from vocal_explorer.library.scanning.unread import failed_track
from vocal_explorer.library.snapshot import Snapshot, read_snapshot
from vocal_explorer.library.store.database import Database
from vocal_explorer.library.store.embedding_table import read_embeddings
from vocal_explorer.library.store.file_table import read_failed
from vocal_explorer.library.store.journal import Changes, Journal, changes_since, read_moment
from vocal_explorer.library.store.recording_table import read_links_of
from vocal_explorer.library.store.records import EmbeddingKey
from vocal_explorer.library.store.singer_labels import read_spellings, spellings_on_the_way
from vocal_explorer.library.store.track_table import read_tracks

FEW = 500  # changes that are always read one by one
SHARE = 0.1  # of the tracks; where more changed, reading all of them again is faster

_path = attrgetter("path")


class Snapshots:
    """Keeps the last snapshot; every method is safe in any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._journal = Journal(database)
        self._lock = threading.Lock()
        self._last: Snapshot | None = None

    def current(self, key: EmbeddingKey) -> Snapshot:
        """Return what the library holds now, as far as it is comparable under a key."""
        last = self._last
        if last and last.key == key and last.revision == self._journal.now().revision:
            return last
        with self._lock, self._database.reading_at_once() as connection:
            self._last = _now(connection, key, self._last)
            return self._last


def _now(connection: Connection, key: EmbeddingKey, last: Snapshot | None) -> Snapshot:
    revision = read_moment(connection).revision
    if last is None or last.key != key or last.rows.worn:
        return read_snapshot(connection, revision, key)
    if last.revision == revision:
        return last
    changes = changes_since(connection, last.revision)
    if changes is None or len(changes) > max(FEW, SHARE * len(last.tracks)):
        return _keeping_objects(last, read_snapshot(connection, revision, key))
    return replace(_updated(connection, last, changes, revision), revision=revision)


def _updated(connection: Connection, last: Snapshot, changes: Changes, revision: int) -> Snapshot:
    spellings, suspects = last.spellings, set(changes.tracks | changes.embeddings)
    if changes.spellings:
        spellings = read_spellings(connection)
        suspects |= _sung_by(last, spellings_on_the_way(changes.spellings, last.spellings))
    found = read_tracks(connection, last.key, suspects) if suspects else {}
    described = {i: _same(last.get(i), track) for i, track in found.items()}
    row_changes = _row_changes(connection, last, changes, suspects, described)
    rows = changed_rows(last.rows, row_changes, revision)
    others = {i: track for i, track in last.others.items() if i not in suspects}
    others |= {i: track for i, track in described.items() if i not in rows.row_of}
    failed = _failed(connection, last.failed, changes.files)
    old = [last.get(track_id) for track_id in suspects]
    return replace(
        last,
        tracks=_sorted_in(
            last.tracks,
            [*filter(None, old), *map(last.failed.get, changes.files)],
            [*described.values(), *(failed[path] for path in changes.files if path in failed)],
        ),
        rows=rows,
        others=others,
        failed=failed,
        links=_links(connection, last.links, changes.recordings),
        spellings=spellings,
    )


def _row_changes(
    connection: Connection,
    last: Snapshot,
    changes: Changes,
    suspects: Collection[str],
    described: Mapping[str, Track],
) -> RowChanges:
    """Read the vectors that are new, and of tracks that are back."""
    rows = last.rows.row_of
    unread = [i for i in described if i in changes.embeddings or i not in rows]
    vocals, mix = (
        read_embeddings(connection, last.key, domain, unread) if unread else {}
        for domain in (Domain.VOCALS, Domain.MIX)
    )
    embedded = {i: (vocals[i], mix[i]) for i in unread if i in vocals and i in mix}
    gone = {i for i in suspects if i not in described}
    gone |= {i for i in unread if i not in embedded}
    return RowChanges(frozenset(gone), described, embedded, changes.recordings)


def _failed(
    connection: Connection, before: Mapping[Path, Track], changed: Collection[Path]
) -> Mapping[Path, Track]:
    if not changed:
        return before
    failed = {path: track for path, track in before.items() if path not in changed}
    for file in read_failed(connection, changed):
        failed[file.path] = _same(before.get(file.path), failed_track(file.path, file.error))
    return failed


def _links(
    connection: Connection, before: Mapping[str, frozenset[str]], changed: Iterable[str]
) -> Mapping[str, frozenset[str]]:
    links = {i: read_links_of(connection, i) for i in changed}
    return {i: others for i, others in {**before, **links}.items() if others} if links else before


def _sung_by(snapshot: Snapshot, singers: Collection[str]) -> set[str]:
    """Return the ids of the tracks by any of these singers, of which the keys are given."""
    return {
        track.track_id
        for track in snapshot.tracks
        if any(label_key(singer) in singers for singer in track.singers or (track.singer,))
    }


def _sorted_in(
    tracks: tuple[Track, ...], old: Iterable[Track | None], new: Iterable[Track]
) -> tuple[Track, ...]:
    """Return tracks in path order with `new` ones instead of `old` ones."""
    gone, come = ({id(track): track for track in some if track is not None} for some in (old, new))
    if gone.keys() == come.keys():
        return tracks
    ordered = list(tracks)
    for key in gone.keys() - come.keys():
        del ordered[bisect_left(ordered, gone[key].path, key=_path)]
    for key in come.keys() - gone.keys():
        insort(ordered, come[key], key=_path)
    return tuple(ordered)


def _keeping_objects(last: Snapshot, snapshot: Snapshot) -> Snapshot:
    """Let tracks that are equal to known ones be these, which is seen at once."""
    before = {
        id(track): last.get(track.track_id) if track.track_id else last.failed.get(track.path)
        for track in snapshot.tracks
    }
    same = {id(track): _same(before[id(track)], track) for track in snapshot.tracks}
    tracks = tuple(same[id(track)] for track in snapshot.tracks)
    rows = tuple(track and same[id(track)] for track in snapshot.rows.tracks)
    return replace(
        snapshot,
        tracks=tracks,
        rows=replace(snapshot.rows, tracks=rows),
        others={key: same[id(track)] for key, track in snapshot.others.items()},
        failed={path: same[id(track)] for path, track in snapshot.failed.items()},
    )


def _same(before: Track | None, track: Track) -> Track:
    return before if before == track else track
