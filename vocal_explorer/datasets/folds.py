"""Which fold of a cross-validation an item belongs to."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def folds_by_singer(singers: Sequence[str], n_folds: int, seed: int) -> NDArray[np.intp]:
    """Return the fold of each item, from 0, (n_items,): no singer is in two.

    Singers are shuffled and dealt out, so that folds have equal numbers of singers (but
    for one); which fold a singer is in does not depend on the items' order.

    Parameters
    ----------
    singers
        The singer of each item.
    n_folds
        At most the number of singers.
    seed
        Of the shuffling.
    """
    names, numbers = np.unique(np.asarray(singers), return_inverse=True)
    dealt = np.random.default_rng(seed).permutation(len(names)) % n_folds
    return np.asarray(dealt[numbers], dtype=np.intp)
