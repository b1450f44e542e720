"""What is heard, and what is to be heard after it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from vocal_explorer.base.records.signals import Stem
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.ui.base.texts import STEM_WORDS


@dataclass(frozen=True)
class NowPlaying:
    """What is in the player.

    The mix or a stem of a track; with `accompaniment` its vocals over that track (a mashup); with
    `compared` a passage of it and then one of that track.
    """

    track: Track
    stem: Stem | None
    accompaniment: Track | None = None
    compared: Track | None = None

    @property
    def names(self) -> tuple[str, str]:
        """What is heard, and who sings it, in words."""
        title, singer = self.track.title, self.track.singer
        if self.accompaniment is not None:
            other = self.accompaniment
            return f"{title} over {other.title}", f"{singer}, instrumental: {other.singer}"
        if self.compared is not None:
            return f"{title}, then {self.compared.title}", f"{singer}, then {self.compared.singer}"
        return title, f"{singer}, {STEM_WORDS[self.stem or Stem.MIX]}"

    @property
    def recording(self) -> str:
        """A name of the track if it is one from beginning to end, else nothing."""
        name = self.track.track_id or str(self.track.path)
        return name if self.stem and self.compared is None else ""


class Listening(QObject):
    """What the player plays; whoever plays says so here, and everything else looks here.

    `changed` says that something else is heard; `queue_changed` that there is another queue,
    or another place in it.
    """

    changed = Signal(object)
    queue_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heard: NowPlaying | None = None
        self._queue: tuple[Track, ...] = ()
        self._place = 0

    @property
    def heard(self) -> NowPlaying | None:
        """What was played last."""
        return self._heard

    @property
    def queued(self) -> Track | None:
        """The track of the queue whose turn it is; None without a queue."""
        return self._queue[self._place] if self._queue else None

    @property
    def waiting(self) -> tuple[Track, ...]:
        """What comes after it."""
        return self._queue[self._place + 1 :]

    @property
    def played(self) -> tuple[Track, ...]:
        """What came before it."""
        return self._queue[: self._place]

    def hear(self, heard: NowPlaying) -> None:
        """Take note of what is in the player now."""
        self._heard = heard
        self.changed.emit(heard)

    def queue(self, tracks: Sequence[Track]) -> None:
        """Let these be heard one after the other; none ends the queue."""
        self._queue, self._place = tuple(tracks), 0
        self.queue_changed.emit()

    def step(self, by: int) -> None:
        """Go on in the queue, or back; beyond its end there is none any more."""
        place = max(self._place + by, 0)
        if place >= len(self._queue):
            self.queue(())
        else:
            self._place = place
            self.queue_changed.emit()
