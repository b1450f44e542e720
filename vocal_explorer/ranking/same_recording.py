"""Whether two fingerprints are of one recording: louder, equalised, cut, or a little faster."""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from vocal_explorer.features.fingerprint import Fingerprint

SAME = 0.6  # correlation from which on it is the same recording; benchmarks/versions.py
FEWEST_FRAMES = 16  # that must overlap, 8 s
SHARE = 0.5  # of the shorter one that must overlap
QUIETEST = 50  # dB under the loudest level; what is below counts as silence
TREND_FRAMES = 17  # what changes more slowly than in 8 s does not count
MOST_FRAMES = 240  # of the first one that are compared: its middle 2 minutes
SPEEDS = tuple(1 + step * 0.008 for step in range(-5, 6) if step)  # up to 4 % either way

Frames = NDArray[np.float32]


def same_recording(first: Fingerprint, second: Fingerprint) -> bool:
    """Return whether two fingerprints, each (n_frames, n_bands), are of one recording."""
    one, two = _levels(middle(first)), _levels(second)
    if alikeness(one, two) >= SAME:
        return True
    return any(alikeness(one, _at_speed(two, speed)) >= SAME for speed in SPEEDS)


def middle(fingerprint: Fingerprint) -> Fingerprint:
    """Return what is compared of a long recording: enough, and little drifts in it."""
    first = max(0, (len(fingerprint) - MOST_FRAMES) // 2)
    return fingerprint[first : first + MOST_FRAMES]


def alikeness(one: Frames, two: Frames) -> float:
    """Return the correlation of two sequences of levels where they fit best, -1 to 1.

    They are shifted against each other, and the changes of their levels are compared where
    they overlap; 0 if they are too short.

    Parameters
    ----------
    one, two
        Levels in dB, (n_frames, n_bands).
    """
    shorter = min(len(one), len(two))
    n_least = max(FEWEST_FRAMES, round(SHARE * shorter))
    if shorter < n_least:
        return 0.0
    a, b = _changes(one), _changes(two)
    products = fftconvolve(a, b[::-1], axes=0).sum(axis=1)
    ones_a, ones_b = np.ones(len(a)), np.ones(len(b))
    power_a = fftconvolve(np.square(a).sum(axis=1), ones_b)
    power_b = fftconvolve(ones_a, np.square(b[::-1]).sum(axis=1))
    n_shared = np.round(fftconvolve(ones_a, ones_b))
    floor = 1e-3 * n_shared
    correlation = products / np.sqrt(np.maximum(power_a, floor) * np.maximum(power_b, floor))
    return float(correlation[n_shared >= n_least].max())


def _levels(fingerprint: Fingerprint) -> Frames:
    levels = fingerprint.astype(np.float32)
    return np.asarray(np.maximum(levels, levels.max(initial=-127) - QUIETEST))


def _changes(levels: Frames) -> Frames:
    """Return what is left without overall level, equalisation and slow changes."""
    tilted = levels - levels.mean(axis=1, keepdims=True)
    padded = np.pad(tilted, ((TREND_FRAMES // 2, TREND_FRAMES // 2), (0, 0)), mode="reflect")
    sums = np.cumsum(np.pad(padded, ((1, 0), (0, 0))), axis=0, dtype=np.float64)
    trend = (sums[TREND_FRAMES:] - sums[:-TREND_FRAMES]) / TREND_FRAMES
    return np.asarray(tilted - trend, dtype=np.float32)


def _at_speed(levels: Frames, speed: float) -> Frames:
    """Return what the levels would be if the recording were played at another speed."""
    places = np.arange(0, len(levels) - 1, speed)
    before = places.astype(np.int64)
    share = (places - before)[:, np.newaxis]
    return np.asarray(levels[before] * (1 - share) + levels[before + 1] * share, dtype=np.float32)
