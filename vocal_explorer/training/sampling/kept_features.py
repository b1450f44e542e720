"""Batches whose lower layers are computed once: what learns above them is a small part.

Of the eight convolutions the last three have half of the weights and need a hundredth of
the arithmetic, so on a processor they learn from a batch a hundred times for the price of
one step of all layers.
"""

import copy
from functools import partial

import numpy as np
import torch
from torch import Tensor

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.encoders.encoder_pair import EncoderPair
from vocal_explorer.encoders.runtime import fuse
from vocal_explorer.training.banks.array_cache import ArrayCache
from vocal_explorer.training.fitting.parallel_encoders import ParallelEncoders
from vocal_explorer.training.sampling.batches import Batch, Draw


class KeptFeatures:
    """Keeps what the frozen layers of a pair make of the batches of a sampler.

    Parameters
    ----------
    pair
        Its backbones are frozen to some depth.
    draw
        Draws batches with identities and targets.
    cache
        Where they are kept.
    key
        Says which pair and which sampler.
    seed
        Of the draws.
    """

    def __init__(
        self, pair: EncoderPair, draw: Draw, cache: ArrayCache, key: str, seed: int
    ) -> None:
        self._pair = copy.deepcopy(pair).eval()
        for domain in Domain:
            fuse(self._pair.encoder(domain).backbone)
        self._draw = draw
        self._cache = cache
        self._key = key
        self._seed = seed
        self._kept: list[Batch] = []

    def prepare(self, n_batches: int, progress: Progress) -> None:
        """Keep `n_batches` batches; those of an earlier call are there already."""
        domains = (Domain.VOCALS, Domain.MIX)
        with ParallelEncoders(self._pair, domains, torch.device("cpu")) as encoders:
            for number in range(len(self._kept), n_batches):
                progress.report(number / n_batches, "computing lower layers")
                key = f"features|{self._key}|{self._seed}|{number}"
                arrays = self._cache.get(key, partial(self._arrays, encoders, number))
                self._kept.append(_batch(arrays))

    def batch(self, n_singers: int, n_segments: int, rng: np.random.Generator) -> Batch:
        """Return kept batches joined to one of about `n_singers` voices, (n, ...) each.

        The segments of a voice exchange columns (0.7 s), so that no segment comes twice.
        """
        n_each = len(np.unique(self._kept[0].labels)) * n_segments
        count = max(1, n_singers * n_segments // n_each)
        chosen = [self._kept[i] for i in rng.choice(len(self._kept), count, replace=False)]
        identities = _joined([batch.identities for batch in chosen])
        return Batch(
            _exchanged(_joined([batch.vocals for batch in chosen]), identities, rng).float(),
            _exchanged(_joined([batch.mix for batch in chosen]), identities, rng).float(),
            identities.numpy(),
            identities=identities,
            targets=_joined([batch.targets for batch in chosen]).float(),
        )

    def _arrays(self, encoders: ParallelEncoders, number: int) -> dict[str, np.ndarray]:
        batch = self._draw(np.random.default_rng((self._seed, 5, number)))
        features = encoders.features(batch.log_mels)
        assert batch.identities is not None
        assert batch.targets is not None
        return {
            "vocals": features[Domain.VOCALS].half().numpy(),
            "mix": features[Domain.MIX].half().numpy(),
            "identities": batch.identities.numpy(),
            "targets": batch.targets.numpy(),
        }


def _batch(arrays: dict[str, np.ndarray]) -> Batch:
    tensors = {name: torch.from_numpy(values) for name, values in arrays.items()}
    identities = tensors["identities"]
    return Batch(
        tensors["vocals"],
        tensors["mix"],
        arrays["identities"],
        identities=identities,
        targets=tensors["targets"],
    )


def _exchanged(features: Tensor, identities: Tensor, rng: np.random.Generator) -> Tensor:
    """Deal the columns of each run of segments of one voice out to them anew.

    Parameters
    ----------
    features
        Shape (n, n_channels, rows, columns).
    identities
        Whose they are, (n,).
    rng
        Deals.
    """
    begins = np.flatnonzero(np.diff(identities.numpy(), prepend=-1))
    order = np.empty((len(features), features.shape[-1]), np.int64)
    for begin, end in zip(begins, [*begins[1:], len(features)], strict=True):
        for column in range(order.shape[1]):
            order[begin:end, column] = rng.permutation(np.arange(begin, end))
    columns = [features[order[:, column], :, :, column] for column in range(order.shape[1])]
    return torch.stack(columns, dim=-1)


def _joined(parts: list[Tensor | None]) -> Tensor:
    return torch.cat([part for part in parts if part is not None])
