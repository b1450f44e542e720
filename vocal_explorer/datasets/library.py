"""A finished library of the app as a dataset: the artist tags are the labels."""

import os
from contextlib import closing
from pathlib import Path

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.paths import DATABASE_FILE
from vocal_explorer.base.presence import NOT_THERE
from vocal_explorer.base.records.tracks import Failure
from vocal_explorer.datasets.labelled import LabelledTrack, OnMissing, ignore
from vocal_explorer.library.store.database import Database
from vocal_explorer.library.store.records import EmbeddingKey
from vocal_explorer.library.store.store import Store

ANY_KEY = EmbeddingKey("", "")  # labels and presences do not depend on the weights


def is_library(folder: Path) -> bool:
    """Whether the app keeps a library in `folder`."""
    return (folder / DATABASE_FILE).is_file()


def load_library(folder: Path, on_missing: OnMissing = ignore) -> list[LabelledTrack]:
    """Return the tracks of a library that have a singer and a voice.

    A track is named by its content, labelled as everywhere in the app (the user's label,
    else the artist tag, else what the file's name and folder say), and grouped by its
    album. Its mix is the first of its files that is there. Instrumental tracks are left
    out, as in the paper (section 3.2.1).

    Parameters
    ----------
    folder
        Of the library; it is only read.
    on_missing
        Hears of each track whose files are gone.

    Raises
    ------
    VocalExplorerError
        If there is no library, or it has no such track.
    """
    if not is_library(folder):
        raise VocalExplorerError(f"{folder} is no library of Vocal Explorer.")
    with closing(Store(Database(folder))) as store:
        return labelled_tracks(store, on_missing)


def labelled_tracks(store: Store, on_missing: OnMissing = ignore) -> list[LabelledTrack]:
    """Return the tracks of an open library as `load_library` does; raises as it does."""
    tracks = []
    for track in store.tracks.all(ANY_KEY):
        if track.instrumental or not track.singer:
            continue
        files = [path for path in store.files.of(track.track_id) if os.path.isfile(path)]
        if files:
            tracks.append(LabelledTrack(track.track_id, track.singer, files[0], group=track.album))
        else:
            on_missing(Failure(track.path, NOT_THERE))
    if not tracks:
        folder = store.database.folder
        raise VocalExplorerError(f"The library in {folder} has no song whose file is there.")
    return tracks
