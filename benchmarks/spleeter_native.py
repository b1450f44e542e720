"""Separates .npy files with our own Spleeter, as spleeter_package.py does with the package.

    python spleeter_native.py MODEL OUT EXTENSION INPUT.npy ...

MODEL is the folder of the checkpoint. Nothing but a block at a time is kept in memory.
"""

import hashlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from vocal_explorer.audio.io import to_channels
from vocal_explorer.progress import Progress
from vocal_explorer.records import Waveform
from vocal_explorer.separation.spleeter import SpleeterSeparator
from vocal_explorer.separation.spleeter_files import DATA_NAME

PIECE = 10 * 44_100  # samples


def pieces(path: Path) -> Iterator[Waveform]:
    waveform = np.load(path, mmap_mode="r")
    for start in range(0, len(waveform), PIECE):
        yield to_channels(np.ascontiguousarray(waveform[start : start + PIECE].T), 2)


def main(model: Path, out: Path, extension: str, inputs: list[Path]) -> None:
    with (model / DATA_NAME).open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
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
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], [Path(name) for name in sys.argv[4:]])
