"""Playlists that every player reads: M3U8, in UTF-8, with relative paths where possible."""

import os
from collections.abc import Sequence
from pathlib import Path

from vocal_explorer.base.records.tracks import Track


def playlist(tracks: Sequence[Track], folder: Path) -> str:
    """Return the text of an M3U8 file.

    Parameters
    ----------
    tracks
        In the order in which they are to be played.
    folder
        Where the file will lie: paths are relative to it, so both can move together; a
        file on another drive has its whole path.
    """
    lines = ["#EXTM3U"]
    for track in tracks:
        name = " - ".join(filter(None, (track.singer, track.title)))
        lines.append(f"#EXTINF:{round(track.seconds)},{_one_line(name)}")
        lines.append(_location(track.path, folder))
    return "\n".join(lines) + "\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _location(path: Path, folder: Path) -> str:
    """Return how a playlist in `folder` names a file; a URI if its name has a line break."""
    whole = path.absolute()
    if len(str(whole).splitlines()) > 1:
        return whole.as_uri()
    try:
        relative = Path(os.path.relpath(whole, folder.absolute())).as_posix()
    except ValueError:  # another drive
        return str(whole)
    return f"./{relative}" if relative.startswith("#") else relative
