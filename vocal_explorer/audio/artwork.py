"""The picture of an album: in a song's tags, or beside it in the folder."""

import base64
from pathlib import Path
from typing import Any

import mutagen
from mutagen.flac import Picture

NAMES = ("cover", "folder", "front", "album")
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
LARGEST = 20_000_000  # bytes; a larger file beside a song is no cover


def embedded_cover(path: Path) -> bytes | None:
    """Return the encoded picture in a song's tags, None if there is none.

    Raises
    ------
    Exception
        Of almost any kind, where tags are so damaged that no parser gets through; see
        analysis.boundary.
    """
    try:
        file = mutagen.File(path)
    except mutagen.MutagenError:
        return None
    if file is None:
        return None
    if pictures := getattr(file, "pictures", None):
        return bytes(pictures[0].data)
    return _in_tags(file.tags or {})


def _in_tags(tags: Any) -> bytes | None:
    if hasattr(tags, "getall"):  # ID3
        frames = tags.getall("APIC")
        return bytes(frames[0].data) if frames else None
    if "covr" in tags:  # MP4
        return bytes(tags["covr"][0])
    if "metadata_block_picture" in tags:  # Ogg
        block = base64.b64decode(tags["metadata_block_picture"][0])
        return bytes(Picture(block).data)  # type: ignore[no-untyped-call]
    return None


def cover_beside(path: Path) -> bytes | None:
    """Return the encoded picture of an album in a song's folder, None if there is none."""
    try:
        files = {file.name.lower(): file for file in path.parent.iterdir()}
        for name in (f"{name}{suffix}" for name in NAMES for suffix in SUFFIXES):
            if name in files and files[name].stat().st_size <= LARGEST:
                return files[name].read_bytes()
    except OSError:
        return None
    return None
