"""Lists of singers and track ids as the MSD-singer data set has them; the audio is the user's.

https://github.com/kyungyunlee/MSD-singer has CSV files with the columns artist_index,
artist_id, artist_name, track_id and vocal_segments, one file a split: train, valid and
test for known singers, unseen_model and unseen_eval for new ones.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.records.tracks import Failure
from vocal_explorer.datasets.labelled import LabelledTrack, OnMissing, ignore
from vocal_explorer.library.scanning.finder import find_files

LIST_SUFFIXES = frozenset({".csv", ".tsv", ".txt"})
TRACK_COLUMNS = ("track_id", "track", "id")
SINGER_COLUMNS = ("singer_id", "singer", "artist_id", "artist", "artist_name", "label")
SPLITS = ("unseen_model", "unseen_eval", "train", "valid", "test")  # as files are named
_SEPARATORS = ("<SEP>", "\t", ",", ";")  # the first is the Million Song Dataset's own
_HEADING = re.compile("|".join(TRACK_COLUMNS), re.IGNORECASE)


def find_lists(folder: Path) -> list[Path]:
    """Return the files in `folder` that look like lists: text whose first line has a track id."""
    texts = sorted(p for p in folder.iterdir() if p.suffix.lower() in LIST_SUFFIXES)
    return [path for path in texts if _looks_like_a_list(path)]


def load_msd_singer(
    lists: Sequence[Path],
    audio: Path,
    splits: Sequence[str] = (),
    on_missing: OnMissing = ignore,
) -> list[LabelledTrack]:
    """Return the listed tracks of which there is audio, in the order of the lists.

    Parameters
    ----------
    lists
        Files with a heading (track_id, artist_id or singer, perhaps split) or without one
        (track id, then singer); separated by commas, semicolons, tabs or <SEP>. A track's
        split, its group, is in the column of that name, else in the file's name.
    audio
        Folder in which the files are called after track ids, at any depth (the Million
        Song Dataset nests them: A/B/C/TRABC....mp3), with any suffix of an audio file.
    splits
        Only these; all when empty.
    on_missing
        Hears of each track without audio.

    Raises
    ------
    VocalExplorerError
        If a list cannot be read, or there is audio of no track.
    """
    files = {path.stem: path for path in sorted(find_files([audio]).files, reverse=True)}
    tracks: dict[str, LabelledTrack] = {}
    n_listed = 0
    for track_id, singer, split in (row for path in lists for row in _rows(path)):
        if splits and split not in splits:
            continue
        n_listed += 1
        if track_id in files:
            track = LabelledTrack(track_id, singer, files[track_id], group=split)
            tracks.setdefault(track_id, track)
        else:
            on_missing(Failure(Path(track_id), f"there is no audio of it in {audio}"))
    if not tracks:
        raise VocalExplorerError(f"{audio} has audio of none of the {n_listed} listed tracks.")
    return list(tracks.values())


def _looks_like_a_list(path: Path) -> bool:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        cells = _cells(file.readline().rstrip("\n"))
    return len(cells) > 1 and (_is_heading(cells) or _is_track_id(cells[0]))


def _rows(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield track id, singer and split of each line of a list."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise VocalExplorerError(f"{path} cannot be read: {error}.") from error
    lines = text.splitlines()
    separator = _separator(lines[0]) if lines else ","
    rows = (
        [line.split(separator) for line in lines]
        if len(separator) > 1
        else list(csv.reader(text.splitlines(keepends=True), delimiter=separator))
    )
    columns = {"track": 0, "singer": 1}
    if rows and _is_heading(rows[0]):
        columns = _columns(path, rows.pop(0))
    of_file = next((split for split in SPLITS if split in path.stem.casefold()), "")
    for row in rows:
        if len(row) > max(columns.values()):
            split = row[columns["split"]].strip() if "split" in columns else of_file
            yield row[columns["track"]].strip(), row[columns["singer"]].strip(), split


def _columns(path: Path, heading: Sequence[str]) -> dict[str, int]:
    names = [name.strip().casefold() for name in heading]
    track = next(names.index(name) for name in TRACK_COLUMNS if name in names)
    singer = next((names.index(name) for name in SINGER_COLUMNS if name in names), None)
    if singer is None:
        known = ", ".join(SINGER_COLUMNS)
        raise VocalExplorerError(f"{path} has no column of singers ({known}).")
    columns = {"track": track, "singer": singer}
    return columns | ({"split": names.index("split")} if "split" in names else {})


def _separator(line: str) -> str:
    return next((separator for separator in _SEPARATORS if separator in line), ",")


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split(_separator(line))]


def _is_heading(cells: Sequence[str]) -> bool:
    return any(_HEADING.fullmatch(cell.strip()) for cell in cells)


def _is_track_id(text: str) -> bool:
    return re.fullmatch(r"TR[A-Z]{5}[0-9A-F]{11}", text) is not None
