"""The picture of an album: in a song's tags, or beside it in the folder."""

import base64
from pathlib import Path
from typing import Any

import mutagen
from mutagen.flac import Picture

from vocal_explorer.audio.tags import ODD_TAGS

NAMES = ("cover", "folder", "front", "album")
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
LARGEST = 20_000_000  # bytes; a larger file beside a song is no cover


def read_cover(path: Path) -> bytes | None:
    """Return the encoded picture that belongs to a song, None if there is none."""
    return _embedded(path) or _beside(path)


def _embedded(path: Path) -> bytes | None:
    try:
        file = mutagen.File(path)
        if file is None:
            return None
        if pictures := getattr(file, "pictures", None):
            return bytes(pictures[0].data)
        return _in_tags(file.tags or {})
    except ODD_TAGS:
        return None


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


def _beside(path: Path) -> bytes | None:
    try:
        files = {file.name.lower(): file for file in path.parent.iterdir()}
        for name in (f"{name}{suffix}" for name in NAMES for suffix in SUFFIXES):
            if name in files and files[name].stat().st_size <= LARGEST:
                return files[name].read_bytes()
    except OSError:
        return None
    return None
