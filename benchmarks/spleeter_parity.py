"""Our Spleeter against the spleeter package: the same stems, faster, in less memory?

    python benchmarks/spleeter_parity.py [--environment DIR] [--json]

Installs the package in an environment of its own (or uses the one that is there), saves
a checkpoint with random weights from the package's own graph, separates signals with both
and compares. Ends with 1 when a sample differs by more than 1e-4 of full scale. Then times
both on a track, each in its own process from start to end.
"""

import argparse
import contextlib
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from spleeter_signals import LONG, SEGMENT, SIGNALS, TRACK, Signal

from vocal_explorer.audio.resample import to_channels
from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.paths import reference_folder
from vocal_explorer.base.progress import Progress
from vocal_explorer.separation.spleeter.environment import make_environment
from vocal_explorer.separation.spleeter.official_weights import DATA_NAME, OFFICIAL
from vocal_explorer.separation.spleeter.reference import SpleeterReference

HERE = Path(__file__).parent
LISTING = HERE.parents[1] / "shared" / "anchors" / "spleeter" / "index_listing.txt"
LIMIT = 1e-4  # of full scale
TIME_GOAL, MEMORY_GOAL = 1 / 4, 1 / 5
BYTES_OF_MAXRSS = 1 if sys.platform == "darwin" else 1024
STEMS = ("vocals", "accompaniment")
SIDES = ("package", "native", "reference")


@dataclass(frozen=True)
class Run:
    """What a process said, and what it took from start to end."""

    said: str
    seconds: float
    processor_seconds: float
    peak_bytes: int

    def figures(self) -> dict[str, float]:
        return {
            "seconds": self.seconds,
            "separating_seconds": float(self.said),
            "processor_seconds": self.processor_seconds,
            "peak_bytes": self.peak_bytes,
        }


def run(command: Sequence[str | Path], model_path: Path) -> Run:
    """Run a command to its end; a failure ends this program with what was said."""
    environment = {**os.environ, "MODEL_PATH": str(model_path), "TF_CPP_MIN_LOG_LEVEL": "2"}
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        started = perf_counter()
        child = subprocess.Popen(command, stdout=output, stderr=errors, env=environment)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if child.returncode != 0:
            sys.exit(f"{command[1:3]} ended with {child.returncode}:\n{errors.read()[-3000:]}")
        peak_bytes = usage.ru_maxrss * BYTES_OF_MAXRSS
        return Run(output.read().strip(), seconds, usage.ru_utime + usage.ru_stime, peak_bytes)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def blocks(path: Path) -> Iterator[NDArray[np.float32]]:
    """Samples of a file; this process stays small, or its children would seem large."""
    with path.open("rb") as file:
        while len(samples := np.fromfile(file, "<f4", SEGMENT)):
            yield samples


@dataclass(frozen=True)
class Found:
    """How far the stems of a signal are from the package's, and their largest sample."""

    signal: str
    separator: str
    extension: str
    seconds: float
    largest_difference: float
    peak: float


