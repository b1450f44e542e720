"""Playlists as lists of files to scan."""

import os
import re
from pathlib import Path, PureWindowsPath
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from vocal_explorer.audio.charset import guess_charset

LARGEST = 20_000_000  # bytes; more is no playlist
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


def read_playlist(path: Path) -> list[Path]:
    """Return the files that an M3U or M3U8 playlist names, there or not; no web addresses.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(LARGEST)
    lines = [line.strip() for line in data.removeprefix(b"\xef\xbb\xbf").splitlines()]
    named = [line for line in lines if line and not line.startswith(b"#")]
    charset = guess_charset(b"\n".join(named))
    files = [_file(line, charset, path.parent) for line in named]
    return list(dict.fromkeys(file for file in files if file is not None))


def _file(line: bytes, charset: str, folder: Path) -> Path | None:
    text = line.decode(charset, "replace")
    if text.lower().startswith("file:"):
        return Path(url2pathname(unquote(urlsplit(text).path)))
    if _URL.match(text):
        return None
    exact = folder / os.fsdecode(line)
    if os.path.exists(exact):  # names are bytes, whatever they mean
        return Path(os.path.abspath(exact))
    if "\\" in text and os.name != "nt":
        text = PureWindowsPath(text).as_posix()
    return Path(os.path.abspath(folder / text.replace("\0", "")))
