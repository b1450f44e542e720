"""Principal components of many vectors: the first picture of a map, at once."""

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Embedding
from vocal_explorer.base.vectors import unit_rows

Points = NDArray[np.float64]

SAMPLE = 20_000  # vectors that directions are found in
BLOCK = 10_000  # vectors held at once


def principal_plane(vectors: Embedding, progress: Progress | None = None) -> Points:
    """Return the scores on the two principal components of unit rows, (n, 2).

    Directions are found in evenly spaced rows if there are many.

    Parameters
    ----------
    vectors
        Shape (n, d), n at least 1, of any length; read in parts.
    progress
        Told of each part.
    """
    progress = progress or Progress()
    sample = unit_rows(vectors[:: -(-len(vectors) // SAMPLE)])
    middle = sample.mean(axis=0)
    centred = sample - middle
    _, directions = np.linalg.eigh((centred.T @ centred).astype(np.float64))
    plane = directions[:, ::-1][:, :2].astype(np.float32)
    parts = []
    for at in range(0, len(vectors), BLOCK):
        progress.report(at / len(vectors))
        part = np.asarray(vectors[at : at + BLOCK], np.float32)
        lengths = np.sqrt(np.einsum("nd,nd->n", part, part))[:, None]
        parts.append((part @ plane) / np.maximum(lengths, 1e-12) - middle @ plane)
    scores = np.concatenate(parts).astype(np.float64)
    signs = np.where(scores.sum(axis=0) + 1e-9 * scores[0] < 0, -1.0, 1.0)
    return np.pad(scores * signs, ((0, 0), (0, 2 - scores.shape[1])))
