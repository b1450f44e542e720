"""A folder of recordings described by a manifest.csv: path, singer, domain, source, licence."""

import csv
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from vocal_explorer.errors import VocalExplorerError

VALIDATION_FRACTION = 7  # one singer in seven


@dataclass(frozen=True)
class Recording:
    """One row of a manifest.

    `domain` is vocals, accompaniment, mix or speech; `seconds` is the length.
    """

    path: Path
    singer: str
    domain: str
    source: str
    licence: str
    seconds: float

    @property
    def song(self) -> str:
        """What vocals and accompaniment of the same recording have in common."""
        if self.path.stem in {"vocals", "accompaniment", "mix"}:
            return str(self.path.parent)
        return str(self.path.with_suffix(""))


def load_manifest(folder: Path) -> list[Recording]:
    """Read `folder/manifest.csv`; paths become absolute.

    Raises
    ------
    VocalExplorerError
        If there is no manifest, or it lacks a column.
    """
    file = folder / "manifest.csv"
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            return [_recording(folder, row) for row in csv.DictReader(lines)]
    except FileNotFoundError:
        raise VocalExplorerError(f"{folder} has no manifest.csv.") from None
    except KeyError as missing:
        raise VocalExplorerError(f"{file} has no column {missing}.") from None


def _recording(folder: Path, row: dict[str, str]) -> Recording:
    return Recording(
        path=folder / row["path"],
        singer=row["singer"],
        domain=row["domain"],
        source=row["source"],
        licence=row["licence"],
        seconds=float(row["seconds"]),
    )


def is_validation(singer: str) -> bool:
    """Whether a singer is kept for validation: fixed by the name, so never by clip."""
    return zlib.crc32(singer.encode()) % VALIDATION_FRACTION == 0


def split_by_singer(
    recordings: Iterable[Recording],
) -> tuple[list[Recording], list[Recording]]:
    """Return the recordings of training singers and of validation singers."""
    training: list[Recording] = []
    validation: list[Recording] = []
    for recording in recordings:
        (validation if is_validation(recording.singer) else training).append(recording)
    return training, validation
