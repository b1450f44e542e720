"""Deezer's official weights of the 2-stem Spleeter: what they are and where they lie."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from vocal_explorer.base.errors import WeightsError
from vocal_explorer.base.paths import installed_models_folder
from vocal_explorer.separation.spleeter.tf_checkpoint import read_index

INDEX_NAME = "model.index"
DATA_NAME = "model.data-00000-of-00001"
DATA_BYTES = 78_614_080
SHA256 = "7747f9fd2c782306dbec1504360fbb645a097a48446f23486c3ff9c89bc11788"  # of the data file
ARCHIVE_NAME = "2stems.tar.gz"
URL = f"https://github.com/deezer/spleeter/releases/download/v1.4.0/{ARCHIVE_NAME}"
LICENCE = "MIT (Deezer)"
INDEX_LIMIT = 1_000_000  # bytes; the official index has about 5,000
FETCH_COMMAND = "vocal-explorer models fetch spleeter"


@dataclass(frozen=True)
class Checkpoint:
    """What a data file must be (sha256, bytes), and the archive that holds it."""

    sha256: str
    n_bytes: int
    url: str = URL


OFFICIAL = Checkpoint(SHA256, DATA_BYTES)


def spleeter_folder() -> Path:
    """Folder of the installed official weights; it exists only when they are installed."""
    return installed_models_folder() / "spleeter"


def is_installed(folder: Path | None = None, *, checkpoint: Checkpoint = OFFICIAL) -> bool:
    """Whether both files are in `folder` (default: `spleeter_folder`) and the data has its size.

    This is cheap and reads neither file: `verify` does.
    """
    place = folder or spleeter_folder()
    try:
        size = (place / DATA_NAME).stat().st_size
    except OSError:
        return False
    return size == checkpoint.n_bytes and (place / INDEX_NAME).is_file()


def verify(folder: Path | None = None, *, checkpoint: Checkpoint = OFFICIAL) -> None:
    """Read both files in `folder` (default: `spleeter_folder`) and compare them with `checkpoint`.

    Raises
    ------
    WeightsError
        If one is missing, truncated, or not the official one.
    """
    place = folder or spleeter_folder()
    problem = find_problem(place, checkpoint=checkpoint)
    if problem:
        raise WeightsError(
            f"Spleeter's weights in {place} cannot be used: {problem}; "
            f"`{FETCH_COMMAND}` installs them."
        )


def find_problem(folder: Path, *, checkpoint: Checkpoint = OFFICIAL) -> str | None:
    """Return what is wrong with the files in `folder`, as a clause; None: nothing is."""
    for name, find in ((INDEX_NAME, _index_problem), (DATA_NAME, _data_problem)):
        try:
            problem = find(folder / name, checkpoint)
        except FileNotFoundError:
            problem = "is missing"
        except OSError as error:
            problem = f"cannot be read ({error.strerror or error})"
        if problem:
            return f"{name} {problem}"
    return None


def _index_problem(path: Path, checkpoint: Checkpoint) -> str | None:
    if path.stat().st_size > INDEX_LIMIT:
        return "is too large for an index"
    try:
        entries = read_index(path).values()
    except WeightsError:
        return "is damaged"
    n_bytes = max((entry.offset + entry.size for entry in entries), default=0)
    return None if n_bytes == checkpoint.n_bytes else "belongs to other weights"


def _data_problem(path: Path, checkpoint: Checkpoint) -> str | None:
    size = path.stat().st_size
    if size != checkpoint.n_bytes:
        return f"has {size:,} bytes instead of {checkpoint.n_bytes:,}"
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return (
        None if digest == checkpoint.sha256 else "is not Deezer's official file: its sha256 differs"
    )