class Bench:
    """Runs both separators on signals in a temporary folder."""

    def __init__(self, package_python: Path, folder: Path) -> None:
        self._python = package_python
        self._folder = folder
        self._models = folder / "models"
        for name in ("models/2stems", *SIDES):
            (folder / name).mkdir(parents=True)

    def make_checkpoint(self) -> None:
        listing = ("--listing", LISTING) if LISTING.exists() else ()
        script = HERE / "spleeter_checkpoint.py"
        done = run([self._python, "-I", script, self._models / "2stems", *listing], self._models)
        say(done.said)

    @cached_property
    def sha256(self) -> str:
        """Of the checkpoint's data file."""
        with (self._models / "2stems" / DATA_NAME).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def package(self, extension: str, signals: Sequence[Signal]) -> Run:
        inputs = [signal.file(self._folder) for signal in signals]
        script = HERE / "spleeter_package.py"
        out = self._folder / "package"
        return run([self._python, "-I", script, out, extension, *inputs], self._models)

    def native(self, extension: str, signals: Sequence[Signal]) -> Run:
        inputs = [signal.file(self._folder) for signal in signals]
        script = [HERE / "spleeter_native.py", self._models / "2stems", self.sha256]
        out = self._folder / "native"
        return run([sys.executable, *script, out, extension, *inputs], self._models)

    def reference(self, extension: str, signal: Signal) -> None:
        """Run the package in the program's way."""
        weights = self._models / "2stems"
        checkpoint = replace(OFFICIAL, sha256=self.sha256)
        separator = SpleeterReference(
            weights, extension, python=self._python, checkpoint=checkpoint
        )
        mix = to_channels(np.load(signal.file(self._folder)).T, 2)
        out = self._folder / "reference" / signal.file(self._folder).stem
        with contextlib.ExitStack() as files:
            vocals, accompaniment = (
                files.enter_context(Path(f"{out}.{stem}.f32").open("wb")) for stem in STEMS
            )
            for stems in separator.stream([mix], signal.n_samples, Progress()):
                vocals.write(stems.vocals.T.tobytes())
                accompaniment.write(stems.accompaniment.T.tobytes())

    def differences(self, extension: str, signals: Sequence[Signal]) -> Iterator[Found]:
        """Separate with the package and with ours, and compare."""
        for signal in signals:
            signal.write(self._folder)
        self.package(extension, signals)
        self.native(extension, signals)
        for signal in signals:
            yield self._compare("native", extension, signal)
            if signal.with_reference:
                self.reference(extension, signal)
                yield self._compare("reference", extension, signal)

    def _compare(self, side: str, extension: str, signal: Signal) -> Found:
        difference = peak = 0.0
        for stem in STEMS:
            name = signal.file(self._folder).with_suffix(f".{stem}.f32").name
            theirs, ours = self._folder / "package" / name, self._folder / side / name
            if not theirs.stat().st_size == ours.stat().st_size == signal.n_samples * 8:
                sys.exit(f"{signal.name}: the stems of {side} and of the package differ in length")
            for a, b in zip(blocks(theirs), blocks(ours), strict=True):
                difference = float(np.maximum(difference, np.abs(a - b).max()))  # keeps NaN
                peak = max(peak, float(np.abs(a).max()))
        return Found(signal.name, side, extension, signal.seconds, difference, peak)

    def speed(self) -> dict[str, object]:
        TRACK.write(self._folder)
        ours = self.native("zeros", [TRACK]).figures()
        theirs = self.package("zeros", [TRACK]).figures()
        ratios = {f"{name}_ratio": ours[name] / theirs[name] for name in ours}
        return {"track_seconds": TRACK.seconds, "package": theirs, "native": ours, **ratios}


def compare(bench: Bench) -> list[Found]:
    """Compare all signals and print the differences."""
    every = []
    for extension, signals in (("zeros", SIGNALS), ("average", SIGNALS), ("zeros", (LONG,))):
        chosen = [signal for signal in signals if extension in signal.extensions]
        for found in bench.differences(extension, chosen):
            say(
                f"{found.signal:23} {found.separator:9} {found.extension:8}{found.seconds:7.2f} s"
                f"  largest difference {found.largest_difference:.1e} (peak {found.peak:.2g})"
            )
            every.append(found)
    return every


def print_speed(speed: dict[str, object]) -> None:
    for side in ("package", "native"):
        seconds, separating, processor, peak = speed[side].values()
        say(
            f"{side:8} {TRACK.seconds:.0f} s track: {seconds:5.1f} s, of which separating "
            f"{separating:5.1f} s; {processor:5.1f} s of processor time; {peak / 1e6:5.0f} MB"
        )
    say(f"time   {speed['seconds_ratio']:.3f} of the package's (goal {TIME_GOAL:.2f})")
    say(f"       {speed['separating_seconds_ratio']:.3f} without the start")
    say(f"       {speed['processor_seconds_ratio']:.3f} of its processor time")
    say(f"memory {speed['peak_bytes_ratio']:.3f} of the package's (goal {MEMORY_GOAL:.2f})")


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare our Spleeter with the package.")
    parser.add_argument("--environment", type=Path, default=reference_folder())
    parser.add_argument("--json", action="store_true", help="the results on the standard output")
    options = parser.parse_args()
    say(f"the spleeter package is in {options.environment}, or is now being installed there")
    try:
        python = make_environment(Progress(), options.environment)
    except VocalExplorerError as error:
        sys.exit(str(error))
    with tempfile.TemporaryDirectory(prefix="spleeter-parity-") as folder:
        bench = Bench(python, Path(folder))
        bench.make_checkpoint()
        differences = compare(bench)
        speed = bench.speed()
    print_speed(speed)
    largest = np.max([found.largest_difference for found in differences])
    say(f"largest difference of all: {largest:.1e} (limit {LIMIT:.0e})")
    if options.json:
        listed = [asdict(found) for found in differences]
        print(json.dumps({"limit": LIMIT, "differences": listed, **speed}, indent=2))
    return int(not largest <= LIMIT)


if __name__ == "__main__":
    sys.exit(main())
