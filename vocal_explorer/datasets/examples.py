"""What a classifier learns from and is judged by: inputs and their labels, item by item."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Targets = NDArray[np.bool_]
"""Labels, shape (n, n_labels): tags that apply, or one artist a row."""

Probabilities = NDArray[np.float32]
"""What a classifier says, shape (n, n_labels), each in [0, 1]."""


@dataclass(frozen=True)
class Examples:
    """Segments with their labels.

    Parameters
    ----------
    inputs
        One row a segment: embeddings (n, d) or log-mels (n, n_mels, n_frames).
    targets
        Bool (n, n_labels); a segment has the labels of its item.
    items
        Which excerpt or song each segment belongs to, integers (n,).
    """

    inputs: NDArray[np.floating[Any]]
    targets: Targets
    items: NDArray[np.intp]

    def take(self, rows: NDArray[np.bool_]) -> "Examples":
        """Return the segments that `rows` (n,) marks."""
        return Examples(self.inputs[rows], self.targets[rows], self.items[rows])


Predict = Callable[[NDArray[np.floating[Any]]], Probabilities]
"""A trained classifier: inputs of n segments to probabilities."""

Fit = Callable[[Examples, Examples, int], Predict]
"""Trains a classifier on examples, stops early by others, with a seed."""
