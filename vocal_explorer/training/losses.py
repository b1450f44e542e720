"""The structure-preserving triplet loss (paper, equations 1 to 4)."""

import torch
from torch import Tensor
from torch.nn.functional import normalize

from vocal_explorer.training.presets import Scheme
from vocal_explorer.training.triplets import Triplets


def hinge_rank_loss(
    anchors: Tensor, references: Tensor, triplets: Triplets, margin: float
) -> Tensor:
    """Mean over triplets of the sum over negatives of [margin + d(a, p) - d(a, n)]_+.

    d is the cosine distance of equation 2, minus the cosine.

    Parameters
    ----------
    anchors, references
        Unit-length embeddings (n_segments, n) of the same batch. Anchors come from
        the first, positives and negatives from the second: pass two domains for a
        cross-domain term, one domain twice for a structure-preserving term.
    triplets
        Positions in the batch.
    margin
        M of the paper, 0.4 there.
    """
    similarity = anchors @ references.T
    index, positives, negatives = (
        torch.from_numpy(positions).to(anchors.device)
        for positions in (triplets.anchors, triplets.positives, triplets.negatives)
    )
    positive = similarity[index, positives]
    negative = similarity[index[:, None], negatives]
    return torch.relu(margin - positive[:, None] + negative).sum(dim=1).mean()


def structure_preserving_loss(
    vocals: Tensor, mix: Tensor, triplets: Triplets, scheme: Scheme, margin: float
) -> Tensor:
    """Weighted sum of the four terms of equation 4.

    Parameters
    ----------
    vocals, mix
        f_v and f_m of the same segments, shape (n_segments, n), of any length.
    triplets, margin
        As in `hinge_rank_loss`.
    scheme
        Its weights are lambda 1 to 4; terms of weight 0 are not computed.
    """
    vocals, mix = normalize(vocals), normalize(mix)
    domains = ((vocals, mix), (mix, vocals), (mix, mix), (vocals, vocals))
    terms = [
        weight * hinge_rank_loss(anchors, references, triplets, margin)
        for weight, (anchors, references) in zip(scheme.weights, domains, strict=True)
        if weight
    ]
    return torch.stack(terms).sum()
