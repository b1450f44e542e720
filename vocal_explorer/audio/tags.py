"""What a file's tags, name and folder say about a recording."""

import dataclasses
import re
import struct
from collections.abc import Mapping
from pathlib import Path

import mutagen

from vocal_explorer.base.records.tracks import Tags

# The same thing under the names of easy tags, ID3 in WAV and AIFF, APE and WMA.
_TITLE = ("title", "TIT2", "Title")
_ARTIST = ("artist", "TPE1", "Artist", "Author", "albumartist", "TPE2", "WM/AlbumArtist")
_ALBUM = ("album", "TALB", "Album", "WM/AlbumTitle")
_DATE = ("date", "TDRC", "Year", "WM/Year", "year")
# What mutagen's parsers are known to raise at damaged tags.
ODD_TAGS = (
    mutagen.MutagenError,
    OSError,
    EOFError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    struct.error,
)
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_TRACK_NUMBER = re.compile(r"^(\d{1,3}(\s*[.)]\s*|\s+-\s+)|0\d[\s-]+)(?=\S)")


def read_tags(path: Path) -> Tags:
    """Read title, artist, album and year; None for what is missing or unreadable."""
    try:
        file = mutagen.File(path, easy=True)
        tags = None if file is None else file.tags
        if tags is None:
            return Tags()
        artists = _all(tags, _ARTIST)
        year = _YEAR.search(_first(tags, _DATE) or "")
        return Tags(
            title=_first(tags, _TITLE),
            artist=artists[0] if artists else None,
            album=_first(tags, _ALBUM),
            year=int(year[0]) if year else None,
            artists=artists if len(artists) > 1 else (),
        )
    except ODD_TAGS:
        return Tags()


def guess_label(path: Path, tags: Tags) -> Tags:
    """Fill in a missing title and artist.

    The artist is the tag, else the first half of a file name "Artist - Title", else the name
    of the folder. The title is the tag, else the file name without track number and artist.
    """
    name = _TRACK_NUMBER.sub("", _words(path.stem)) or path.stem
    before, _, after = (part.strip() for part in name.partition(" - "))
    if not (before and after):
        before, after = "", name
    artist = tags.artist or before or _words(path.absolute().parent.name) or "Unknown singer"
    title = tags.title or (after if before.casefold() in ("", artist.casefold()) else name)
    return dataclasses.replace(tags, title=title, artist=artist)


def _words(text: str) -> str:
    return " ".join(text.replace("_", " ").split())


def _first(tags: Mapping[str, object], keys: tuple[str, ...]) -> str | None:
    return next(iter(_all(tags, keys)), None)


def _all(tags: Mapping[str, object], keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return the values of the first key that has any, each once."""
    values = (_texts(tags[key]) for key in keys if key in tags)
    return next((texts for texts in values if texts), ())


def _texts(value: object) -> tuple[str, ...]:
    values = getattr(value, "text", value)  # an ID3 frame keeps its values there
    values = values if isinstance(values, list) else [values]
    texts = (" ".join(str(value).replace("\0", " ").split()) for value in values)
    return tuple(dict.fromkeys(text for text in texts if text))
