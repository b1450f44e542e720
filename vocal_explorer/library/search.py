"""Find the one track that a path, a track id or a few words mean."""

import os
from collections.abc import Sequence
from pathlib import Path

from vocal_explorer.base.errors import TrackNotFoundError
from vocal_explorer.base.names import folded, label_key
from vocal_explorer.base.records.tracks import Track

MOST_LISTED = 10


def find_track(text: str, tracks: Sequence[Track], track_at: dict[Path, Track]) -> Track:
    """Return the track that `text` means.

    A track id wins over a path, a path over an exact title ("Title" or
    "Singer - Title"), and that over words that all occur in singer, title, album or
    file name. Case and Unicode form do not matter, nor do accents in words.

    Parameters
    ----------
    text
        What the user typed.
    tracks
        All tracks of the library.
    track_at
        The track of each known file; one track may have several.

    Raises
    ------
    TrackNotFoundError
        If none fits, or several do; then it lists them.
    """
    by_id = [track for track in tracks if track.track_id == text]
    fitting = by_id or _at_path(text, track_at) or _by_words(text, tracks)
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise TrackNotFoundError(f'"{text}" fits {len(fitting)} tracks: {_listed(fitting)}.')
    if Path(text).exists():
        raise TrackNotFoundError(f"{text} is not in the library: scan it first.")
    if not tracks:
        raise TrackNotFoundError("The library is empty: scan a folder with music first.")
    raise TrackNotFoundError(f'No track of the library fits "{text}".')


def _at_path(text: str, track_at: dict[Path, Track]) -> list[Track]:
    path = Path(os.path.abspath(text))
    if path in track_at:
        return [track_at[path]]
    wanted = label_key(str(path))
    same = [track for known, track in track_at.items() if label_key(str(known)) == wanted]
    return same if len(same) == 1 else []


def _by_words(text: str, tracks: Sequence[Track]) -> list[Track]:
    wanted = label_key(text)
    if not wanted:
        return []
    exact = [
        track
        for track in tracks
        if wanted in (label_key(track.title), label_key(f"{track.singer} - {track.title}"))
    ]
    if exact:
        return exact
    words = folded(text).split()
    return [track for track in tracks if all(word in _searched(track) for word in words)]


def _searched(track: Track) -> str:
    return folded(" ".join((track.singer, track.title, track.album, track.path.name)))


def _listed(tracks: Sequence[Track]) -> str:
    names = [f"{track.singer} - {track.title} ({track.path})" for track in tracks[:MOST_LISTED]]
    return "; ".join(names) + ("; ..." if len(tracks) > MOST_LISTED else "")
