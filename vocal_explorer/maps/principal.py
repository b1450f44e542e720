"""Principal components of many vectors: the first picture of a map, at once."""

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.records.signals import Embedding
from vocal_explorer.base.vectors import unit_rows

Points = NDArray[np.float64]

SAMPLE = 20_000  # vectors that directions are found in
BLOCK = 10_000  # vectors held at once


def principal_plane(vectors: Embedding) -> Points:
    """Return the scores on the two principal components of unit rows, (n, 2).

    Directions are found in evenly spaced rows if there are many.

    Parameters
    ----------
    vectors
        Shape (n, d), n at least 1; scaled to unit rows here, some at a time.
    """
    sample = unit_rows(vectors[:: -(-len(vectors) // SAMPLE)])
    middle = sample.mean(axis=0)
    centred = sample - middle
    _, directions = np.linalg.eigh((centred.T @ centred).astype(np.float64))
    plane = directions[:, ::-1][:, :2].astype(np.float32)
    blocks = range(0, len(vectors), BLOCK)
    parts = [(unit_rows(vectors[at : at + BLOCK]) - middle) @ plane for at in blocks]
    scores = np.concatenate(parts).astype(np.float64)
    signs = np.where(scores.sum(axis=0) + 1e-9 * scores[0] < 0, -1.0, 1.0)
    return np.pad(scores * signs, ((0, 0), (0, 2 - scores.shape[1])))
