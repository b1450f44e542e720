"""What a recording looks like beside its player: how loud it is, and where somebody sings."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.records.signals import Waveform
from vocal_explorer.features.segments import rms
from vocal_explorer.features.vocal_activity import voiced_windows

N_LEVELS = 2000  # more than a bar has pixels
WINDOW_SECONDS = 1.5  # half a segment, as for vocal presence


@dataclass(frozen=True)
class Outline:
    """A recording at a glance.

    `levels` (n_levels,) are root mean squares of equal stretches, the loudest is 1;
    `windows` (n_windows,) those of consecutive 1.5 s, not scaled; `seconds` is the length;
    `voiced` are start and end, in seconds, of where a voice is heard (None: not known).
    """

    levels: NDArray[np.float32]
    windows: NDArray[np.float32]
    seconds: float
    voiced: tuple[tuple[float, float], ...] | None = None


def outline(waveform: Waveform, sample_rate: int) -> Outline:
    """Return the outline of a recording, (n_channels, n_samples) at `sample_rate` Hz."""
    n_samples = waveform.shape[1]
    edges = np.linspace(0, n_samples, min(N_LEVELS, n_samples) + 1).round().astype(int)
    levels = _levels(waveform, edges)
    loudest = float(levels.max(initial=0.0)) or 1.0
    windows = _window_levels(waveform, sample_rate)
    return Outline(levels / np.float32(loudest), windows, n_samples / sample_rate)


def with_voice(mix: Outline, vocals: Waveform, sample_rate: int) -> Outline:
    """Return the outline of a mix that also tells where its vocals are active.

    Parameters
    ----------
    mix
        The outline of the mix.
    vocals
        The isolated vocals of the same recording, (n_channels, n_samples).
    sample_rate
        Hz.
    """
    windows = _window_levels(vocals, sample_rate)
    n_windows = min(len(windows), len(mix.windows))
    voiced = voiced_windows(windows[:n_windows], mix.windows[:n_windows])
    changes = np.flatnonzero(np.diff(voiced, prepend=False, append=False)).reshape(-1, 2)
    stretches = (changes * WINDOW_SECONDS).clip(max=mix.seconds)
    return replace(mix, voiced=tuple((float(start), float(end)) for start, end in stretches))


def _window_levels(waveform: Waveform, sample_rate: int) -> NDArray[np.float32]:
    n_samples = waveform.shape[1]
    edges = np.append(np.arange(0, n_samples, round(WINDOW_SECONDS * sample_rate)), n_samples)
    return _levels(waveform, edges)


def _levels(waveform: Waveform, edges: NDArray[np.int_]) -> NDArray[np.float32]:
    pieces = [rms(waveform[:, a:b].reshape(1, -1)) for a, b in pairwise(edges)]
    return np.concatenate(pieces) if pieces else np.zeros(0, np.float32)
