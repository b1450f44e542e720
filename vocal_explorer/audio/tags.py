"""What a file's tags, name and folder say about a recording."""

import dataclasses
import re
from pathlib import Path

from vocal_explorer.audio.tag_values import Field, Values, tag_values
from vocal_explorer.base.names import one_line
from vocal_explorer.base.records.tracks import Tags

# A year alone, or with month and day: 2021, 2021-05-12, 12.5.2021, 20210512, 202105.
_YEAR = re.compile(
    r"(?<!\d)((?:1[89]|20)\d\d)(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?(?:\d{6})?)?(?!\d)"
)
_TRACK_NUMBER = re.compile(r"^(\d{1,3}(\s*[.)]\s*|\s+-\s+)|0\d[\s-]+)(?=\S)")
_GUEST = r"(?:feat(?:\.|uring)?|ft\.?)\s+"
_WITH_GUESTS = re.compile(rf"\s+[(\[]?{_GUEST}|\s*[(\[]{_GUEST}", re.IGNORECASE)
_GUESTS_IN_TITLE = re.compile(rf"[(\[]{_GUEST}([^)\]]+)[)\]]", re.IGNORECASE)
_BETWEEN_GUESTS = re.compile(r"\s*,\s+|\s*;\s*|\s+(?:&|\+|and|et|und|y|e)\s+", re.IGNORECASE)


def read_tags(path: Path) -> Tags:
    """Read title, artist, album and year; None for what is missing.

    Raises
    ------
    Exception
        Of almost any kind, where tags are so damaged that no parser gets through; see
        analysis.boundary.
    """
    values = tag_values(path)
    artists = _artists(values)
    year = _YEAR.search(" ".join(values.get(Field.DATE, ())))
    return Tags(
        title=_first(values, Field.TITLE),
        artist=artists[0] if artists else None,
        album=_first(values, Field.ALBUM),
        year=int(year[1]) if year else None,
        artists=artists if len(artists) > 1 else (),
    )


def guess_label(path: Path, tags: Tags) -> Tags:
    """Fill in a missing title and artist.

    The artist is the tag, else the first half of a file name "Artist - Title", else the name
    of the folder. The title is the tag, else the file name without track number and artist.
    """
    stem = _words(path.stem) or path.stem
    name = _TRACK_NUMBER.sub("", stem) or stem
    before, _, after = (part.strip() for part in name.partition(" - "))
    if not (before and after):
        before, after = "", name
    artist = tags.artist or before or _words(path.absolute().parent.name) or "Unknown singer"
    title = tags.title or (after if before.casefold() in ("", artist.casefold()) else name)
    return dataclasses.replace(tags, title=title, artist=artist)


def _words(text: str) -> str:
    return one_line(text.replace("_", " "))


def _first(values: Values, field: Field) -> str | None:
    return next(iter(values.get(field, ())), None)


def _artists(values: Values) -> tuple[str, ...]:
    """Return all who sing: one by one where the tags say so, guests among them, each once."""
    several = values.get(Field.ARTISTS, ())
    named = values.get(Field.ARTIST) or values.get(Field.ALBUM_ARTIST, ())
    found = list(several) or [name for text in named for name in _with_guests(text)]
    for guests in _GUESTS_IN_TITLE.findall(_first(values, Field.TITLE) or "") if found else ():
        found += _BETWEEN_GUESTS.split(guests)
    unique = {name.casefold(): name for name in reversed(found) if name}
    return tuple(unique.values())[::-1]


def _with_guests(text: str) -> list[str]:
    """Return "A & B" and "C" and "D" of "A & B (feat. C & D)"."""
    first, *guests = _WITH_GUESTS.split(text)
    rest = [name for part in guests for name in _BETWEEN_GUESTS.split(part.strip(" )]"))]
    return [name.strip() for name in (first, *rest) if name.strip()] or [text]
