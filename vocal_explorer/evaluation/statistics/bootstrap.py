"""How far a mean over few examples can be trusted."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

RESAMPLES = 2000


@dataclass(frozen=True)
class Estimate:
    """A mean and its 95 % confidence interval."""

    mean: float
    low: float
    high: float


def bootstrap_mean(
    values: ArrayLike, seed: int = 0, groups: Sequence[Hashable] | None = None
) -> Estimate:
    """Return the mean of `values` and the percentile bootstrap interval around it.

    Parameters
    ----------
    values
        At least one; each is drawn alike.
    seed
        Of the random draws.
    groups
        Whose value each is. Where given, whole groups are drawn: queries of one singer
        succeed and fail together, so they say less than as many singers would.
    """
    sample = np.asarray(values, dtype=np.float64)
    sums, counts = _grouped(sample, np.arange(len(sample)) if groups is None else groups)
    draws = np.random.default_rng(seed).integers(len(sums), size=(RESAMPLES, len(sums)))
    means = sums[draws].sum(axis=1) / counts[draws].sum(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return Estimate(float(sample.mean()), float(low), float(high))


def _grouped(
    sample: NDArray[np.float64], groups: Any
) -> tuple[NDArray[np.float64], NDArray[np.int_]]:
    """Return the sum and the number of the values of each group."""
    _, places = np.unique(np.asarray(groups), return_inverse=True)
    sums: NDArray[np.float64] = np.bincount(places, weights=sample).astype(np.float64)
    return sums, np.bincount(places)
