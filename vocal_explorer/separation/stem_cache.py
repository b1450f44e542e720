"""Stems that were computed once, kept as FLAC files by content and separator."""

import contextlib
import os
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from uuid import uuid4

import numpy as np

from vocal_explorer.audio.files import (
    AudioWriter,
    audio_info,
    audio_writers,
    read_blocks,
    read_span,
)
from vocal_explorer.base.config import STEM_SAMPLE_RATE
from vocal_explorer.base.errors import AudioFileError, Cancelled, StorageError, VocalExplorerError
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import STEMS, Stem, Stems, Waveform

DEFAULT_LIMIT = 40 * 1024**3  # bytes, about 1,000 songs; stems beyond it are computed again
BLOCK_SECONDS = 10.0
UNFINISHED = ".unfinished-"  # entries on their way in or out; nobody looks into them
ABANDONED_SECONDS = 7 * 24 * 3600.0  # a process that died leaves its unfinished entry
PUBLISHING_TRIES = 20


@dataclass(frozen=True)
class StemEntry:
    """The stems of one track in the cache; `n_samples` at `sample_rate` Hz each."""

    folder: Path
    n_samples: int
    sample_rate: int

    def blocks(self, part: Stem) -> Iterator[Waveform]:
        """Yield a stem piece by piece, (2, any length).

        Raises
        ------
        AudioFileError
            If it is damaged, or another process removed it just now.
        """
        n_read = 0
        path = _stem_path(self.folder, part)
        for block, _ in read_blocks(path, BLOCK_SECONDS):
            n_read += block.shape[1]
            yield block
        if n_read != self.n_samples:
            raise AudioFileError(path, "it is damaged")

    def pieces(self) -> Iterator[Stems]:
        """Yield both stems piece by piece; raises as `blocks`."""
        both = zip(self.blocks(Stem.VOCALS), self.blocks(Stem.ACCOMPANIMENT), strict=True)
        for vocals, accompaniment in both:
            yield Stems(vocals, accompaniment, self.sample_rate)

    def read(self, part: Stem, first: int, last: int) -> Waveform:
        """Return samples `first` to `last` of a stem, (2, last - first), silence around it.

        Raises
        ------
        AudioFileError
            If it is damaged, or another process removed it just now.
        """
        begin, end = (min(max(sample, 0), self.n_samples) for sample in (first, last))
        span = np.zeros((2, last - first), np.float32)
        if begin < end:
            found, _ = read_span(_stem_path(self.folder, part), begin, end)
            span[:, begin - first : end - first] = found
        return span


class StemWriter:
    """Takes the stems of one track piece by piece."""

    def __init__(self, folder: Path, files: Sequence[AudioWriter]) -> None:
        self._folder = folder
        self._vocals, self._accompaniment = files

    def write(self, stems: Stems) -> None:
        """Append to both stems.

        Raises
        ------
        VocalExplorerError
            If the disk is full or the folder cannot be written.
        """
        with _reported(self._folder):
            self._vocals.write(stems.vocals)
            self._accompaniment.write(stems.accompaniment)


