"""Stems that were computed once, kept as FLAC files by content and separator."""

import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from vocal_explorer.audio.io import read_audio, write_audio
from vocal_explorer.errors import AudioFileError, VocalExplorerError
from vocal_explorer.records import Part, Stems

DEFAULT_LIMIT = 40 * 1024**3  # bytes, about 1,000 songs; stems beyond it are computed again


class StemCache:
    """Folder of stems; an entry that is absent or damaged is simply computed again.

    Parameters
    ----------
    folder
        Where the stems lie; made when first needed.
    limit
        Bytes to keep at most; the entries that were not used for longest go first.
    """

    def __init__(self, folder: Path, limit: int = DEFAULT_LIMIT) -> None:
        self._folder = folder
        self._limit = limit

    def load(self, track_id: str, separator_key: str) -> Stems | None:
        """Return the stems of a track, or None when there are none or they are damaged."""
        entry = self._entry(track_id, separator_key)
        try:
            vocals, sample_rate = read_audio(_stem_path(entry, Part.VOCALS))
            accompaniment, other_rate = read_audio(_stem_path(entry, Part.ACCOMPANIMENT))
        except AudioFileError:
            return None
        if vocals.shape != accompaniment.shape or sample_rate != other_rate:
            return None
        with contextlib.suppress(OSError):  # another process may have removed it meanwhile
            os.utime(entry)
        return Stems(vocals, accompaniment, sample_rate)

    def save(self, track_id: str, separator_key: str, stems: Stems) -> None:
        """Keep the stems of a track (FLAC, 16 bit).

        Raises
        ------
        VocalExplorerError
            If the disk is full or the folder cannot be written.
        """
        entry = self._entry(track_id, separator_key)
        try:
            entry.mkdir(parents=True, exist_ok=True)
            write_audio(_stem_path(entry, Part.VOCALS), stems.vocals, stems.sample_rate)
            write_audio(
                _stem_path(entry, Part.ACCOMPANIMENT), stems.accompaniment, stems.sample_rate
            )
        except (OSError, AudioFileError) as error:
            reason = error.reason if isinstance(error, AudioFileError) else error.strerror
            raise VocalExplorerError(
                f"The separated stems cannot be kept in {self._folder}: {reason}."
            ) from error
        self._remove_oldest(keep=entry)

    def _entry(self, track_id: str, separator_key: str) -> Path:
        return self._folder / _file_name(separator_key) / track_id[:2] / _file_name(track_id)

    def _remove_oldest(self, keep: Path) -> None:
        entries = sorted(_measured(self._folder), key=lambda measured: measured[0])
        total = sum(size for _, size, _ in entries)
        for _, size, entry in entries:
            if total <= self._limit:
                break
            if entry != keep:
                shutil.rmtree(entry, ignore_errors=True)
                total -= size


def _stem_path(entry: Path, part: Part) -> Path:
    return entry / f"{part}.flac"


def _file_name(text: str) -> str:
    return re.sub(r"[^\w.+-]", "_", text)


def _measured(folder: Path) -> Iterator[tuple[int, int, Path]]:
    """Yield time of last use (ns), bytes and folder of each entry."""
    for entry in folder.glob("*/*/*"):
        try:
            size = sum(file.stat().st_size for file in entry.iterdir())
            yield entry.stat().st_mtime_ns, size, entry
        except OSError:
            continue  # another process removed or replaced it just now
