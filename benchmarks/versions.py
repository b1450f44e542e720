"""How surely the same recording is recognised, and other songs are not.

    python benchmarks/versions.py [--data DIR]

Excerpts of 60 s of DIR's songs (and 12 synthetic songs) are re-encoded, made quieter,
equalised, cut, compressed, and played 2 % faster; every copy is compared with its song and
the next three.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import butter, sosfilt

from vocal_explorer.audio.files import read_audio, resample
from vocal_explorer.base.records.signals import Waveform
from vocal_explorer.features.fingerprint import Fingerprint, Fingerprinter
from vocal_explorer.ranking.same_recording import SAME, SPEEDS, _at_speed, _levels, alikeness
from vocal_explorer.synthesis.songs import synthetic_song

RATE = 22_050
SECONDS = 60
N_SYNTHETIC = 12
N_OTHERS = 3  # songs that a copy is compared with besides its own


def songs(data: Path | None) -> Iterator[tuple[str, Waveform]]:
    for number in range(N_SYNTHETIC):
        made = synthetic_song(number // 2, number, seconds=float(SECONDS), sample_rate=RATE)
        yield f"synthetic {number}", made.mix
    for path in sorted(data.glob("songs/*/*")) if data else ():
        yield path.stem, read_audio(path, RATE, 2)[0][:, 20 * RATE : (20 + SECONDS) * RATE]


def encoded(suffix: str, rate: int) -> Callable[[Waveform], Waveform]:
    """Return what encodes a mix and decodes it again."""

    def encode(mix: Waveform) -> Waveform:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"coded{suffix}"
            subtype = "OPUS" if suffix == ".opus" else None
            form = "OGG" if subtype else None
            sound = resample(mix, RATE, rate).T
            with soundfile.SoundFile(path, "w", rate, 2, subtype, format=form) as file:
                for start in range(0, len(sound), rate):
                    file.write(sound[start : start + rate])
            return read_audio(path, RATE, 2)[0]

    return encode


def equalised(mix: Waveform) -> Waveform:
    """Bass 6 dB up, treble 6 dB down."""
    low = sosfilt(butter(2, 200, output="sos", fs=RATE), mix)
    high = sosfilt(butter(2, 3000, "highpass", output="sos", fs=RATE), mix)
    return np.asarray(mix + low - 0.5 * high, dtype=np.float32)


def limited(mix: Waveform) -> Waveform:
    """As a loud remaster: 8 dB into a soft limiter."""
    return np.asarray(np.tanh(2.5 * mix / np.abs(mix).max()), dtype=np.float32)


COPIES: dict[str, Callable[[Waveform], Waveform]] = {
    "mp3, 22 kHz": encoded(".mp3", 22_050),
    "Opus, 24 kHz": encoded(".opus", 24_000),
    "20 dB quieter": lambda mix: mix * np.float32(0.1),
    "equalised": equalised,
    "limited": limited,
    "first 7.3 s cut": lambda mix: mix[:, round(7.3 * RATE) :],
    "first and last 15.1 s cut": lambda mix: mix[:, round(15.1 * RATE) : -round(15.1 * RATE)],
    "2 % faster": lambda mix: resample(mix, round(1.02 * RATE), RATE),
    "3 % slower, mp3": lambda mix: COPIES["mp3, 22 kHz"](resample(mix, round(0.97 * RATE), RATE)),
}


def fingerprint(mix: Waveform) -> Fingerprint:
    maker = Fingerprinter(RATE)
    maker.add(mix.mean(axis=0))
    return maker.fingerprint()


def best_alikeness(first: Fingerprint, second: Fingerprint) -> float:
    one, two = _levels(first), _levels(second)
    return max(alikeness(one, _at_speed(two, speed)) for speed in (1.0, *SPEEDS))


def measure(data: Path | None) -> None:
    made = [(name, mix, fingerprint(mix)) for name, mix in songs(data)]
    right, wrong = [], []
    print(f"{'copy':28} found   lowest  median | other songs: highest  taken for it")
    for kind, change in COPIES.items():
        same, other = [], []
        for number, (_, mix, _) in enumerate(made):
            copy = fingerprint(change(mix))
            for shift in range(1 + N_OTHERS):
                _, _, original = made[(number + shift) % len(made)]
                (other if shift else same).append(best_alikeness(original, copy))
        right, wrong = right + same, wrong + other
        found, false = sum(a >= SAME for a in same), sum(a >= SAME for a in other)
        print(
            f"{kind:28} {found:2} of {len(same)} {min(same):7.2f}{np.median(same):8.2f}"
            f" | {max(other):20.2f}  {false} of {len(other)}"
        )
    hits, false = sum(a >= SAME for a in right), sum(a >= SAME for a in wrong)
    print(f"threshold {SAME}: recall {hits / len(right):.3f} of {len(right)} copies,", end=" ")
    print(f"precision {hits / max(hits + false, 1):.3f} ({len(wrong)} pairs of different songs)")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    measure(parser.parse_args().data)
