"""Write a waveform to a file, completely or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import numpy as np
import soundfile

from vocal_explorer.audio.soundfile_decoder import native_name
from vocal_explorer.errors import AudioFileError
from vocal_explorer.records import Waveform

_FORMATS = {".wav": "WAV", ".flac": "FLAC"}
_BLOCK = 1 << 16  # samples; libsndfile's encoders overflow their stack on long arrays


def write_audio(path: Path, waveform: Waveform, sample_rate: int, subtype: str = "PCM_16") -> None:
    """Write WAV or FLAC, as the suffix says; what exceeds [-1, 1] is clipped.

    The sound goes to a temporary file in the same folder, which takes the name at the end:
    nobody ever sees half a file.

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
    file_format = _FORMATS.get(path.suffix.lower())
    if file_format is None:
        raise AudioFileError(path, "only WAV and FLAC files can be written")
    channels = np.atleast_2d(waveform)
    if not np.isfinite(channels).all():
        raise AudioFileError(path, "the sound to write holds values that are not numbers")
    with _replacing(path) as temporary:
        try:
            with soundfile.SoundFile(
                native_name(temporary), "w", sample_rate, len(channels), subtype, format=file_format
            ) as file:
                for start in range(0, channels.shape[1], _BLOCK):
                    file.write(channels[:, start : start + _BLOCK].T.clip(-1, 1))
        except soundfile.SoundFileError as error:
            raise AudioFileError(path, f"it cannot be written ({_reason(error)})") from error


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    temporary = path.with_name(f".{uuid4().hex}.part")
    try:
        if not path.parent.is_dir():
            raise AudioFileError(path, f"the folder {path.parent} does not exist")
        temporary.touch(exist_ok=False)  # libsndfile would not say why it cannot
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        raise AudioFileError(path, f"it cannot be written ({error.strerror})") from error
    finally:
        temporary.unlink(missing_ok=True)


def _reason(error: Exception) -> str:
    text = error.error_string if isinstance(error, soundfile.LibsndfileError) else str(error)
    return str(text).rstrip(" .")
