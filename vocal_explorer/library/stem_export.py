"""The stems of a track as files that other programs may have and keep."""

from pathlib import Path

from vocal_explorer.base.errors import AudioFileError
from vocal_explorer.base.file_names import file_name
from vocal_explorer.base.files import writing
from vocal_explorer.base.records.signals import Stem
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.separation.stem_cache import StemCache


def copy_stem(cache: StemCache, track: Track, separator_key: str, part: Stem, folder: Path) -> Path:
    """Copy a kept stem to "Singer - Title (vocals).flac" in `folder` and return the file.

    A copy that is there already is given again: a project of another program may use it.

    Raises
    ------
    AudioFileError
        If the stem is not kept.
    VocalExplorerError
        If the folder cannot be written.
    """
    named = " - ".join(filter(None, (track.singer, track.title)))
    place = folder / track.track_id[:8] / separator_key
    file = place / f"{file_name(named, 'Track')} ({part}).flac"
    if file.exists():
        return file
    with writing(file) as temporary:
        if not cache.copy(track.track_id, separator_key, part, temporary):
            raise AudioFileError(track.path, "its stems were removed while they were read")
    return file
