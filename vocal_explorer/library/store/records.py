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
    """The cheap evidence that a file is unchanged: size in bytes, mtime in nanoseconds."""

    size: int
    mtime_ns: int


UNSTAMPED = FileStamp(-1, -1)  # equals no file's stamp: the file is tried at every scan


@dataclass(frozen=True)
class FileRecord:
    """One row of the files table; `track_id` is empty when `error` says why there is none."""

    path: Path
    track_id: str
    stamp: FileStamp
    missing: bool
    error: str
