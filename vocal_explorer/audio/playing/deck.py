"""What a sound card hears next: several waveforms of one recording, each at its own gain."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.audio.playing.outputs import LATENCY
from vocal_explorer.audio.playing.spans import Spans
from vocal_explorer.audio.resample import FULL_SCALE, to_16_bits, to_channels
from vocal_explorer.base.records.signals import Waveform

N_CHANNELS = 2
RAMP = 0.01  # s from silence to full level, or back
SEAM = 0.01  # s in which the end of a loop fades into its beginning
SHORTEST_LOOP = 0.1  # s
_TAIL = LATENCY + 0.05  # s of silence after the end: then the sound card has played all of it
_ENDLESS = 2**31  # samples

Samples = NDArray[Any]
"""float32 or int16, shape (n_samples, 2)."""

Gains = NDArray[np.floating[Any]]
"""One for each sample, shape (n_samples, 1)."""


def as_samples(waveform: Waveform) -> Samples:
    """Return a waveform as a layer keeps it: 85 MB for four minutes at 44.1 kHz."""
    return np.ascontiguousarray(to_channels(waveform, N_CHANNELS).T, dtype=np.float32)


def as_short_samples(waveform: Waveform) -> Samples:
    """Return it in 16 bits, as cached stems are: 42 MB for four minutes at 44.1 kHz."""
    return np.ascontiguousarray(to_16_bits(to_channels(waveform, N_CHANNELS)).T)


@dataclass(frozen=True)
class Loop:
    """A region that is repeated: samples `first` to `last`, without the latter."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """Number of samples."""
        return self.last - self.first


@dataclass
class Deck:
    """The layers of one recording, and a reading head that only the stream's thread moves.

    Other threads only put another mapping, or another loop, in place of the old one; the
    stream's thread sees it at its next buffer and waits for nobody.

    Attributes
    ----------
    layers
        Samples by name; all begin at the same moment.
    targets
        Gain by name; a layer that is not named is silent.
    sample_rate
        Hz.
    head
        The sample that is heard next.
    loop
        What is repeated, if anything is.
    gains
        Gain of each layer now, on its way to its target.
    ready
        What is there of layers that are still being made; None if everything is.
    n_waited
        How many samples of silence were heard because nothing was there yet.
    """

    layers: Mapping[str, Samples]
    targets: Mapping[str, float]
    sample_rate: int
    head: int = 0
    loop: Loop | None = None
    gains: dict[str, float] = field(default_factory=dict)
    ready: Spans | None = None
    n_waited: int = 0

    def __post_init__(self) -> None:
        self.n_samples = next((len(samples) for samples in self.layers.values()), 0)
        self.head = min(max(self.head, 0), self.n_samples)
        self.gains = self.gains or dict(self.targets)

    @property
    def seconds(self) -> float:
        """Length of its first layer."""
        return self.n_samples / self.sample_rate

    @property
    def ended(self) -> bool:
        """Whether everything was heard."""
        return self.head >= self.n_samples + _TAIL * self.sample_rate

    def wound_to(self, seconds: float) -> "Deck":
        """Return the same at another second."""
        return replace(self, head=round(seconds * self.sample_rate))

    def region(self, start: float, end: float) -> Loop:
        """Return a loop between two seconds in any order, within the sound and not too short."""
        shortest = round(SHORTEST_LOOP * self.sample_rate)
        first, last = (round(at * self.sample_rate) for at in sorted((start, end)))
        first = min(max(first, 0), max(self.n_samples - shortest, 0))
        return Loop(first, min(max(last, first + shortest), self.n_samples))

    def fill(self, buffer: NDArray[np.float32]) -> None:
        """Write what is heard next into (n_samples, 2), and move the head behind it."""
        layers, loop = self.layers, self.loop
        curves = {name: self._curve(name, len(buffer)) for name in layers}
        heard = [(layers[name], curve) for name, curve in curves.items() if curve.any()]
        buffer[:] = 0
        filled = 0
        while filled < len(buffer):
            n = min(self._until_seam(loop, len(buffer) - filled), self._n_ready())
            if n == 0:
                self.n_waited += len(buffer) - filled
                break
            for samples, curve in heard:
                self._add(samples, curve[filled : filled + n], loop, buffer[filled : filled + n])
            self.head += n
            filled += n
            if loop and self.head == loop.last:
                self.head = loop.first

    def _n_ready(self) -> int:
        """Return how many samples can be heard without waiting."""
        if self.ready is None or self.head >= self.n_samples:
            return _ENDLESS
        end = self.ready.end_from(self.head)
        return _ENDLESS if end >= self.n_samples else end - self.head

    def _curve(self, name: str, n_samples: int) -> Gains:
        """Return the gains of the next samples, on the straight way to the target."""
        gain, target = self.gains.get(name, 0.0), self.targets.get(name, 0.0)
        if gain == target:
            return np.full((n_samples, 1), target, np.float32)
        steps = np.arange(1, n_samples + 1, dtype=np.float32)[:, None] / (RAMP * self.sample_rate)
        rising = target > gain
        curve = np.minimum(gain + steps, target) if rising else np.maximum(gain - steps, target)
        self.gains[name] = target if curve[-1, 0] == np.float32(target) else float(curve[-1, 0])
        return np.asarray(curve, np.float32)

    def _until_seam(self, loop: Loop | None, n_wanted: int) -> int:
        """Return how many samples come until something is different."""
        if loop is None or self.head >= loop.last:
            return n_wanted
        seam = loop.last - self._seam_length(loop)
        return min(n_wanted, (seam if self.head < seam else loop.last) - self.head)

    def _seam_length(self, loop: Loop) -> int:
        return min(round(SEAM * self.sample_rate), loop.length // 2)

    def _add(
        self,
        samples: Samples,
        gains: Gains,
        loop: Loop | None,
        out: NDArray[np.float32],
    ) -> None:
        """Add a layer; before the end of a loop it fades into what precedes the beginning."""
        n_seam = self._seam_length(loop) if loop else 0
        into_seam = self.head - loop.last + n_seam if loop and self.head < loop.last else -1
        if loop is None or into_seam < 0:
            _add_scaled(samples, self.head, gains, out)
            return
        come = ((into_seam + 1 + np.arange(len(out), dtype=np.float32)) / n_seam)[:, None]
        _add_scaled(samples, self.head, gains * (1 - come), out)
        _add_scaled(samples, self.head - loop.length, gains * come, out)


def _add_scaled(samples: Samples, first: int, gains: Gains, out: NDArray[np.float32]) -> None:
    """Add samples from `first` on, times their gains (n, 1); there is silence around them."""
    skipped = min(max(-first, 0), len(out))
    piece = samples[first + skipped : max(first + len(out), 0)]
    scale = np.float32(1 / FULL_SCALE if samples.dtype == np.int16 else 1)
    out[skipped : skipped + len(piece)] += piece * (gains[skipped : skipped + len(piece)] * scale)
