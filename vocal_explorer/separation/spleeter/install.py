"""Brings Deezer's official Spleeter weights onto this machine: wholly, or not at all."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vocal_explorer.base.errors import VocalExplorerError, WeightsError
from vocal_explorer.base.files import require_room, write_failure
from vocal_explorer.base.locks import exclusive_lock
from vocal_explorer.base.paths import downloads_folder
from vocal_explorer.base.progress import Progress
from vocal_explorer.separation.spleeter.archive import copy, unpack
from vocal_explorer.separation.spleeter.download import Download
from vocal_explorer.separation.spleeter.official_weights import (
    DATA_NAME,
    INDEX_NAME,
    OFFICIAL,
    Checkpoint,
    find_problem,
    spleeter_folder,
)

_DOWNLOADED = 0.9  # the fraction of the work that is done when the archive has arrived
_COPIED = 0.8
_SUBFOLDERS = ("", "2stems", "pretrained_models/2stems", "spleeter")


def fetch(
    progress: Progress, *, checkpoint: Checkpoint = OFFICIAL, folder: Path | None = None
) -> Path:
    """Download the official weights, check them, and install them in `folder`.

    What is installed and whole is left alone, without a download. A download that was cut
    or cancelled is kept, and the next call goes on there.

    Parameters
    ----------
    progress
        Cancelling raises Cancelled.
    checkpoint
        What to install; another one than the official one is for tests.
    folder
        Where (default: `spleeter_folder`).

    Returns
    -------
    Path
        The folder that holds the weights.

    Raises
    ------
    DownloadError
        If there is no network, or the server has no such file or breaks off.
    WeightsError
        If what was downloaded is not the official archive; it is thrown away.
    VocalExplorerError
        If the disk is full or a folder cannot be written.
    """
    place = folder or spleeter_folder()
    download = _download(checkpoint)
    with _told(place), exclusive_lock(downloads_folder() / "spleeter.lock", progress):
        if find_problem(place, checkpoint=checkpoint) is not None:
            archive = download.run(progress.part(0.0, _DOWNLOADED))
            rest = progress.part(_DOWNLOADED, 1.0)
            try:
                _install(archive, place, checkpoint, rest)
            except WeightsError as error:
                download.discard()
                reason = str(error).removesuffix(".")
                raise WeightsError(f"{reason}; the download was thrown away.") from error
        download.discard()
    progress.report(1.0, "installed")
    return place


def add(
    path: Path,
    progress: Progress,
    *,
    checkpoint: Checkpoint = OFFICIAL,
    folder: Path | None = None,
) -> Path:
    """Install weights that the user has, which are copied, checked, and left where they are.

    Parameters
    ----------
    path
        The official .tar.gz, the folder of its files or one above it, or one of the files.
    progress
        Cancelling raises Cancelled.
    checkpoint
        What to install; another one than the official one is for tests.
    folder
        Where (default: `spleeter_folder`).

    Returns
    -------
    Path
        The folder that holds the weights.

    Raises
    ------
    WeightsError
        If there is nothing at `path`, or it is not the official weights.
    VocalExplorerError
        If the disk is full or the folder cannot be written.
    """
    place = folder or spleeter_folder()
    source = path.parent if path.name in (INDEX_NAME, DATA_NAME) else path
    with _told(place):
        _install(source, place, checkpoint, progress)
    progress.report(1.0, "installed")
    return place


def kept_bytes(checkpoint: Checkpoint = OFFICIAL) -> int:
    """Return how much of a download that was cut or cancelled is kept, in bytes."""
    return _download(checkpoint).kept_bytes


def _download(checkpoint: Checkpoint) -> Download:
    return Download(checkpoint.url, downloads_folder())


@contextmanager
def _told(place: Path) -> Iterator[None]:
    """Turn a failure of the disk into one sentence."""
    try:
        yield
    except OSError as error:
        raise VocalExplorerError(
            f"The weights cannot be installed in {error.filename or place}: {write_failure(error)}."
        ) from error


def _install(source: Path, place: Path, checkpoint: Checkpoint, progress: Progress) -> None:
    """Take both files from `source` to a folder beside `place`, check them, move them there."""
    with exclusive_lock(place.with_name(f".{place.name}.lock"), progress):
        staged = place.with_name(f".{place.name}.new")
        shutil.rmtree(staged, ignore_errors=True)  # of a process that was killed
        staged.mkdir()
        try:
            require_room(staged, checkpoint.n_bytes)
            take = _copy_from if source.is_dir() else unpack
            take(source, staged, checkpoint, progress.part(0.0, _COPIED))
            progress.report(_COPIED, "checking the weights")
            _refuse_wrong(staged, checkpoint, source)
            _move(staged, place)
        finally:
            shutil.rmtree(staged, ignore_errors=True)


def _copy_from(folder: Path, staged: Path, checkpoint: Checkpoint, progress: Progress) -> None:
    places = [folder / name for name in _SUBFOLDERS]
    found = next((place for place in places if (place / DATA_NAME).exists()), folder)
    _refuse_wrong(found, checkpoint, found)
    for name in (INDEX_NAME, DATA_NAME):
        with (found / name).open("rb") as content:
            copy(content, staged / name, checkpoint, progress)


def _refuse_wrong(folder: Path, checkpoint: Checkpoint, source: Path) -> None:
    problem = find_problem(folder, checkpoint=checkpoint)
    if problem:
        raise WeightsError(f"Nothing was installed from {source}: {problem}.")


def _move(staged: Path, place: Path) -> None:
    if not place.exists():
        staged.rename(place)
        return
    for name in (INDEX_NAME, DATA_NAME):  # the data last: nothing is installed without it
        (staged / name).replace(place / name)
