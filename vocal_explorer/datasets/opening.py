"""Open a labelled dataset of any kind from the path that a user named."""

from enum import StrEnum
from pathlib import Path

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.datasets.artist20 import load_artist20
from vocal_explorer.datasets.folder import load_folder
from vocal_explorer.datasets.kpop_tags import is_annotation
from vocal_explorer.datasets.labelled import LabelledTrack, OnMissing, ignore
from vocal_explorer.datasets.library import is_library, load_library
from vocal_explorer.datasets.manifest import MANIFEST, labelled_tracks, load_manifest
from vocal_explorer.datasets.msd_singer import find_lists, load_msd_singer


class Kind(StrEnum):
    """What datasets of tracks there are; AUTO looks at the files."""

    AUTO = "auto"
    FOLDER = "folder"
    MANIFEST = "manifest"
    LIBRARY = "library"
    MSD_SINGER = "msd-singer"
    ARTIST20 = "artist20"


def open_dataset(
    path: Path,
    kind: str = Kind.AUTO,
    *,
    audio: Path | None = None,
    seed: int = 0,
    on_missing: OnMissing = ignore,
) -> list[LabelledTrack]:
    """Return the tracks of a dataset.

    Parameters
    ----------
    path
        Its folder; for MSD-singer also one of its lists.
    kind
        A Kind.
    audio
        Where the audio of a list lies (default: in the same folder).
    seed
        Of what is assigned by chance: accompaniments for the lone vocals of a manifest.
    on_missing
        Hears of each track that is listed but not there.

    Raises
    ------
    VocalExplorerError
        If the dataset has no tracks, or its files cannot be read.
    """
    match detect(path) if kind == Kind.AUTO else Kind(kind):
        case Kind.MANIFEST:
            return labelled_tracks(load_manifest(path), path, seed)
        case Kind.LIBRARY:
            return load_library(path, on_missing)
        case Kind.MSD_SINGER:
            folder = path if path.is_dir() else path.parent
            lists = find_lists(path) if path.is_dir() else [path]
            return load_msd_singer(lists, audio or folder, on_missing=on_missing)
        case Kind.ARTIST20:
            return load_artist20(path)
        case _:
            return load_folder(path)


def detect(path: Path) -> Kind:
    """Tell the kind of a dataset from its files.

    Raises
    ------
    VocalExplorerError
        If it consists of tagged segments, which are not tracks.
    """
    if path.is_file():
        return Kind.MSD_SINGER
    if (path / MANIFEST).is_file():
        return Kind.MANIFEST
    if is_library(path):
        return Kind.LIBRARY
    if is_annotation(path):
        raise VocalExplorerError(
            f"{path} has tagged segments, which only vocal-tagging is evaluated on."
        )
    return Kind.MSD_SINGER if find_lists(path) else Kind.FOLDER
