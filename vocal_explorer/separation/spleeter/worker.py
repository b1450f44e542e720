"""Runs the spleeter package: a script for the interpreter that has it, not for ours.

    python -I spleeter_worker.py MIX VOCALS ACCOMPANIMENT --model FOLDER --extension zeros

Sound files are bare little-endian float32, left and right in turn, at 44.1 kHz: they may
have any length. FOLDER holds a checkpoint as TensorFlow expects it. Progress goes to the
standard output, one JSON object a line. The exit code says what went wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any, BinaryIO, Callable, Iterator, NamedTuple

import numpy as np

NO_PACKAGE = 10
NO_WEIGHTS = 11
NO_MEMORY = 12
NO_DISK = 13

SEGMENT = 512 * 1024  # samples: 512 frames are what the network sees at once
BLOCK_SEGMENTS = 24  # separated at once, 285 s: a usual song is not cut
STEMS = ("vocals", "accompaniment")
Report = Callable[[float, str], None]


class Block(NamedTuple):
    """Which samples are separated together (start to stop) and kept (first to last).

    A segment of context before and after a block makes its samples come out as if the
    whole file had been separated at once.
    """

    start: int
    first: int
    last: int
    stop: int


def blocks(n_samples: int) -> Iterator[Block]:
    """Cut a file of `n_samples` into blocks."""
    length = BLOCK_SEGMENTS * SEGMENT
    for first in range(0, n_samples, length):
        last = min(n_samples, first + length)
        yield Block(max(0, first - SEGMENT), first, last, min(n_samples, last + SEGMENT))


def load_separator(model: Path, extension: str) -> Any:
    """Return the package's Separator; its weights are those in `model` or none."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import tensorflow
    from spleeter.separator import Separator
    from spleeter.utils.configuration import load_configuration

    if tensorflow.train.latest_checkpoint(str(model)) is None:
        raise FileNotFoundError("there is no checkpoint in " + str(model))
    parameters = load_configuration("spleeter:2stems")
    parameters.update(model_dir=str(model.absolute()), mask_extension=extension)
    description = model / "description.json"
    description.write_text(json.dumps(parameters), encoding="utf-8")
    return Separator(str(description), multiprocess=False)


def separate(separator: Any, mix: np.ndarray, files: list[BinaryIO], report: Report) -> None:
    """Write the stems of a whole (n_samples, 2) mix, block by block."""
    for block in blocks(len(mix)):
        report(block.first / len(mix), "Spleeter is isolating the vocals")
        piece = np.array(mix[block.start : block.stop], dtype=np.float32)
        separated = separator.separate(piece)
        for name, file in zip(STEMS, files):
            kept = separated[name][block.first - block.start : block.last - block.start]
            file.write(np.ascontiguousarray(kept, dtype="<f4").tobytes())
    report(1.0, "Spleeter is isolating the vocals")


def say(fraction: float, message: str) -> None:
    """Tell the program that started this one how far it is."""
    sys.stdout.write(json.dumps({"fraction": fraction, "message": message}) + "\n")
    sys.stdout.flush()


def work(options: argparse.Namespace) -> int:
    """Separate one file; return the exit code."""
    say(0.0, "starting Spleeter")
    try:
        separator = load_separator(options.model, options.extension)
    except ImportError:
        return failed(NO_PACKAGE)
    except OSError:
        return failed(NO_WEIGHTS)
    return separate_file(separator, options)


def separate_file(separator: Any, options: argparse.Namespace) -> int:
    """Separate one file with a loaded separator; return the exit code."""
    from tensorflow import errors

    try:
        mix = np.memmap(options.mix, dtype="<f4", mode="r").reshape(-1, 2)
        with options.vocals.open("wb") as vocals, options.accompaniment.open("wb") as rest:
            separate(separator, mix, [vocals, rest], say)
    except (MemoryError, errors.ResourceExhaustedError):
        return failed(NO_MEMORY)
    except (errors.DataLossError, errors.NotFoundError):
        return failed(NO_WEIGHTS)
    except OSError:
        return failed(NO_DISK)
    return 0


def failed(code: int) -> int:
    """Leave the reason on the standard error."""
    traceback.print_exc()
    return code


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and do the work."""
    parser = argparse.ArgumentParser(description="Runs the spleeter package on one mix.")
    for name in ("mix", *STEMS):
        parser.add_argument(name, type=Path)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--extension", choices=("zeros", "average"), default="zeros")
    return work(parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
