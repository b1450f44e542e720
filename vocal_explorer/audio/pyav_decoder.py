"""Decode and demultiplex anything that FFmpeg's libraries know, by PyAV."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer

from vocal_explorer.audio.decoding import AudioInfo, Block, drop_first, gather
from vocal_explorer.audio.resample import resample, to_channels
from vocal_explorer.base.errors import AudioFileError
from vocal_explorer.base.records.signals import Waveform

_UNREADABLE = "it is not an audio file, or it is damaged"
_SILENT_CONTAINER = "it contains no sound"
# Containers that say at their beginning how long they are: what is missing is cut off.
_PROMISE_A_LENGTH = ("flac", "mov", "asf")
# Bare frames, whose length FFmpeg only estimates; elsewhere time stamps tell it.
_WITHOUT_LENGTH = ("mp3", "aac")
# How much a complete file may lack: encoders round their lengths and hold some sound back.
_LACKS_SECONDS = 1.0
_LACKS_SHARE = 0.1


@contextmanager
def _opened(path: Path) -> Iterator[tuple[InputContainer, av.AudioStream]]:
    try:
        # a playlist in disguise must not reach for the network
        with av.open(str(path.absolute()), options={"protocol_whitelist": "file"}) as container:
            if not container.streams.audio:
                raise AudioFileError(path, _SILENT_CONTAINER)
            yield container, container.streams.audio[0]
    except (av.FFmpegError, OSError) as error:
        raise AudioFileError(path, _UNREADABLE) from error


def compressed_sound(path: Path) -> Iterator[bytes]:
    """Go through what is left of a file without its name, tags, pictures and container.

    Yields
    ------
    bytes
        First codec, sample rate and number of channels, then every compressed packet of the
        first audio stream.

    Raises
    ------
    AudioFileError
        If the file cannot be opened or has no sound.
    """
    with _opened(path) as (container, stream):
        codec = stream.codec_context
        yield f"{codec.name} {codec.sample_rate} {codec.layout.nb_channels} ".encode()
        for packet in container.demux(stream):
            yield bytes(packet)


def pyav_info(path: Path) -> AudioInfo:
    """Tell the length, by counting packets where nothing else can be trusted.

    Raises
    ------
    AudioFileError
        If the file cannot be opened or has no sound.
    """
    with _opened(path) as (container, stream):
        first = next(_frames(path, container, stream), None)
        if first is None:
            raise AudioFileError(path, _SILENT_CONTAINER)
        rate, n_channels = first.sample_rate, first.layout.nb_channels
        counts = container.format.name in _WITHOUT_LENGTH
        seconds = 0.0 if counts else _declared_seconds(container, stream)
    return AudioInfo(seconds or _counted_seconds(path), rate, n_channels)


def pyav_blocks(path: Path, block_seconds: float, skip: int = 0) -> Iterator[Block]:
    """Decode block by block; damaged packets are left out.

    Parameters
    ----------
    path
        The file.
    block_seconds
        Length of a block in seconds.
    skip
        How many samples at the beginning to leave out.

    Raises
    ------
    AudioFileError
        If the file cannot be opened, has no sound, is mostly damaged, or ends far too early.
    """
    with _opened(path) as (container, stream):
        frames = _frames(path, container, stream)
        first = next(frames, None)
        if first is None:
            raise AudioFileError(path, _SILENT_CONTAINER)
        rate, n_channels = first.sample_rate, first.layout.nb_channels
        pieces = (_samples(frame, rate, n_channels) for frame in chain([first], frames))
        n_block = max(1, round(block_seconds * rate))
        for block in gather(drop_first(pieces, skip), n_block):
            yield block, rate


def _frames(
    path: Path, container: InputContainer, stream: av.AudioStream
) -> Iterator[av.AudioFrame]:
    n_good = n_damaged = 0
    seconds = 0.0
    for packet in container.demux(stream):
        try:
            frames = packet.decode()
        except av.FFmpegError:
            n_damaged += 1
            continue
        for frame in frames:
            n_good += 1
            seconds += frame.samples / frame.sample_rate
            yield frame
    if n_damaged > n_good:
        raise AudioFileError(path, _UNREADABLE)
    if not container.format.name.startswith(_PROMISE_A_LENGTH):
        return
    declared = _declared_seconds(container, stream)
    if declared - seconds > max(_LACKS_SECONDS, _LACKS_SHARE * declared):
        raise AudioFileError(path, f"it is cut off after {seconds:.0f} of {declared:.0f} seconds")


def _declared_seconds(container: InputContainer, stream: av.AudioStream) -> float:
    if stream.duration is None:
        return (container.duration or 0) / av.time_base
    return float(stream.duration * (stream.time_base or 0))


def _counted_seconds(path: Path) -> float:
    with _opened(path) as (container, stream):
        duration = sum(packet.duration or 0 for packet in container.demux(stream))
        return float(duration * (stream.time_base or 0))


def _samples(frame: av.AudioFrame, sample_rate: int, n_channels: int) -> Waveform:
    samples = frame.to_ndarray()
    if not frame.format.is_planar:
        samples = samples.reshape(-1, frame.layout.nb_channels).T
    waveform = samples.astype(np.float32)
    if samples.dtype.kind != "f":  # integers: u8 is the only unsigned format
        full_scale = 2.0 ** (8 * samples.itemsize - 1)
        offset = full_scale if samples.dtype.kind == "u" else 0.0
        waveform = (waveform - np.float32(offset)) / np.float32(full_scale)
    if len(waveform) != n_channels:
        waveform = np.repeat(to_channels(waveform, 1), n_channels, axis=0)
    return resample(waveform, frame.sample_rate, sample_rate)
