"""What a sampler gives to a trainer, wherever it comes from."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from vocal_explorer.base.records.signals import Domain
from vocal_explorer.training.sampling.triplets import Triplets


@dataclass(frozen=True)
class Batch:
    """Log-mels (n, n_mels, n_frames) of leveled segments of both domains, and who sings (n,).

    `labels` tell singers of this batch apart, and `identities` all voices of the data, if
    they are known. `triplets` are the ones to learn from; where there are none, the trainer
    finds them. `targets` are a teacher's embeddings (n, n_dimensions) of the voices.
    """

    vocals: Tensor
    mix: Tensor
    labels: np.ndarray
    triplets: Triplets | None = None
    identities: Tensor | None = None
    targets: Tensor | None = None

    @property
    def log_mels(self) -> dict[Domain, Tensor]:
        """Both by domain."""
        return {Domain.VOCALS: self.vocals, Domain.MIX: self.mix}


Draw = Callable[[np.random.Generator], Batch]
"""Draws one batch; it follows from the generator alone, so that a run can be resumed."""
