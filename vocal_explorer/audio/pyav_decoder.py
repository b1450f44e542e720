"""Decode and demultiplex anything that FFmpeg's libraries know, by PyAV."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.container import InputContainer
from numpy.typing import NDArray

from vocal_explorer.audio.decoding import AudioInfo, Block, drop_first, gather
from vocal_explorer.audio.ogg_chain import FileSlice, ogg_links
from vocal_explorer.audio.resample import Resampler, resample, to_channels
from vocal_explorer.base.errors import NO_SOUND, AudioFileError
from vocal_explorer.base.records.signals import Waveform

_UNREADABLE = "it is not an audio file, or it is damaged"
_UNKNOWN_CODEC = "its codec is not known"
_Span = tuple[int, int]  # of bytes in a file
# Containers that say at their beginning how long they are: what is missing is cut off.
_PROMISE_A_LENGTH = ("flac", "mov", "asf")
# Bare frames, whose length FFmpeg only estimates; elsewhere time stamps tell it.
_WITHOUT_LENGTH = ("mp3", "aac")
# How much a complete file may lack: encoders round their lengths and hold some sound back.
_LACKS_SECONDS = 1.0
_LACKS_SHARE = 0.1


@contextmanager
def _opened(
    path: Path, span: _Span | None = None
) -> Iterator[tuple[InputContainer, av.AudioStream]]:
    """Open a file, or a stretch of it, and its first audio stream."""
    try:
        with ExitStack() as stack:
            source = stack.enter_context(FileSlice(path, *span)) if span else str(path.absolute())
            container: InputContainer = stack.enter_context(
                av.open(
                    source,
                    "r",
                    # a playlist in disguise must not reach for the network
                    options={"protocol_whitelist": "file"},
                    metadata_errors="replace",  # tags in old encodings are no reason to fail
                )
            )
            if not container.streams.audio:
                raise AudioFileError(path, NO_SOUND)
            stream = container.streams.audio[0]
            if stream.codec_context is None:
                raise AudioFileError(path, _UNKNOWN_CODEC)
            yield container, stream
    except (av.FFmpegError, OSError) as error:
        raise AudioFileError(path, _UNREADABLE) from error


def _spans(path: Path) -> list[_Span] | list[None]:
    """Return the recordings that a file chains; None stands for a whole file."""
    try:
        links = ogg_links(path)
    except OSError as error:  # it was removed just now
        raise AudioFileError(path, f"it cannot be opened ({error.strerror})") from error
    return links if len(links) > 1 else [None]


def container_tags(path: Path) -> dict[str, bytes]:
    """Return the tags that FFmpeg finds, by their names in lower case, as they are stored.

    Raises
    ------
    AudioFileError
        If the file cannot be opened.
    """
    try:
        with av.open(
            str(path.absolute()),
            options={"protocol_whitelist": "file"},
            metadata_encoding="latin-1",  # a character a byte
        ) as container:
            found = [*(stream.metadata for stream in container.streams.audio), container.metadata]
            return {
                name.lower(): value.encode("latin-1")
                for metadata in found
                for name, value in metadata.items()
            }
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
    infos = [_info(path, span) for span in _spans(path)]
    return AudioInfo(sum(info.seconds for info in infos), infos[0].sample_rate, infos[0].n_channels)


def _info(path: Path, span: _Span | None) -> AudioInfo:
    with _opened(path, span) as (container, stream):
        first = next(_frames(path, container, stream), None)
        if first is None:
            raise AudioFileError(path, NO_SOUND)
        rate, n_channels = first.sample_rate, first.layout.nb_channels
        counts = container.format.name in _WITHOUT_LENGTH
        seconds = 0.0 if counts else _declared_seconds(container, stream)
    return AudioInfo(seconds or _counted_seconds(path), rate, n_channels)


def pyav_is_float(path: Path) -> bool:
    """Whether the samples are stored as floating-point numbers, without loss.

    Raises
    ------
    AudioFileError
        If the file cannot be opened or has no sound.
    """
    with _opened(path) as (_container, stream):
        codec = stream.codec_context
        is_lossless = codec.name.startswith(("pcm_f", "wavpack"))
        return is_lossless and codec.format.name.startswith(("flt", "dbl"))


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
    links = (_link_pieces(path, span) for span in _spans(path))
    rate, n_channels, pieces = next(links)
    rest = chain.from_iterable(_alike(link, rate, n_channels) for link in links)
    n_block = max(1, round(block_seconds * rate))
    for block in gather(drop_first(chain(pieces, rest), skip), n_block):
        yield block, rate


_Link = tuple[int, int, Iterator[Waveform]]


def _link_pieces(path: Path, span: _Span | None) -> _Link:
    """Return rate, channels and sound of one recording; it is decoded as it is taken."""
    frames = _stream_frames(path, span)
    first = next(frames, None)
    if first is None:
        raise AudioFileError(path, NO_SOUND)
    rate, n_channels = first.sample_rate, first.layout.nb_channels
    return rate, n_channels, (_samples(f, rate, n_channels) for f in chain([first], frames))


def _stream_frames(path: Path, span: _Span | None) -> Iterator[av.AudioFrame]:
    with _opened(path, span) as (container, stream):
        yield from _frames(path, container, stream)


def _alike(link: _Link, sample_rate: int, n_channels: int) -> Iterator[Waveform]:
    """Yield the sound of a recording with the rate and the channels of another."""
    rate, own_channels, pieces = link
    if (rate, own_channels) == (sample_rate, n_channels):
        yield from pieces
        return
    resampler = Resampler(rate, sample_rate, n_channels)
    for piece in pieces:
        yield resampler.add(_with_channels(piece, n_channels))
    yield resampler.rest()


def _with_channels(waveform: Waveform, n_channels: int) -> Waveform:
    if len(waveform) == n_channels:
        return waveform
    return np.repeat(to_channels(waveform, 1), n_channels, axis=0)


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
    samples = _array(frame)
    waveform = samples.astype(np.float32)
    if samples.dtype.kind != "f":  # integers: u8 is the only unsigned format
        full_scale = 2.0 ** (8 * samples.itemsize - 1)
        offset = full_scale if samples.dtype.kind == "u" else 0.0
        waveform = (waveform - np.float32(offset)) / np.float32(full_scale)
    return resample(_with_channels(waveform, n_channels), frame.sample_rate, sample_rate)


def _array(frame: av.AudioFrame) -> NDArray[Any]:
    """Return the samples of a frame as they are stored, (n_channels, n_samples)."""
    if frame.format.name.startswith("s64"):  # PyAV makes no array of them
        (frame,) = av.AudioResampler(format="dbl").resample(frame)
    samples = frame.to_ndarray()
    if not frame.format.is_planar:
        samples = samples.reshape(-1, frame.layout.nb_channels).T
    return samples
