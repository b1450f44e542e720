"""Sound that follows another beat: time-stretch by a map of moments, and transposition.

The library (Signalsmith Stretch) stretches a recording by one factor. A map that bends is
therefore cut into blocks of nearly one factor each. Every other block is moved at both its
ends to where its waves meet those of its neighbours, and then they are faded into each other.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
import soxr
from numpy.typing import NDArray

from vocal_explorer.audio.formants import restore_formants
from vocal_explorer.base.caching import LruCache
from vocal_explorer.base.records.signals import Waveform

LONGEST_BLOCK = 2.0  # s
BENT = 0.002  # s; a block ends where its straight line would be farther than this off
FADE = 0.03  # s in which blocks are faded into each other
FARTHEST = 0.008  # s by which the end of a block is moved to meet its neighbour
PREFER_NEAR = 0.1  # of a correlation: what a move by the farthest must gain
N_KEPT = 6  # blocks
CONTEXT = 0.15  # s around a block that the library hears as well

Read = Callable[[int, int], Waveform]
"""Returns samples `first` to `last` of a recording, (n_channels, last - first), silence around."""

Anchors = NDArray[np.float64]
"""(n_anchors, 2), increasing in both columns."""


class Warp:
    """A recording as it sounds on another time axis; used by one thread.

    The same moment always sounds the same, wherever a request begins.

    Parameters
    ----------
    read
        Gives the recording.
    times
        (n_anchors, 2): moments in s of the new axis, and which moments of the recording
        are heard then; in between, straight lines. Around them there is silence.
    semitones
        By how much it becomes higher.
    sample_rate
        Of both, in Hz.
    keep_formants
        Whether vowels stay what they are when it becomes higher or lower.

    Raises
    ------
    ValueError
        If the moments do not increase.
    """

    def __init__(
        self,
        read: Read,
        times: Anchors,
        semitones: float,
        sample_rate: int,
        *,
        keep_formants: bool = False,
    ) -> None:
        if len(times) < 2 or (np.diff(times, axis=0) <= 0).any():
            raise ValueError("the moments of a warp increase")
        self._read = read
        self._semitones = semitones
        self._sample_rate = sample_rate
        self._keep_formants = keep_formants and semitones != 0
        blocks = times[_block_edges(times)] * sample_rate
        self._edges = blocks[:, 0].round().astype(np.int64)
        self._sources = blocks[:, 1]
        self._fade = round(FADE * sample_rate) // 2 * 2
        self._farthest = round(FARTHEST * sample_rate)
        self._margin = self._fade + self._farthest
        self._raw: LruCache[Waveform] = LruCache(N_KEPT)
        self._finished: LruCache[Waveform] = LruCache(N_KEPT)

    def render(self, first: int, last: int) -> Waveform:
        """Return samples `first` to `last` of the new time axis, (n_channels, last - first)."""
        half = self._fade // 2
        parts: list[tuple[int, Waveform]] = []
        for block in range(len(self._edges) - 1):
            begin, end = self._edges[block] - half, self._edges[block + 1] + half
            if begin < last and end > first:
                parts.append((int(begin), self._finished.get(block, partial(self._joined, block))))
        n_channels = parts[0][1].shape[0] if parts else self._read(0, 0).shape[0]
        out = np.zeros((n_channels, last - first), np.float32)
        for begin, sound in parts:
            lower, upper = max(begin, first), min(begin + sound.shape[1], last)
            out[:, lower - first : upper - first] += sound[:, lower - begin : upper - begin]
        return out

    def _raw_block(self, block: int) -> Waveform:
        return self._raw.get(block, partial(self._stretched, block))

    def _joined(self, block: int) -> Waveform:
        """Return a block from half a fade before its edge to half a fade behind its other one."""
        raw, last = self._raw_block(block), len(self._edges) - 2
        left = right = 0
        if block % 2:
            left = self._meeting(self._raw_block(block - 1), raw)
            right = left if block == last else -self._meeting(raw, self._raw_block(block + 1))
        half, margin = self._fade // 2, self._margin
        length = raw.shape[1] - 2 * margin + self._fade
        sound = _moved(raw, margin - half, length, left, right)
        come = (np.arange(self._fade, dtype=np.float32) + 0.5) / self._fade
        if block > 0:
            sound[:, : self._fade] *= come
        if block < last:
            sound[:, -self._fade :] *= come[::-1]
        return sound

    def _meeting(self, before: Waveform, behind: Waveform) -> int:
        """Return how many samples later the second block's waves meet those of the first.

        Both hold the same edge: the first at its end, the second at its beginning.
        """
        width, farthest = self._fade, self._farthest
        edge = before.shape[1] - self._margin
        still = before[:, edge - width // 2 : edge + width // 2].mean(axis=0)
        start = self._margin - width // 2 - farthest
        tried = behind[:, start : start + width + 2 * farthest].mean(axis=0)
        products = np.correlate(tried, still)
        energies = np.convolve(np.square(tried), np.ones(width), "valid")
        likeness = products / np.sqrt(np.maximum(energies * np.square(still).sum(), 1e-9))
        distance = np.abs(np.arange(-farthest, farthest + 1)) / farthest
        return int((likeness - PREFER_NEAR * distance).argmax()) - farthest

    def _stretched(self, block: int) -> Waveform:
        """Return a block, as far as its own line goes on both sides of it, with its margins."""
        n_out = int(self._edges[block + 1] - self._edges[block]) + 2 * self._margin
        begin, end = self._sources[block : block + 2]
        factor = (end - begin) / (self._edges[block + 1] - self._edges[block])
        start = begin - self._margin * factor
        n_plain = n_out if abs(factor * n_out - n_out) < 1.0 else 0
        if n_plain and self._semitones == 0:
            return self._read(round(start), round(start) + n_plain).copy()
        context = round(CONTEXT * self._sample_rate)
        first = round(start - context * factor)
        source = self._read(first, round(start + (n_out + context) * factor))
        sound = self._processed(np.ascontiguousarray(source), factor)
        skipped = round((start - first) / factor)
        found = sound[:, skipped : skipped + n_out]
        return np.pad(found, ((0, 0), (0, n_out - found.shape[1])))

    def _processed(self, source: Waveform, factor: float) -> Waveform:
        """Stretch, then resample: what the library transposes is out of tune in the bass."""
        from python_stretch import Signalsmith

        higher = 2 ** (self._semitones / 12)
        stretch = Signalsmith.Stretch()
        stretch.preset(source.shape[0], float(self._sample_rate))
        stretch.setTimeFactor(factor / higher)
        sound = np.asarray(stretch.process(source), np.float32)
        if self._semitones:
            sound = np.ascontiguousarray(soxr.resample(sound.T, higher, 1.0).T)
        if self._keep_formants:
            return restore_formants(sound, self._semitones, self._sample_rate)
        return sound


def _block_edges(times: Anchors) -> list[int]:
    """Return the anchors between which one straight line is near enough to all of them."""
    edges, first = [0], 0
    for last in range(2, len(times)):
        if times[last, 0] - times[first, 0] > LONGEST_BLOCK or _bent(times[first : last + 1]):
            edges.append(last - 1)
            first = last - 1
    return [*edges, len(times) - 1]


def _bent(times: Anchors) -> bool:
    (begin, source), (end, source_end) = times[0], times[-1]
    straight = source + (times[:, 0] - begin) * (source_end - source) / (end - begin)
    return bool(np.abs(straight - times[:, 1]).max() > BENT)


def _moved(sound: Waveform, first: int, length: int, left: int, right: int) -> Waveform:
    """Return `length` samples from `first` on, taken so much later at its two ends."""
    if left == right:
        return sound[:, first + left : first + left + length].copy()
    from scipy.ndimage import map_coordinates

    places = first + np.linspace(left, length - 1 + right, length)
    rows = [map_coordinates(row, places[None], order=3, mode="nearest") for row in sound]
    return np.stack(rows).astype(np.float32)
