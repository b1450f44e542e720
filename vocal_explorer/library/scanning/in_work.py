"""The tracks that a scan has handed out, and how far they are."""

from dataclasses import dataclass
from pathlib import Path

from vocal_explorer.base.records.tracks import Track
from vocal_explorer.library.store.records import FileStamp


@dataclass
class Entry:
    """A track in work.

    Attributes
    ----------
    waiting
        As it was in the queue.
    length
        What it counts, in s.
    stamp
        What the disk said of the file when it was handed out.
    track
        With its id and tags, once they are known.
    fraction
        How much of it is analysed, 0 to 1.
    """

    waiting: Track
    length: float
    stamp: FileStamp
    track: Track | None = None
    fraction: float = 0.0


class InWork:
    """What is in work, and how much music is done.

    `n_begun` counts the tracks handed out so far, `done` the seconds of those that are done.
    """

    def __init__(self) -> None:
        self.entries: dict[Path, Entry] = {}
        self.n_begun = 0
        self.done = 0.0

    def begin(self, track: Track, length: float, stamp: FileStamp) -> None:
        """Add a track that is handed out now."""
        self.n_begun += 1
        self.entries[track.path] = Entry(track, length, stamp)

    def finish(self, path: Path) -> Entry:
        """Take a track out that is done, well or not."""
        entry = self.entries.pop(path)
        self.done += entry.length
        return entry

    @property
    def seconds(self) -> float:
        """Seconds of music in work, analysed or not."""
        return sum(entry.length for entry in self.entries.values())

    @property
    def analysed(self) -> float:
        """Seconds of them that are analysed."""
        return sum(entry.length * entry.fraction for entry in self.entries.values())
