"""Read music files of any usual format; write WAV and FLAC."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from vocal_explorer.audio.content_id import content_id
from vocal_explorer.audio.decoding import AudioInfo, Block, check_file
from vocal_explorer.audio.pyav_decoder import pyav_blocks, pyav_info
from vocal_explorer.audio.resample import Resampler, resample, to_channels
from vocal_explorer.audio.soundfile_decoder import (
    NotDecodedError,
    is_for_soundfile,
    soundfile_blocks,
    soundfile_info,
    soundfile_span,
)
from vocal_explorer.audio.write import AudioWriter, audio_writers, write_audio
from vocal_explorer.base.errors import NO_SOUND, AudioFileError
from vocal_explorer.base.records.signals import Waveform

__all__ = [
    "AudioInfo",
    "AudioWriter",
    "Resampler",
    "audio_info",
    "audio_writers",
    "content_id",
    "read_audio",
    "read_blocks",
    "read_pieces",
    "read_span",
    "resample",
    "to_channels",
    "write_audio",
]


def audio_info(path: Path) -> AudioInfo:
    """Tell a file's length and format without decoding all of it.

    Raises
    ------
    AudioFileError
        If the file cannot be read or contains no sound.
    """
    if is_for_soundfile(check_file(path)):
        try:
            return soundfile_info(path)
        except NotDecodedError:
            pass
    return pyav_info(path)


def read_audio(
    path: Path, sample_rate: int | None = None, n_channels: int | None = None
) -> tuple[Waveform, int]:
    """Decode a whole file.

    Parameters
    ----------
    path
        The file.
    sample_rate
        Hz; the file's own if None.
    n_channels
        1 or 2; the file's own if None.

    Returns
    -------
    Waveform
        Shape (n_channels, n_samples); lossy formats may exceed [-1, 1] a little.
    int
        Its sample rate in Hz.

    Raises
    ------
    AudioFileError
        If the file cannot be read, contains no sound, or holds values that are not numbers.
    """
    blocks = []
    native_rate = 0
    for block, native_rate in read_blocks(path):  # noqa: B007 - the same rate for all blocks
        blocks.append(block if n_channels is None else to_channels(block, n_channels))
    waveform = np.concatenate(blocks, axis=1)
    target_rate = sample_rate or native_rate
    return resample(waveform, native_rate, target_rate), target_rate


def read_blocks(path: Path, block_seconds: float = 60.0) -> Iterator[Block]:
    """Decode a file of any length block by block, at its own rate and with its own channels.

    Yields
    ------
    Waveform
        Shape (n_channels, n_samples), about `block_seconds` long; the last may be shorter.
    int
        Its sample rate in Hz, the same for all blocks.

    Raises
    ------
    AudioFileError
        If the file cannot be read, contains no sound, or holds values that are not numbers.
    """
    n_read = 0
    for block, rate in _decoded(path, block_seconds):
        if not np.isfinite(block).all():
            raise AudioFileError(path, "it holds values that are not numbers")
        n_read += block.shape[1]
        yield block, rate
    if not n_read:
        raise AudioFileError(path, NO_SOUND)


def read_pieces(
    path: Path, sample_rate: int, n_channels: int, block_seconds: float = 10.0
) -> Iterator[Waveform]:
    """Decode a file of any length piece by piece: together what `read_audio` returns.

    Parameters
    ----------
    path
        The file.
    sample_rate
        Hz.
    n_channels
        1 or 2.
    block_seconds
        About how long the pieces are.

    Yields
    ------
    Waveform
        Shape (n_channels, any length).

    Raises
    ------
    AudioFileError
        If the file cannot be read, contains no sound, or holds values that are not numbers.
    """
    resampler = None
    for block, native_rate in read_blocks(path, block_seconds):
        resampler = resampler or Resampler(native_rate, sample_rate, n_channels)
        yield resampler.add(to_channels(block, n_channels))
    if resampler is not None:
        yield resampler.rest()


def read_span(path: Path, first: int, last: int) -> Block:
    """Decode a stretch of a WAV or FLAC file without what comes before it.

    Parameters
    ----------
    path
        The file.
    first, last
        Its samples, without the last; all must be in the file.

    Returns
    -------
    Waveform
        Shape (n_channels, last - first).
    int
        Its sample rate in Hz.

    Raises
    ------
    AudioFileError
        If the file cannot be read, or is shorter.
    """
    check_file(path)
    try:
        return soundfile_span(path, first, last)
    except NotDecodedError as error:
        raise AudioFileError(path, "it is damaged") from error


def _decoded(path: Path, block_seconds: float) -> Iterator[Block]:
    n_read = 0
    if is_for_soundfile(check_file(path)):
        try:
            for block, rate in soundfile_blocks(path, block_seconds):
                yield block, rate
                n_read += block.shape[1]
        except NotDecodedError:
            pass
        else:
            return
    yield from pyav_blocks(path, block_seconds, skip=n_read)
