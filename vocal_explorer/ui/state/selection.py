"""What everything in the window is about: one selected track, and a set of chosen ones."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from vocal_explorer.base.records.tracks import Track
from vocal_explorer.ui.state.known_tracks import KnownTracks


class Selection(QObject):
    """Kept through everything that becomes of a track: a rename, a merge, its analysis.

    `changed` says that another track is selected, or none; `updated` that the selected one
    is not as it was; `set_changed` that the set is another one, or its tracks are.
    """

    changed = Signal()
    updated = Signal()
    set_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._track: Track | None = None
        self._chosen: tuple[Track, ...] = ()

    @property
    def track(self) -> Track | None:
        """The selected track; it stays selected while a filter hides it."""
        return self._track

    @property
    def chosen(self) -> tuple[Track, ...]:
        """The set, in the order of its choice; empty, or at least one track."""
        return self._chosen

    @property
    def chosen_ids(self) -> tuple[str, ...]:
        """The contents of the set, as far as they are known."""
        return tuple(track.track_id for track in self._chosen if track.track_id)

    @property
    def tracks(self) -> tuple[Track, ...]:
        """What a command is about: the set, or else the selected track."""
        return self._chosen or (() if self._track is None else (self._track,))

    def select(self, track: Track | None, *, keep_set: bool = False) -> None:
        """Select a track, or none; no set stays chosen unless it is wanted."""
        before, self._track = self._track, track
        if not keep_set:
            self.choose(())
        if (before is None) != (track is None) or (before and track and not before.is_same(track)):
            self.changed.emit()

    def choose(self, tracks: Iterable[Track]) -> None:
        """Choose a set; none if it is empty."""
        chosen = tuple({track.track_id or track.path: track for track in tracks}.values())
        if chosen != self._chosen:
            self._chosen = chosen
            self.set_changed.emit()

    def add(self, tracks: Iterable[Track]) -> None:
        """Let more tracks belong to the set."""
        self.choose((*self._chosen, *tracks))

    def follow(self, known: KnownTracks) -> None:
        """Take the tracks as they are now; those that are gone are selected no more."""
        self._follow_track(known)
        now = [known.now(track) for track in self._chosen]
        self.choose(track for track in now if track is not None)

    def _follow_track(self, known: KnownTracks) -> None:
        before = self._track
        if before is None:
            return
        self._track = known.now(before)
        if self._track is None:
            self.changed.emit()
        elif self._track != before:
            self.updated.emit()