class StemCache:
    """Folder of stems; an entry that is absent or damaged is simply computed again.

    An entry appears whole and goes whole, so several processes may use one folder.

    Parameters
    ----------
    folder
        Where the stems lie; made when first needed.
    limit
        Bytes to keep at most; the entries that were not used for longest go first.
    """

    def __init__(self, folder: Path, limit: int = DEFAULT_LIMIT) -> None:
        self._folder = folder
        self.limit = limit

    @property
    def folder(self) -> Path:
        """Where the stems lie; another one is used from the next stems on."""
        return self._folder

    @folder.setter
    def folder(self, folder: Path) -> None:
        self._folder = folder

    def require_room(self) -> None:
        """Raise VocalExplorerError if nothing can be written there."""
        probe = self._unfinished()
        with _reported(self._folder):
            probe.mkdir(parents=True)
            probe.rmdir()

    def copy_to(self, other: "StemCache", progress: Progress) -> list[Path]:
        """Copy all stems into another cache; return the folders that were copied.

        Raises
        ------
        Cancelled, VocalExplorerError
            If the user cancelled, or they do not fit there; nothing is left there then.
        """
        entries = list(_measured(self._folder))
        total, done, copied = sum(size for _, size, _ in entries), 0, []
        try:
            with _reported(other.folder):
                for _, size, entry in entries:
                    progress.report(done / max(total, 1), "moving the stems")
                    other._take(entry, self._folder)
                    copied.append(entry)
                    done += size
        except (Cancelled, VocalExplorerError):
            other.remove([other.folder / entry.relative_to(self._folder) for entry in copied])
            raise
        return copied

    def _take(self, entry: Path, root: Path) -> None:
        """Copy an entry of a cache in `root`; one that another process removes is no loss."""
        unfinished, folder = self._unfinished(), self._folder / entry.relative_to(root)
        try:
            shutil.copytree(entry, unfinished)
            folder.parent.mkdir(parents=True, exist_ok=True)
            self._remove(folder)
            os.replace(unfinished, folder)
        except OSError as error:
            if entry.exists():
                raise OSError(error.errno, _first_reason(error)) from error
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)

    def remove(self, entries: Sequence[Path]) -> None:
        """Remove some of its entries."""
        for entry in entries:
            self._remove(entry)

    def used(self) -> int:
        """Return how many bytes the stems take."""
        return sum(size for _, size, _ in _measured(self._folder))

    def tidy(self) -> None:
        """Remove what is beyond the limit, and what processes that died have left."""
        self._remove_oldest(keep=None)

    def clear(self) -> None:
        """Remove all stems; those that are being written or read stay."""
        for _, _, entry in list(_measured(self._folder)):
            self._remove(entry)

    def entry(self, track_id: str, separator_key: str) -> StemEntry | None:
        """Return the stems of a track to read, or None when there are none that fit together."""
        found = _entry_in(self._entry_folder(track_id, separator_key))
        if found is not None:
            with contextlib.suppress(OSError):  # another process may have removed it meanwhile
                os.utime(found.folder)
        return found

    def load(self, track_id: str, separator_key: str, part: Stem) -> tuple[Waveform, int] | None:
        """Return a whole stem and its rate, or None when there is none or it is damaged."""
        entry = self.entry(track_id, separator_key)
        if entry is None:
            return None
        try:
            return np.concatenate(list(entry.blocks(part)), axis=1), entry.sample_rate
        except AudioFileError:
            return None

    def copy(self, track_id: str, separator_key: str, part: Stem, to: Path) -> bool:
        """Copy the FLAC file of a stem; return whether there is one.

        Raises
        ------
        OSError
            If `to` cannot be written.
        """
        entry = self.entry(track_id, separator_key)
        if entry is None:
            return False
        shutil.copyfile(_stem_path(entry.folder, part), to)
        return True

    @contextmanager
    def writing(
        self, track_id: str, separator_key: str, sample_rate: int = STEM_SAMPLE_RATE
    ) -> Iterator[StemWriter]:
        """Take the stems of a track (kept as FLAC, 16 bit) while the context is open.

        They are there for everybody when it ends; if it ends with an exception, nothing is
        kept.

        Raises
        ------
        VocalExplorerError
            If the disk is full or the folder cannot be written.
        """
        folder = self._entry_folder(track_id, separator_key)
        unfinished = self._unfinished()
        try:
            with contextlib.ExitStack() as stack:
                with _reported(self._folder):
                    unfinished.mkdir(parents=True)
                    paths = [_stem_path(unfinished, part) for part in STEMS]
                    files = stack.enter_context(audio_writers(paths, sample_rate, 2))
                yield StemWriter(self._folder, files)
                with _reported(self._folder):
                    stack.close()
                    self._publish(unfinished, folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        self._remove_oldest(keep=folder)

    def _entry_folder(self, track_id: str, separator_key: str) -> Path:
        return self._folder / _file_name(separator_key) / track_id[:2] / _file_name(track_id)

    def _unfinished(self) -> Path:
        return self._folder / f"{UNFINISHED}{uuid4().hex}"

    def _publish(self, unfinished: Path, folder: Path) -> None:
        """Give a complete entry its name; one that was there before goes."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        os.utime(unfinished)
        for _ in range(PUBLISHING_TRIES):
            self._remove(folder)
            with contextlib.suppress(OSError):  # another process published the same just now
                os.replace(unfinished, folder)
                return
        if _entry_in(folder) is None:  # else it is the same, and somebody reads it
            os.replace(unfinished, folder)

    def _remove(self, folder: Path) -> None:
        """Take an entry away at once; one that is in use or already gone is left alone."""
        unfinished = self._unfinished()
        with contextlib.suppress(OSError):
            os.replace(folder, unfinished)
            shutil.rmtree(unfinished, ignore_errors=True)

    def _remove_oldest(self, keep: Path | None) -> None:
        entries = sorted(_measured(self._folder), key=lambda measured: measured[0])
        total = sum(size for _, size, _ in entries)
        for _, size, entry in entries:
            if total <= self.limit:
                break
            if entry != keep:
                self._remove(entry)
                total -= size
        for place in _content(self._folder):
            with contextlib.suppress(OSError):
                age = time.time() - place.stat().st_mtime
                if place.name.startswith(UNFINISHED) and age > ABANDONED_SECONDS:
                    shutil.rmtree(place)


def _entry_in(folder: Path) -> StemEntry | None:
    try:
        vocals, accompaniment = (audio_info(_stem_path(folder, part)) for part in STEMS)
    except AudioFileError:
        return None
    if vocals != accompaniment:
        return None
    return StemEntry(folder, round(vocals.seconds * vocals.sample_rate), vocals.sample_rate)


def _first_reason(error: OSError) -> str:
    """Return why something failed; copytree tells of all files at once."""
    if isinstance(error, shutil.Error):
        return str(error.args[0][0][2]).partition("] ")[2].partition(":")[0]
    return error.strerror or str(error)


def _stem_path(entry: Path, part: Stem) -> Path:
    return entry / f"{part}.flac"


def _file_name(text: str) -> str:
    return re.sub(r"[^\w.+-]", "_", text)


def _measured(folder: Path) -> Iterator[tuple[int, int, Path]]:
    """Yield time of last use (ns), bytes and folder of each entry."""
    separators = [place for place in _content(folder) if not place.name.startswith(UNFINISHED)]
    for beginning in chain.from_iterable(map(_content, separators)):
        for entry in _content(beginning):
            try:
                size = sum(file.stat().st_size for file in _content(entry))
                yield entry.stat().st_mtime_ns, size, entry
            except OSError:
                continue  # another process removed or replaced it just now


def _content(folder: Path) -> list[Path]:
    """Return what is in a folder, which another process may remove at any time."""
    try:
        return [folder / name for name in os.listdir(folder)]
    except OSError:
        return []


@contextmanager
def _reported(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, AudioFileError) as error:
        reason = error.reason if isinstance(error, AudioFileError) else error.strerror
        raise StorageError(f"The separated stems cannot be kept in {folder}: {reason}.") from error
