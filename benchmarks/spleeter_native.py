"""Separates .npy files with our own Spleeter, as spleeter_package.py does with the package.

    python spleeter_native.py MODEL SHA256 OUT EXTENSION INPUT.npy ...

MODEL is the folder of the checkpoint, SHA256 its data file's. Nothing but a block at a time
is kept in memory.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from vocal_explorer.audio.resample import to_channels
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Waveform
from vocal_explorer.separation.spleeter.separator import SpleeterSeparator

PIECE = 10 * 44_100  # samples


def pieces(path: Path) -> Iterator[Waveform]:
    waveform = np.load(path, mmap_mode="r")
    for start in range(0, len(waveform), PIECE):
        yield to_channels(np.ascontiguousarray(waveform[start : start + PIECE].T), 2)


def main(model: Path, sha256: str, out: Path, extension: str, inputs: list[Path]) -> None:
    separator = SpleeterSeparator(model, extension, expected_sha256=sha256)
    started = time.perf_counter()
    for path in inputs:
        with (
            (out / f"{path.stem}.vocals.f32").open("wb") as vocals,
            (out / f"{path.stem}.accompaniment.f32").open("wb") as accompaniment,
        ):
            for stems in separator.stream(pieces(path), 0, Progress()):
                vocals.write(stems.vocals.T.tobytes())
                accompaniment.write(stems.accompaniment.T.tobytes())
    print(time.perf_counter() - started)


if __name__ == "__main__":
    model, sha256, out, extension, *inputs = sys.argv[1:]
    main(Path(model), sha256, Path(out), extension, [Path(name) for name in inputs])
