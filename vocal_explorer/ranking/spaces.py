"""Tracks in one space, compared without a copy of their embeddings for each space."""

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.records.ranking import Blend, Comparison, Space
from vocal_explorer.base.records.signals import Embedding
from vocal_explorer.base.vectors import unit_rows
from vocal_explorer.ranking.similarity import (
    Similarities,
    blend_vectors,
    cosine,
    space_vectors,
)

Rows = NDArray[np.int64]


def by_vocals(by: Comparison) -> bool:
    """Return whether a comparison listens to the voices."""
    return by.vocals > 0 if isinstance(by, Blend) else by is not Space.M


def weights(by: Comparison) -> tuple[float, float] | None:
    """Return the squared weights of mix and vocals in a space, None where they are summed."""
    if isinstance(by, Blend):
        return 1 - by.vocals, by.vocals
    return {Space.M: (1.0, 0.0), Space.V: (0.0, 1.0), Space.JOINT: (0.5, 0.5)}.get(by)


class SpaceRows:
    """The rows of a library in one space; what they are is told by `space_vectors`.

    Parameters
    ----------
    vocals, mix
        Unit rows, each (n, d).
    blank
        Whether a row of vocals, and of mix, is all zeros, each (n,).
    by
        The space.
    """

    def __init__(
        self,
        vocals: Embedding,
        mix: Embedding,
        blank: tuple[NDArray[np.bool_], NDArray[np.bool_]],
        by: Comparison,
    ) -> None:
        self._vocals, self._mix, self._blank, self._by = vocals, mix, blank, by
        self._sums = unit_rows(vocals + mix) if by is Space.SUM else None

    def vectors(self, rows: Rows) -> Embedding:
        """Return the unit vectors of k rows, (k, d), or (k, 2 d) where both are concatenated."""
        vocals, mix = self._vocals[rows], self._mix[rows]
        if isinstance(self._by, Blend):
            return blend_vectors(vocals, mix, self._by.vocals)
        return space_vectors(vocals, mix, self._by)

    def similarities(self, query: Embedding) -> Similarities:
        """Return the cosine of a unit vector of this space to each row, (n,)."""
        if self._sums is not None:
            return cosine(query, self._sums)
        if self._by is Space.V:
            return cosine(query, self._vocals)
        if self._by is Space.M:
            return cosine(query, self._mix)
        of_mix, of_vocals = weights(self._by) or (0.0, 0.0)
        d = self._mix.shape[1]
        found = np.zeros(len(self._mix), np.float32)
        if of_mix:
            found += cosine(np.float32(of_mix**0.5) * query[:d], self._mix)
        if of_vocals:
            found += cosine(np.float32(of_vocals**0.5) * query[d:], self._vocals)
        return self._with_unit_rows(found, of_mix, of_vocals)

    def _with_unit_rows(
        self, similarities: Similarities, of_mix: float, of_vocals: float
    ) -> Similarities:
        """Where one of the two vectors is zeros, the other one counts alone."""
        blank_vocals, blank_mix = self._blank
        for blank, left in ((blank_vocals & ~blank_mix, of_mix), (blank_mix, of_vocals)):
            if left and blank.any():
                similarities[blank] /= np.float32(left**0.5)
        return similarities
