"""A stem that can be read anywhere: from the cache, or while it is being separated."""

from collections.abc import Generator
from typing import Protocol

import numpy as np

from vocal_explorer.audio.resample import FULL_SCALE, to_16_bits
from vocal_explorer.base.records.signals import Stem, Stems, Waveform
from vocal_explorer.separation.stem_cache import StemEntry


class StemSource(Protocol):
    """One stem of one track, stereo at 44.1 kHz; read by one thread."""

    def read(self, first: int, last: int) -> Waveform:
        """Return samples `first` to `last`, (2, last - first), with silence around the stem.

        Raises
        ------
        AudioFileError
            If it cannot be read or separated.
        """

    def finish(self) -> None:
        """Do what is left to do so that the stem is in the cache."""

    def close(self) -> None:
        """Leave undone what is left to do."""


class KeptStem:
    """A stem from the cache."""

    def __init__(self, entry: StemEntry, part: Stem) -> None:
        self._entry = entry
        self._part = part

    def read(self, first: int, last: int) -> Waveform:
        """See StemSource."""
        return self._entry.read(self._part, first, last)

    def finish(self) -> None:
        """See StemSource; there is nothing to do."""

    def close(self) -> None:
        """See StemSource; there is nothing to do."""


class GrowingStem:
    """A stem that is separated as far as it is read; it sounds as it will from the cache.

    Parameters
    ----------
    pieces
        Consecutive stems of the track; see pipeline.stems_while_kept.
    part
        Which of both.
    n_expected
        About how many samples it will have.
    """

    def __init__(self, pieces: Generator[Stems], part: Stem, n_expected: int) -> None:
        self._pieces = pieces
        self._part = part
        self._samples = np.zeros((2, n_expected), np.int16)
        self._n_there = 0

    def read(self, first: int, last: int) -> Waveform:
        """See StemSource."""
        while self._n_there < last and (stems := next(self._pieces, None)) is not None:
            self._add(stems.vocals if self._part is Stem.VOCALS else stems.accompaniment)
        begin, end = (min(max(sample, 0), self._n_there) for sample in (first, last))
        span = np.zeros((2, last - first), np.float32)
        span[:, begin - first : end - first] = self._samples[:, begin:end] / np.float32(FULL_SCALE)
        return span

    def finish(self) -> None:
        """See StemSource."""
        for _ in self._pieces:
            pass

    def close(self) -> None:
        """See StemSource."""
        self._pieces.close()

    def _add(self, piece: Waveform) -> None:
        last = self._n_there + piece.shape[1]
        if last > self._samples.shape[1]:
            more = np.zeros((2, last), np.int16)
            self._samples = np.concatenate((self._samples, more), axis=1)
        self._samples[:, self._n_there : last] = to_16_bits(piece)
        self._n_there = last
