"""The texts in a file's tags by what they mean, whatever the container and the encoding."""

import logging
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

import mutagen
from mutagen.id3 import Encoding

from vocal_explorer.audio.charset import WESTERN, guess_charset
from vocal_explorer.audio.pyav_decoder import container_tags
from vocal_explorer.base.names import one_line

_log = logging.getLogger(__name__)
_LOST = "\N{REPLACEMENT CHARACTER}"


class Field(StrEnum):
    """What a tag says."""

    TITLE = "title"
    ARTIST = "artist"
    ARTISTS = "artists"
    ALBUM_ARTIST = "album artist"
    ALBUM = "album"
    DATE = "date"


# The names of a field in Vorbis comments and FFmpeg, ID3, MP4, APE and WMA, the best first.
_KEYS = {
    Field.TITLE: ("title", "TIT2", "\xa9nam"),
    Field.ARTIST: ("artist", "TPE1", "\xa9ART", "author"),
    Field.ARTISTS: ("artists", "TXXX:ARTISTS", "----:com.apple.iTunes:ARTISTS", "WM/ARTISTS"),
    Field.ALBUM_ARTIST: ("albumartist", "album_artist", "album artist", "TPE2", "aART",
                         "WM/AlbumArtist"),
    Field.ALBUM: ("album", "TALB", "\xa9alb", "WM/AlbumTitle"),
    Field.DATE: ("date", "TDRC", "\xa9day", "year", "WM/Year", "TDRL", "originaldate", "TDOR",
                 "originalyear"),
}  # fmt: skip

Values = dict[Field, tuple[str, ...]]


def tag_values(path: Path) -> Values:
    """Return the values of each field that has any, each once, without control characters.

    Tags in an encoding of the time before Unicode are read as what they most likely are.

    Raises
    ------
    Exception
        Of almost any kind, where tags are so damaged that no parser gets through.
    """
    try:
        tags = getattr(mutagen.File(path), "tags", None)
    except mutagen.MutagenError:
        tags = None
    values = _by_field(_decoded(path, tags) if tags else {})
    if not values or any(_LOST in text for texts in values.values() for text in texts):
        values = _by_field(_container_texts(path)) or values
    return values


def _by_field(texts: Mapping[str, Iterable[str]]) -> Values:
    by_key = {key.casefold(): tuple(values) for key, values in texts.items()}
    values: Values = {}
    for field, keys in _KEYS.items():
        for key in keys:
            lines = (one_line(text) for text in by_key.get(key.casefold(), ()))
            if found := tuple(dict.fromkeys(filter(None, lines))):
                values[field] = found
                break
    return values


def _decoded(path: Path, tags: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the texts of mutagen's tags; what ID3 calls Latin-1 is often something else."""
    entries = [(key, tags[key]) for key in tags.keys() if isinstance(key, str)]  # noqa: SIM118
    old = {key for key, value in entries if getattr(value, "encoding", None) == Encoding.LATIN1}
    texts = {key: _texts(value) for key, value in entries}
    data = "\n".join(text for key in old for text in texts[key]).encode("latin-1", "ignore")
    charset = _charset(path, data)
    for key in old if charset else ():
        raw = (text.encode("latin-1", "replace") for text in texts[key])
        texts[key] = [text.decode(charset or WESTERN, "replace") for text in raw]
    return texts


def _container_texts(path: Path) -> dict[str, list[str]]:
    found = container_tags(path)
    charset = _charset(path, b"\n".join(found.values())) or "utf-8"
    return {key: [value.decode(charset, "replace")] for key, value in found.items()}


def _charset(path: Path, data: bytes) -> str | None:
    """Return in which encoding tags are, and log it if it is an odd one; None if all are."""
    if data.isascii():
        return None
    charset = guess_charset(data)
    if charset not in (WESTERN, "utf-8"):
        _log.info("the tags of %s are read as %s", path, charset)
    return charset


def _texts(value: Any) -> list[str]:
    """Return the texts of one tag, however its container keeps several."""
    values = getattr(value, "text", value)  # an ID3 frame keeps its values there
    if isinstance(values, bytes):  # MP4's free form, and pictures
        values = [values.decode("utf-8", "replace")]
    elif isinstance(values, str) or not isinstance(values, Iterable):
        values = [values]
    return [_text(value) for value in values]


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
