"""Fifty files that are no music any more, each broken in another way."""

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import soundfile
from sounds import encode, tones

RATE = 44_100
SUFFIXES = ("mp3", "flac", "wav", "ogg", "m4a")
CODECS = {"mp3": "libmp3lame", "ogg": "libopus", "m4a": "aac", "flac": "flac", "wav": "pcm_s16le"}
ID3 = b"ID3\x04\x00\x00\x00\x00\x02\x01" + bytes(257)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(2000)
STREAM = b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://localhost/a.ts\n"


def broken_files(folder: Path) -> list[Path]:
    """Write fifty files that nothing can be analysed of."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for number, (suffix, write) in enumerate(_ways(folder)):
        files.append(folder / f"broken {number}.{suffix}")
        write(files[-1])
    assert len(files) == 50
    return files


def _ways(folder: Path) -> Iterator[tuple[str, Callable[[Path], object]]]:
    noise = np.random.default_rng(0).bytes(50_000)
    contents = [b"", b"Dear diary.\n" * 50, bytes(9000), noise, b"<html>404</html>", ID3]
    for data in contents:
        for suffix in SUFFIXES:
            yield suffix, _holding(data)
    for suffix in SUFFIXES:
        yield suffix, _holding(_good(folder, suffix)[:24])
    wav = _good(folder, "wav")
    for place, size in ((20, 2), (22, 2), (24, 4)):  # no codec, no channels, no rate
        data = bytearray(wav)
        data[place : place + size] = b"\xab\xcd" if place == 20 else bytes(size)
        yield "wav", _holding(bytes(data))
    for value in (np.nan, np.inf, 0.0):
        yield "wav", _full_of(value)
    yield "flac", _full_of(0.0)
    for suffix in ("flac", "m4a"):
        data = _good(folder, suffix)
        yield suffix, _holding(data[: len(data) // 2])
    yield "flac", _holding(b"fLaC" + noise)
    yield "ogg", _holding(b"OggS" + noise)
    yield "mp3", _holding(STREAM)
    yield "mp3", _holding(gzip.compress(noise))
    yield "flac", _holding(PNG)
    yield "ape", _holding(b"\x7fELF" + bytes(500))


def _good(folder: Path, suffix: str) -> bytes:
    path = folder / f"good.{suffix}"
    rate = 48_000 if suffix == "ogg" else RATE
    encode(path, CODECS[suffix], tones(2, rate, 3.0), rate)
    data = path.read_bytes()
    path.unlink()
    return data


def _holding(data: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(data)


def _full_of(value: float) -> Callable[[Path], object]:
    def write(path: Path) -> None:
        sound = np.full((RATE, 1), value, np.float32)
        subtype = "FLOAT" if path.suffix == ".wav" else "PCM_16"
        soundfile.write(path, sound, RATE, subtype=subtype)

    return write
