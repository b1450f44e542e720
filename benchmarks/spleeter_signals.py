"""What the comparison with the spleeter package is heard on."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

RATE = 44_100  # Hz
SEGMENT = 512 * 1024  # samples that the network sees at once


@dataclass(frozen=True)
class Signal:
    """Gliding harmonics on each side and noise that swells, clipped to full scale."""

    name: str
    n_samples: int
    n_channels: int = 2
    gain: float = 0.5
    extensions: tuple[str, ...] = ("zeros",)
    with_reference: bool = False

    @property
    def seconds(self) -> float:
        return self.n_samples / RATE

    def file(self, folder: Path) -> Path:
        return folder / f"{self.name.replace(' ', '-')}.npy"

    def write(self, folder: Path) -> None:
        """Write the file second by second; the process stays small."""
        rng = np.random.default_rng(self.n_samples)
        pitches = rng.uniform(80, 500, self.n_channels)
        shape = (self.n_samples, self.n_channels)
        with self.file(folder).open("wb") as file:
            header = {"descr": "<f4", "fortran_order": False, "shape": shape}
            np.lib.format.write_array_header_1_0(file, header)
            for start in range(0, self.n_samples, RATE):
                seconds = np.arange(start, min(start + RATE, self.n_samples))[:, None] / RATE
                phases = 2 * np.pi * pitches * (seconds + 0.2 * np.sin(seconds))
                tones = sum(np.sin(k * phases) / k for k in range(1, 6))
                noise = rng.normal(0, 0.5, phases.shape) * np.sin(1.7 * seconds) ** 2
                samples = self.gain * (0.5 * tones + noise)
                file.write(samples.clip(-1, 1).astype("<f4").tobytes())


BOTH = ("zeros", "average")
SIGNALS = (
    Signal("stereo", 30 * RATE, extensions=BOTH),
    Signal("mono", 15 * RATE, n_channels=1),
    Signal("odd length", 14 * RATE + 377, extensions=("average",), with_reference=True),
    Signal("shorter than a block", 3 * RATE, extensions=BOTH),
    Signal("shorter than a frame", 1001),
    Signal("one block exactly", SEGMENT - 4096),
    Signal("one block and a sample", SEGMENT - 4095),
    Signal("full scale", 8 * RATE, gain=8.0, extensions=("average",)),
    Signal("quiet", 8 * RATE, gain=1e-4, extensions=("average",)),
    Signal("silence", 5 * RATE, gain=0.0),
)
LONG = Signal("longer than 600 s", 605 * RATE)
TRACK = Signal("track", 240 * RATE)
