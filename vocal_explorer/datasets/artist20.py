"""The layout of artist20, artist/album/track.mp3, and its folds by album (paper, section 4.5).

artist20 has 20 artists with six albums each; any numbers are accepted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.datasets.folder import load_folder
from vocal_explorer.datasets.labelled import LabelledTrack


@dataclass(frozen=True)
class AlbumFold:
    """One division of a dataset: nobody's album is in both parts."""

    training: tuple[LabelledTrack, ...]
    test: tuple[LabelledTrack, ...]


def load_artist20(folder: Path) -> list[LabelledTrack]:
    """Return the tracks of artist/album/track.ext; the album is the track's group.

    Raises
    ------
    VocalExplorerError
        If there is no track, or one lies outside an album.
    """
    tracks = load_folder(folder)
    for track in tracks:
        if not track.group:
            raise VocalExplorerError(
                f"{folder / track.name} is in no album; artist/album/track is expected."
            )
    return tracks


def album_folds(tracks: Sequence[LabelledTrack]) -> list[AlbumFold]:
    """Return as many folds as each artist has albums: fold k tests on each artist's k-th album.

    Albums are taken in the order of their names. Where artists have different numbers of
    albums, the smallest number counts, and what is left over is always trained on.

    Raises
    ------
    VocalExplorerError
        If an artist has less than two albums.
    """
    albums: dict[str, list[str]] = {}
    for singer in sorted({track.singer for track in tracks}):
        albums[singer] = sorted({track.group for track in tracks if track.singer == singer})
        if len(albums[singer]) < 2:
            raise VocalExplorerError(f"{singer} has only one album, so no fold can test on it.")
    n_folds = min((len(names) for names in albums.values()), default=0)
    return [_fold(tracks, {singer: names[k] for singer, names in albums.items()})
            for k in range(n_folds)]  # fmt: skip


def _fold(tracks: Sequence[LabelledTrack], test_albums: dict[str, str]) -> AlbumFold:
    test = tuple(t for t in tracks if t.group == test_albums[t.singer])
    return AlbumFold(tuple(t for t in tracks if t.group != test_albums[t.singer]), test)
