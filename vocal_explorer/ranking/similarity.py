"""Cosine similarity in the paper's four spaces, one matrix at a time."""

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.records.ranking import Space
from vocal_explorer.base.records.signals import Embedding
from vocal_explorer.base.vectors import unit_rows

Similarities = NDArray[np.float32]


def space_vectors(vocals: Embedding, mix: Embedding, space: Space) -> Embedding:
    """Return unit rows in which a dot product is the similarity in `space`.

    Parameters
    ----------
    vocals, mix
        The tracks' embeddings by f_v and f_m, each (n, d).
    space
        M and V: one of them; M+V: the sum of the unit vectors; M,V: their concatenation.

    Returns
    -------
    Shape (n, d), for M,V (n, 2 d).
    """
    if space is Space.V:
        return unit_rows(vocals)
    if space is Space.M:
        return unit_rows(mix)
    if space is Space.SUM:
        return unit_rows(unit_rows(vocals) + unit_rows(mix))
    return unit_rows(np.concatenate((unit_rows(mix), unit_rows(vocals)), axis=-1))


def blend_vectors(vocals: Embedding, mix: Embedding, share: float) -> Embedding:
    """Return unit rows whose dot product is share * V + (1 - share) * M.

    Both parts are concatenated as in the joint space [M,V] (paper, section 4.2.1), each
    weighted by the root of its share; at 1/2 they are exactly that space.

    Parameters
    ----------
    vocals, mix
        The tracks' embeddings by f_v and f_m, each (n, d).
    share
        Of the vocals, in [0, 1].

    Returns
    -------
    Shape (n, 2 d).
    """
    parts = (np.sqrt(1 - share) * unit_rows(mix), np.sqrt(share) * unit_rows(vocals))
    return unit_rows(np.concatenate(parts, axis=-1))


def cosine(query: Embedding, gallery: Embedding) -> Similarities:
    """Return the similarity of a unit vector (d,) to each of (n, d) unit rows, shape (n,)."""
    return np.asarray(gallery @ query, dtype=np.float32)


def best(similarities: Similarities, top_n: int) -> NDArray[np.intp]:
    """Return the indices of the `top_n` largest, largest first, equal ones in their order.

    Infinite entries and NaN are left out.
    """
    rows = not_worse(similarities, top_n)
    order = np.argsort(-similarities[rows], kind="stable")[: max(0, top_n)]
    return np.asarray(rows[order], dtype=np.intp)


def not_worse(similarities: Similarities, top_n: int) -> NDArray[np.intp]:
    """Return the indices of the `top_n` largest, in their order, and of all equal to the last.

    Nothing is sorted, so it costs little to find few of many.
    """
    rows = np.flatnonzero(np.isfinite(similarities))
    if top_n <= 0 or len(rows) <= top_n:
        return rows[: max(0, top_n)]
    there = similarities[rows]
    least = np.partition(there, len(there) - top_n)[len(there) - top_n]
    return np.asarray(rows[there >= least], dtype=np.intp)
