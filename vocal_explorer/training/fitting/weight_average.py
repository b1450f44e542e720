"""The running mean of a network's weights: better than the last step's, and at any time."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn


class WeightAverage:
    """An exponential moving average of all floating-point weights and statistics.

    Parameters
    ----------
    network
        Whose weights are averaged.
    decay
        How much of the mean a step keeps; 0 keeps no mean at all.
    """

    def __init__(self, network: nn.Module, decay: float) -> None:
        self._network = network
        self._decay = decay
        self.values: dict[str, Tensor] = {}
        if decay:
            self.values = {name: value.clone() for name, value in self._floats().items()}

    def add(self, step: int) -> None:
        """Add the weights after step number `step`; early steps weigh more."""
        decay = min(self._decay, (step + 1) / (step + 10))
        for name, value in self._floats().items():
            if name in self.values:
                self.values[name].lerp_(value, 1 - decay)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Let the network have the mean's weights while the context is open."""
        own = {name: value.clone() for name, value in self._floats().items()}
        self._fill(self.values)
        try:
            yield
        finally:
            self._fill(own)

    def _floats(self) -> dict[str, Tensor]:
        state: dict[str, Tensor] = self._network.state_dict()
        return {name: value for name, value in state.items() if value.is_floating_point()}

    @torch.no_grad()
    def _fill(self, values: dict[str, Tensor]) -> None:
        for name, value in self._floats().items():
            if name in values:
                value.copy_(values[name])
