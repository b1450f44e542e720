"""Which segments of a batch are anchor, positive and negatives."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Triplets:
    """Positions in a batch: anchors and positives (n,), negatives (n, n_negatives)."""

    anchors: Indices
    positives: Indices
    negatives: Indices


def draw_triplets(
    labels: Indices, n_triplets: int, n_negatives: int, rng: np.random.Generator
) -> Triplets:
    """Draw random triplets from a batch.

    Anchor and positive are different segments of one singer; the negatives are
    segments of other singers, drawn without repetition where there are enough.

    Parameters
    ----------
    labels
        Singer of each segment, shape (n_segments,).
    n_triplets, n_negatives
        How many triplets, and negatives in each (the paper uses four).
    rng
        Source of the draws.

    Raises
    ------
    ValueError
        If no singer has two segments, or there is only one singer.
    """
    same = labels[:, None] == labels[None, :]
    pairs = np.argwhere(same & ~np.eye(len(labels), dtype=bool))
    if len(pairs) == 0 or same.all():
        raise ValueError("triplets need two segments of a singer, and a second singer")
    anchors, positives = pairs[rng.integers(len(pairs), size=n_triplets)].T
    negatives = [
        rng.choice(others, n_negatives, replace=len(others) < n_negatives)
        for others in (np.flatnonzero(~same[anchor]) for anchor in anchors)
    ]
    return Triplets(anchors, positives, np.stack(negatives))
