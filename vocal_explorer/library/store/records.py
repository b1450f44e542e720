"""What the tables of a library say of files and of embeddings."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class EmbeddingKey:
    """What embeddings must share to be comparable: the weights, and what made the stems."""

    model_id: str
    separator: str


@dataclass(frozen=True)
class FileStamp:
    """The cheap evidence that a file is unchanged: size in bytes, times in nanoseconds.

    `ctime_ns` tells of new tags where a tagger kept size and mtime; 0 is of an older version.
    """

    size: int
    mtime_ns: int
    ctime_ns: int = 0

    def same_sound(self, other: "FileStamp") -> bool:
        """Whether the file is likely the same but for its tags."""
        return (self.size, self.mtime_ns) == (other.size, other.mtime_ns)


UNSTAMPED = FileStamp(-1, -1)  # equals no file's stamp: the file is tried at every scan


@dataclass(frozen=True)
class FileRecord:
    """One row of the files table; `track_id` is empty when `error`, a clause, says why."""

    path: Path
    track_id: str
    stamp: FileStamp
    missing: bool
    error: str
