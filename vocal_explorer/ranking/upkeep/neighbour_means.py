"""How near all tracks of a library are to their neighbours, kept up as it grows."""

from dataclasses import dataclass

import numpy as np

from vocal_explorer.ranking.hubness import (
    K,
    Nearest,
    largest,
    nearest_mean,
    nearest_similarities,
)
from vocal_explorer.ranking.similarity import Similarities
from vocal_explorer.ranking.spaces import Rows, SpaceRows

FEW = 64  # references that are compared one by one


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The similarities of n rows to their nearest references, (n, K)."""

    references: Rows
    nearest: Nearest

    @classmethod
    def of(cls, space: SpaceRows, n: int, references: Rows) -> "Neighbours":
        """Look for the neighbours of all n rows."""
        return cls(references, nearest_similarities(space.vectors, np.arange(n), references))

    def grown(self, space: SpaceRows, n: int, references: Rows) -> "Neighbours | None":
        """Return those of n rows of which these are the first, None if it is not worth it."""
        n_before, added = len(self.nearest), np.setdiff1d(references, self.references)
        if len(added) > FEW or len(self.references) + len(added) != len(references):
            return None
        new = nearest_similarities(space.vectors, np.arange(n_before, n), references)
        nearest = self.nearest
        for row, vector in zip(added.tolist(), space.vectors(added), strict=True):
            similarities = space.similarities(vector)[:n_before, None]
            if row < n_before:
                similarities[row] = -np.inf
            nearest = largest(np.concatenate((nearest, similarities), axis=1), K)
        return Neighbours(references, np.concatenate((nearest, new)))

    @property
    def means(self) -> Similarities:
        """The mean of each row, (n,); 0 for a track that is alone."""
        return nearest_mean(self.nearest)
