"""Names for files that every system takes."""

import os
import re

LONGEST_NAME = 255  # bytes, on nearly all file systems
LONGEST_TITLE = 180  # bytes; the rest is for what comes behind: "(instrumental).flac"
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)  # of Windows


def file_name(text: str, otherwise: str) -> str:
    """Return a text as the name of a file, without a suffix, that every system allows."""
    name = cut(_NOT_IN_NAMES.sub("_", text), LONGEST_TITLE).strip(". ")
    return f"_{name}" if _DEVICES.match(name) else name or otherwise


def cut(text: str, n_bytes: int) -> str:
    """Return the beginning of a name that takes at most `n_bytes` bytes: names are counted so."""
    data = os.fsencode(text)
    if len(data) <= n_bytes:
        return text
    return data[:n_bytes].decode("utf-8", "ignore")
