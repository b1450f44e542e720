"""Vectors of unit length, whose dot products are cosines."""

import numpy as np

from vocal_explorer.base.records.signals import Embedding


def unit_rows(vectors: Embedding) -> Embedding:
    """Scale each row of (n, d) to length 1; a row of zeros stays one, so nothing becomes NaN."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)
