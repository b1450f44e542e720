"""Taking off what all tracks of a library have in common: production, language, the encoder.

What is left tells singers apart. A library of few voices has nothing in common that is not
theirs, so the more voices there are, the more of the mean is taken off; and an act with
hundreds of songs counts hardly more than one with ten.
"""

import numpy as np

from vocal_explorer.base.records.signals import Embedding
from vocal_explorer.base.vectors import unit_rows

BLOCK = 1024  # rows of a similarity matrix at once
HALF = 10.0  # voices at which half of the mean is taken off


def common_part(vectors: Embedding) -> Embedding:
    """Return what to subtract from the unit vectors of a library, (d,).

    Parameters
    ----------
    vectors
        Unit rows, (n, d), of all tracks or of a sample of some thousands: the time grows
        with its square. Rows of zeros count for nothing.

    Returns
    -------
    The mean of the tracks, each weighted by one over the number of tracks that are near,
    itself included, times n_voices / (n_voices + HALF), where n_voices is the sum of the
    weights. Near are those whose cosine is in the upper half between the mean cosine and 1.
    Zeros for an empty library.
    """
    rows = vectors[np.any(vectors != 0, axis=1)]
    if not len(rows):
        return np.zeros(vectors.shape[1], np.float32)
    usual = float(np.square(rows.mean(axis=0)).sum())  # the mean of all cosines
    near = np.concatenate(
        [(rows[start : start + BLOCK] @ rows.T > (1 + usual) / 2).sum(axis=1)
         for start in range(0, len(rows), BLOCK)]
    )  # fmt: skip
    weights = 1 / np.maximum(near, 1)
    n_voices = float(weights.sum())
    mean = weights @ rows / n_voices
    return np.asarray(mean * n_voices / (n_voices + HALF), dtype=np.float32)


def centred(vectors: Embedding, common: Embedding) -> Embedding:
    """Return unit rows (n, d) without their `common_part`; rows of zeros stay zeros."""
    there = np.any(vectors != 0, axis=1, keepdims=True)
    return unit_rows(np.where(there, vectors - common, 0))
