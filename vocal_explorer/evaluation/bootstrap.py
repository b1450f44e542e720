"""How far a mean over few examples can be trusted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

RESAMPLES = 2000


@dataclass(frozen=True)
class Estimate:
    """A mean and its 95 % confidence interval."""

    mean: float
    low: float
    high: float


def bootstrap_mean(values: Sequence[float], seed: int = 0) -> Estimate:
    """Return the mean of `values` and the percentile bootstrap interval around it.

    Parameters
    ----------
    values
        At least one; each is drawn alike.
    seed
        Of the random draws.
    """
    sample = np.asarray(values, dtype=np.float64)
    draws = np.random.default_rng(seed).integers(len(sample), size=(RESAMPLES, len(sample)))
    low, high = np.percentile(sample[draws].mean(axis=1), [2.5, 97.5])
    return Estimate(float(sample.mean()), float(low), float(high))
