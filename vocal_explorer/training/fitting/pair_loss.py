"""What an encoder pair minimises, as its scheme and preset say."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn

from vocal_explorer.base.records.signals import Domain
from vocal_explorer.encoders.backbone import N_DIMENSIONS
from vocal_explorer.training.fitting.losses import (
    hardest_rank_loss,
    identity_loss,
    structure_preserving_loss,
    sum_of_terms,
    teacher_loss,
)
from vocal_explorer.training.presets import Preset, Scheme
from vocal_explorer.training.sampling.batches import Batch
from vocal_explorer.training.sampling.triplets import draw_triplets


class PairLoss(nn.Module):
    """The scheme's triplet loss, with identity and teacher loss where the preset weighs them.

    Parameters
    ----------
    scheme, preset
        Which terms, and which triplets.
    n_identities
        How many voices the batches name; 0 where they name none.
    points
        The first proxies of these voices, (n_identities, n) (default: random ones).
    """

    def __init__(
        self, scheme: Scheme, preset: Preset, n_identities: int = 0, points: Tensor | None = None
    ) -> None:
        super().__init__()
        self.scheme = scheme
        self.preset = preset
        n_proxies = n_identities if preset.identity_weight else 0
        proxies = torch.randn(n_proxies, N_DIMENSIONS) / N_DIMENSIONS**0.5
        if n_proxies and points is not None:
            proxies = points.clone()
        self.proxies = nn.Parameter(proxies)

    def ranking(
        self, embeddings: Mapping[Domain, Tensor], batch: Batch, rng: np.random.Generator
    ) -> Tensor:
        """Return the triplet loss alone: what counts for voices that have no proxies.

        Parameters
        ----------
        embeddings
            By domain, (n_segments, n), of any length.
        batch
            Where they come from.
        rng
            Draws triplets where they are random.
        """
        mix = embeddings[Domain.MIX]  # every scheme needs it; MIXED has no other
        vocals = embeddings.get(Domain.VOCALS, mix)
        preset = self.preset
        if preset.hardest:
            labels = torch.from_numpy(batch.labels).to(mix.device)

            def term(anchors: Tensor, references: Tensor) -> Tensor:
                return hardest_rank_loss(
                    anchors, references, labels, preset.n_negatives, preset.margin
                )

            return sum_of_terms(vocals, mix, self.scheme, term)
        triplets = batch.triplets or draw_triplets(
            batch.labels, preset.n_triplets, preset.n_negatives, rng
        )
        return structure_preserving_loss(vocals, mix, triplets, self.scheme, preset.margin)

    def forward(
        self, embeddings: Mapping[Domain, Tensor], batch: Batch, rng: np.random.Generator
    ) -> Tensor:
        """Return the whole loss; arguments as in `ranking`."""
        loss = self.ranking(embeddings, batch, rng)
        share = 1 / len(embeddings)
        for rows in embeddings.values():
            if len(self.proxies) and batch.identities is not None:
                identities = batch.identities.to(rows.device)
                weight = share * self.preset.identity_weight
                loss = loss + weight * identity_loss(rows, self.proxies, identities)
            if self.preset.teacher_weight and batch.targets is not None:
                weight = share * self.preset.teacher_weight
                loss = loss + weight * teacher_loss(rows, batch.targets.to(rows.device))
        return loss
