"""A folder of recordings described by a manifest.csv: path, singer, domain, source, licence.

A file validation.csv beside it, with a column `singer`, names those who are kept for
validation; without it the checksum of the name decides.
"""

import csv
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.datasets.labelled import LabelledTrack

MANIFEST = "manifest.csv"
VALIDATION = "validation.csv"
VALIDATION_FRACTION = 7  # one singer in seven
LONG_SONG = 200.0  # seconds; of longer songs with both stems, one in four is kept back
LONG_MUSIC = 120.0  # seconds; longer accompaniments without vocals are kept back

SAME_MUSIC = (
    frozenset({"mir1k/annar/2", "mir1k/heycat/1"}),
    frozenset({"mir1k/annar/4", "mir1k/fdps/4"}),
    frozenset({"mir1k/fdps/2", "mir1k/Ani/2"}),
    frozenset({"mir1k/fdps/3", "mir1k/davidson/3", "mir1k/leon/2"}),
    frozenset({"mir1k/fdps/5", "mir1k/davidson/2"}),
    frozenset({"mir1k/leon/1", "mir1k/tammy/1"}),
    frozenset({"mir1k/leon/5", "mir1k/amy/6"}),
    frozenset({"mir1k/stool/3", "mir1k/ariel/1"}),
)
"""Songs that several MIR-1K singers sang to one karaoke recording.

Found by cross-correlation: the peak of the whitened accompaniments is over 100 standard
deviations for these, and under 31 for all other pairs, in any key.
"""


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
    file = folder / MANIFEST
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            return [_recording(folder, row) for row in csv.DictReader(lines)]
    except FileNotFoundError:
        raise VocalExplorerError(f"{folder} has no {MANIFEST}.") from None
    except KeyError as missing:
        raise VocalExplorerError(f"{file} has no column {missing}.") from None


def kept_singers(folder: Path) -> frozenset[str] | None:
    """Return who `folder/validation.csv` keeps for validation, None where there is no such file.

    Raises
    ------
    VocalExplorerError
        If the file has no column `singer`.
    """
    file = folder / VALIDATION
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            return frozenset(row["singer"] for row in csv.DictReader(lines))
    except FileNotFoundError:
        return None
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


def labelled_tracks(
    recordings: Iterable[Recording],
    folder: Path,
    seed: int = 0,
    music: Iterable[Recording] | None = None,
) -> list[LabelledTrack]:
    """Return a track for each song that is sung: its mix, its vocals, its accompaniment.

    Vocals that have neither a mix nor an accompaniment of their own get one of `music`,
    drawn anew from the seed in each source. A track's group is its source.

    Parameters
    ----------
    recordings
        In any order; speech is left out.
    folder
        Of the manifest; tracks are named by where they lie below it.
    seed
        Of the drawn accompaniments.
    music
        Accompaniments to draw from (default: those of `recordings`).
    """
    recordings = list(recordings)
    songs: dict[str, dict[str, Recording]] = defaultdict(dict)
    for recording in recordings:
        songs[recording.song][recording.domain] = recording
    drawn_from = [r for r in (recordings if music is None else music)
                  if r.domain == "accompaniment"]  # fmt: skip
    draws: dict[str, np.random.Generator] = defaultdict(partial(np.random.default_rng, seed))
    tracks = []
    for song, parts in songs.items():
        sung = parts.get("vocals") or parts.get("mix")
        if sung is None:
            continue
        own = parts.get("accompaniment")
        if own is None and "mix" not in parts and drawn_from:
            own = drawn_from[int(draws[sung.source].integers(len(drawn_from)))]
        mix, vocals, accompaniment = (
            part.path if part else None for part in (parts.get("mix"), parts.get("vocals"), own)
        )
        name = Path(song).relative_to(folder).as_posix()
        tracks.append(
            LabelledTrack(name, sung.singer, mix, vocals, accompaniment, group=sung.source)
        )
    return tracks


def is_validation(singer: str) -> bool:
    """Whether a singer is kept for validation: fixed by the name, so never by clip."""
    return zlib.crc32(singer.encode()) % VALIDATION_FRACTION == 0


def split_by_singer(
    recordings: Iterable[Recording], kept: Collection[str] | None = None
) -> tuple[list[Recording], list[Recording]]:
    """Return the recordings of training singers and of validation singers.

    Parameters
    ----------
    recordings
        In any order.
    kept
        The validation singers (default: as `is_validation` says).
    """
    training: list[Recording] = []
    validation: list[Recording] = []
    for recording in recordings:
        judges = is_validation(recording.singer) if kept is None else recording.singer in kept
        (validation if judges else training).append(recording)
    return training, validation


def split_for_training(
    recordings: Iterable[Recording], kept: Collection[str] | None = None
) -> tuple[list[Recording], list[Recording]]:
    """Return the recordings a network may learn from, and those that judge it.

    Singers and composers in `kept`, if it is given, are for validation, all others for
    training. Without it, kept for validation are whole singers and whole songs: everything
    of the validation singers; of the other singers' songs over 200 s with both stems one in
    four, chosen by its folder's name; and accompaniments over 120 s without vocals. Songs
    over the same music as one of these are in neither part, so that no accompaniment is
    known either.
    """
    if kept is not None:
        return split_by_singer(recordings, kept)
    recordings = list(recordings)
    stems: dict[str, set[str]] = {}
    for recording in recordings:
        stems.setdefault(recording.song, set()).add(recording.domain)
    validation = [r for r in recordings if _judges(r, stems[r.song])]
    judging = {r.song for r in validation}
    known = set(map(_short_name, judging))
    banned = set().union(*(group for group in SAME_MUSIC if group & known))
    training = [
        r for r in recordings if r.song not in judging and _short_name(r.song) not in banned
    ]
    return training, validation


def _judges(recording: Recording, stems: set[str]) -> bool:
    if is_validation(recording.singer):
        return True
    if stems >= {"vocals", "accompaniment"} and recording.seconds > LONG_SONG:
        return zlib.crc32(Path(recording.song).name.encode()) % 4 == 2
    return stems == {"accompaniment"} and recording.seconds > LONG_MUSIC


def _short_name(song: str) -> str:
    """Return collection, singer and song: the last three parts of the path."""
    return "/".join(Path(song).parts[-3:])
