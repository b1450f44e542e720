"""Singer models: the mean of a singer's track embeddings."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vocal_explorer.base.names import label_key
from vocal_explorer.base.records.signals import Embedding
from vocal_explorer.base.vectors import unit_rows


@dataclass(frozen=True)
class SingerModels:
    """`vectors` is (n_singers, d), unit rows; singer i has `counts[i]` tracks in it."""

    singers: tuple[str, ...]
    vectors: Embedding
    counts: tuple[int, ...]


def singer_models(
    vectors: Embedding, labels: Sequence[str], leave_out: int | None = None
) -> SingerModels:
    """Average the tracks of each singer.

    Parameters
    ----------
    vectors
        Track embeddings in one space, (n_tracks, d), unit rows.
    labels
        The singer of each track; tracks without a label make no singer.
    leave_out
        Index of a query track that must not be part of its own singer's model.
    """
    groups: dict[str, list[int]] = {}
    for index, label in enumerate(labels):
        if index != leave_out and label.strip():
            groups.setdefault(label_key(label), []).append(index)
    if not groups:
        return SingerModels((), np.empty((0, vectors.shape[1]), np.float32), ())
    means = np.stack([vectors[indices].mean(axis=0) for indices in groups.values()])
    return SingerModels(
        tuple(labels[indices[0]] for indices in groups.values()),
        unit_rows(means),
        tuple(len(indices) for indices in groups.values()),
    )
