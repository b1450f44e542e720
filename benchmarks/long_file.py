"""Peak memory and speed of one hour of music, beside three minutes of it in the same run.

    python benchmarks/long_file.py [--minutes 60] [--separator auto] [--jobs scan separate]

Each job runs in a process of its own, as the command line that users type; its peak is
the largest resident set that the system saw of it.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from vocal_explorer.audio.files import audio_writers
from vocal_explorer.synthesis.songs import synthetic_song

GOAL = 1.5e9  # bytes
SHORT_MINUTES = 3.0
VERSE_SECONDS = 60.0
PROGRAM = "from vocal_explorer.cli import main; main()"


def write_music(path: Path, minutes: float) -> None:
    """Repeat a minute of song, each time a little louder or softer, as FLAC."""
    verse = synthetic_song(0, 0, seconds=VERSE_SECONDS)
    n_left = round(minutes * 60 * verse.sample_rate)
    rng = np.random.default_rng(0)
    with audio_writers([path], verse.sample_rate, len(verse.mix)) as (writer,):
        while n_left > 0:
            piece = verse.mix[:, :n_left] * np.float32(rng.uniform(0.5, 1.0))
            writer.write(piece)
            n_left -= piece.shape[1]


def arguments_of(job: str, file: Path, folder: Path, separator: str) -> list[str]:
    where = ["--out" if job == "separate" else "--library", str(folder / job)]
    return [job, str(file), "--separator", separator, *where]


def measure(arguments: list[str]) -> tuple[float, float]:
    """Run a command; return its seconds and its peak of memory in bytes."""
    started = time.perf_counter()
    command = [sys.executable, "-c", PROGRAM, *arguments]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    messages = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(messages.decode())
    unit = 1 if sys.platform == "darwin" else 1024
    return time.perf_counter() - started, usage.ru_maxrss * unit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--separator", default="auto")
    parser.add_argument("--jobs", nargs="+", default=["scan", "separate"])
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for minutes in (SHORT_MINUTES, chosen.minutes):
            write_music(folder / f"{minutes:g}.flac", minutes)
        for job in chosen.jobs:
            peaks = []
            for minutes in (SHORT_MINUTES, chosen.minutes):
                place = folder / f"{minutes:g}"
                place.mkdir(exist_ok=True)
                file = folder / f"{minutes:g}.flac"
                arguments = arguments_of(job, file, place, chosen.separator)
                seconds, peak = measure(arguments)
                peaks.append(peak)
                print(f"{job} of {minutes:g} minutes: peak {peak / 1e6:.0f} MB, ", end="")
                print(f"{minutes * 60 / seconds:.0f} times real time, start included")
            verdict = "below" if peaks[1] < GOAL else "ABOVE"
            print(f"{job}: {verdict} the goal of {GOAL / 1e6:.0f} MB, ", end="")
            print(f"{peaks[1] / peaks[0]:.2f} times the peak of {SHORT_MINUTES:g} minutes")


if __name__ == "__main__":
    main()
