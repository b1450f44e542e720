"""Which files are taken for music, by their names: the one list for scans and file choosers."""

import mimetypes
from pathlib import PurePath

_USUAL = {".wav", ".flac", ".mp3", ".ogg", ".oga", ".opus", ".m4a", ".m4b", ".m4r", ".mp4", ".aac"}
_FEWER = {".aif", ".aiff", ".aifc", ".wma", ".asf", ".wv", ".ape", ".spx", ".amr", ".au", ".snd"}
_OF_FILMS = {".mka", ".mkv", ".webm", ".weba", ".mov", ".3gp", ".3g2", ".ac3", ".eac3", ".dts"}
_OF_COLLECTORS = {".dsf", ".dff", ".tta", ".tak", ".mpc", ".mp+", ".mpp", ".shn", ".thd", ".mlp"}
_OF_STUDIOS = {".caf", ".w64", ".rf64", ".bwf", ".voc", ".mp1", ".mp2", ".mpga", ".m2a"}

AUDIO_SUFFIXES = frozenset(_USUAL | _FEWER | _OF_FILMS | _OF_COLLECTORS | _OF_STUDIOS)
"""Suffixes, in lower case, of the files that a scan takes for music."""

MAYBE_PICTURES = frozenset({".mp4", ".mkv", ".webm", ".mov", ".3gp", ".3g2", ".asf"})
"""Those of containers that may hold a picture and no sound: in a folder that is no failure."""

PLAYLIST_SUFFIXES = frozenset({".m3u", ".m3u8"})
"""Playlists that a scan reads."""

_SAID = {
    ".cue": "it is a CUE sheet, which is not read: scan the audio file that it names",
    **dict.fromkeys(
        (".pls", ".xspf", ".wpl", ".asx", ".zpl", ".b4s"),
        "it is a playlist of a kind that is not read: save it as .m3u8",
    ),
}
_NOT_MUSIC = ("image/", "text/", "font/", "message/", "model/")
_ALSO_NOT_MUSIC = frozenset(
    {".nfo", ".log", ".ini", ".db", ".sfv", ".md5", ".ffp", ".accurip", ".torrent", ".url"}
    | {".lnk", ".part", ".lrc", ".pdf", ".zip", ".rar", ".7z", ".gz", ".exe", ".dll", ".doc"}
    | {".docx", ".epub", ".mid", ".midi", ".kar"}
)


def suffix_of(path: PurePath) -> str:
    """Return what comes behind the last dot, with it and in lower case, of "...wav" too."""
    before, dot, after = path.name.rpartition(".")
    return f".{after.lower()}" if dot and before else ""


def is_audio_name(path: PurePath) -> bool:
    """Whether a scan of the folder takes the file for music."""
    return suffix_of(path) in AUDIO_SUFFIXES


def why_no_audio(path: PurePath) -> str | None:
    """Return why the name alone tells that a file is no music, as a clause; else None."""
    suffix = suffix_of(path)
    if suffix in _SAID:
        return _SAID[suffix]
    kind = mimetypes.guess_type(f"file{suffix}", strict=False)[0] or ""
    if suffix in _ALSO_NOT_MUSIC or (kind.startswith(_NOT_MUSIC) and suffix not in AUDIO_SUFFIXES):
        return "it is not an audio file"
    return None
