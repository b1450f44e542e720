"""Decode uncompressed files and FLAC by libsndfile.

MP3 and Ogg are left to PyAV although libsndfile reads them: its MP3 decoder gives up at
garbage behind the music and writes to the terminal, and it hands out the channels of
Ogg files with more than two in another order.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import soundfile

from vocal_explorer.audio.decoding import AudioInfo, Block

_BEGINNINGS = (b"RIFF", b"RF64", b"FORM", b"fLaC")
_LONGEST = 2**40  # samples; a header that says more does not know


class NotDecodedError(Exception):
    """The file, or the rest of it, has to be decoded in another way."""


def native_name(path: Path) -> str | bytes:
    """Return the file name as soundfile opens it whatever characters it has."""
    return os.fsencode(path) if os.name == "posix" else str(path)


def is_for_soundfile(beginning: bytes) -> bool:
    """Whether a file that begins like this is for this decoder."""
    return beginning.startswith(_BEGINNINGS)


def soundfile_info(path: Path) -> AudioInfo:
    """Read length and format from the header.

    Raises
    ------
    NotDecodedError
        If libsndfile cannot open the file or the header leaves the length open.
    """
    try:
        info = soundfile.info(native_name(path))
    except soundfile.SoundFileError as error:
        raise NotDecodedError from error
    if not 0 < info.frames < _LONGEST:
        raise NotDecodedError
    return AudioInfo(info.frames / info.samplerate, info.samplerate, info.channels)


def soundfile_is_float(path: Path) -> bool:
    """Whether the samples are floating-point numbers.

    Raises
    ------
    NotDecodedError
        If libsndfile cannot open the file.
    """
    try:
        return soundfile.info(native_name(path)).subtype in ("FLOAT", "DOUBLE")
    except soundfile.SoundFileError as error:
        raise NotDecodedError from error


def soundfile_blocks(path: Path, block_seconds: float) -> Iterator[Block]:
    """Decode block by block.

    Raises
    ------
    NotDecodedError
        If libsndfile cannot open the file, finds nothing in it (a recorder that crashed wrote
        no size), or gets stuck before its end.
    """
    try:
        with soundfile.SoundFile(native_name(path)) as file:
            n_block = max(1, round(block_seconds * file.samplerate))
            while len(frames := file.read(n_block, dtype="float32", always_2d=True)):
                yield frames.T, file.samplerate
            if not file.tell() or file.tell() < file.frames < _LONGEST:
                raise NotDecodedError
    except soundfile.SoundFileError as error:
        raise NotDecodedError from error


def soundfile_span(path: Path, first: int, last: int) -> Block:
    """Decode the samples from `first` to `last`, without the latter, and nothing else.

    Raises
    ------
    NotDecodedError
        If libsndfile cannot open the file, or it does not hold so many.
    """
    try:
        with soundfile.SoundFile(native_name(path)) as file:
            file.seek(first)
            frames = file.read(last - first, dtype="float32", always_2d=True)
            if len(frames) < last - first:
                raise NotDecodedError
            return frames.T, file.samplerate
    except soundfile.SoundFileError as error:
        raise NotDecodedError from error
