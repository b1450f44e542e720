"""Write waveforms to files, completely or not at all."""

import errno
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from vocal_explorer.audio.soundfile_decoder import native_name
from vocal_explorer.base.errors import AudioFileError
from vocal_explorer.base.files import temporary_beside
from vocal_explorer.base.records.signals import Waveform

_FORMATS = {".wav": "WAV", ".flac": "FLAC"}
_BLOCK = 1 << 16  # samples; libsndfile's encoders overflow their stack on long arrays
_FULL = 1 << 20  # bytes; a disk with less is full
_LONGEST = {"WAV": 4_294_000_000}  # bytes; the header counts with 32 bits


@dataclass(frozen=True)
class AudioWriter:
    """A file that takes sound piece by piece; what exceeds [-1, 1] is clipped.

    Parameters
    ----------
    path
        What errors call the file.
    temporary
        Where it lies until it is complete.
    file
        Open for writing.
    """

    path: Path
    temporary: Path
    file: soundfile.SoundFile

    def write(self, waveform: Waveform) -> None:
        """Append sound of shape (n_channels, n_samples) or (n_samples,).

        Raises
        ------
        AudioFileError
            If samples are not numbers, the disk is full, or a WAV file gets too long.
        """
        channels = np.atleast_2d(waveform)
        if not np.isfinite(channels).all():
            raise AudioFileError(self.path, "the sound to write holds values that are not numbers")
        with _reported(self.path):
            for start in range(0, channels.shape[1], _BLOCK):
                self.file.write(channels[:, start : start + _BLOCK].T.clip(-1, 1))
            if self.temporary.stat().st_size > _LONGEST.get(self.file.format, np.inf):
                raise AudioFileError(self.path, "it would be longer than a WAV file can be")


@contextmanager
def audio_writers(
    paths: Sequence[Path], sample_rate: int, n_channels: int, subtype: str = "PCM_16"
) -> Iterator[list[AudioWriter]]:
    """Open WAV or FLAC files, as the suffixes say, to be written side by side.

    The sound goes to temporary files in the same folders, which take the names at the end:
    nobody ever sees half a file, and after a failure there is none of them.

    Parameters
    ----------
    paths
        The files; their folders must exist.
    sample_rate
        Hz.
    n_channels
        Of all files.
    subtype
        How samples are stored, in libsndfile's terms.

    Raises
    ------
    AudioFileError
        If a suffix is another one, or a file cannot be written.
    """
    with ExitStack() as stack:
        temporaries = [stack.enter_context(_temporary(path)) for path in paths]
        with ExitStack() as files:
            yield [
                files.enter_context(_opened(path, temporary, sample_rate, n_channels, subtype))
                for path, temporary in zip(paths, temporaries, strict=True)
            ]
        _rename(temporaries, paths)


def write_audio(path: Path, waveform: Waveform, sample_rate: int, subtype: str = "PCM_16") -> None:
    """Write WAV or FLAC, as the suffix says; see `audio_writers`.

    Parameters
    ----------
    path
        The file; its folder must exist.
    waveform
        Shape (n_channels, n_samples) or (n_samples,).
    sample_rate
        Hz.
    subtype
        How samples are stored, in libsndfile's terms.

    Raises
    ------
    AudioFileError
        If the suffix is another one, the samples are not numbers, or the file cannot be written.
    """
    n_channels = len(np.atleast_2d(waveform))
    with audio_writers([path], sample_rate, n_channels, subtype) as (writer,):
        writer.write(waveform)


@contextmanager
def _temporary(path: Path) -> Iterator[Path]:
    if path.suffix.lower() not in _FORMATS:
        raise AudioFileError(path, "only WAV and FLAC files can be written")
    with temporary_beside(path) as temporary:
        with _reported(path):
            if not os.path.isdir(path.parent):
                raise AudioFileError(path, f"the folder {path.parent} does not exist")
            temporary.touch(exist_ok=False)  # libsndfile would not say why it cannot
        yield temporary


@contextmanager
def _opened(
    path: Path, temporary: Path, sample_rate: int, n_channels: int, subtype: str
) -> Iterator[AudioWriter]:
    file_format = _FORMATS[path.suffix.lower()]
    with _reported(path):
        file = soundfile.SoundFile(
            native_name(temporary), "w", sample_rate, n_channels, subtype, format=file_format
        )
    try:
        yield AudioWriter(path, temporary, file)
    finally:
        with _reported(path):
            file.close()


def _rename(temporaries: Sequence[Path], paths: Sequence[Path]) -> None:
    with ExitStack() as undo:
        for temporary, path in zip(temporaries, paths, strict=True):
            with _reported(path):
                os.replace(temporary, path)
            undo.callback(_remove, path)
        undo.pop_all()


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


@contextmanager
def _reported(path: Path) -> Iterator[None]:
    """Say in one sentence why `path` cannot be written."""
    try:
        yield
    except OSError as error:
        raise AudioFileError(path, f"it cannot be written ({error.strerror})") from error
    except soundfile.SoundFileError as error:
        raise AudioFileError(path, f"it cannot be written ({_reason(path, error)})") from error


def _reason(path: Path, error: Exception) -> str:
    """Return libsndfile's word for it, except that it has none for a full disk."""
    if shutil.disk_usage(path.parent).free < _FULL:
        return os.strerror(errno.ENOSPC)
    text = error.error_string if isinstance(error, soundfile.LibsndfileError) else str(error)
    return str(text).rstrip(" .")
