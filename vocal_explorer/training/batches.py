"""What a sampler gives to a trainer, wherever it comes from."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from vocal_explorer.training.triplets import Triplets


@dataclass(frozen=True)
class Batch:
    """Leveled segments (n, n_samples) of both domains, and their singers (n,).

    `triplets` are the ones to learn from; where there are none, the trainer draws them.
    """

    vocals: Tensor
    mix: Tensor
    labels: np.ndarray
    triplets: Triplets | None = None


Draw = Callable[[np.random.Generator], Batch]
"""Draws one batch; it follows from the generator alone, so that a run can be resumed."""
