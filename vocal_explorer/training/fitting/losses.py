"""The structure-preserving triplet loss (paper, equations 1 to 4), and what may be added to it."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import cosine_similarity, cross_entropy, normalize, one_hot

from vocal_explorer.training.presets import Scheme
from vocal_explorer.training.sampling.triplets import Triplets


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

    def term(anchors: Tensor, references: Tensor) -> Tensor:
        return hinge_rank_loss(anchors, references, triplets, margin)

    return sum_of_terms(vocals, mix, scheme, term)


def sum_of_terms(
    vocals: Tensor, mix: Tensor, scheme: Scheme, term: Callable[[Tensor, Tensor], Tensor]
) -> Tensor:
    """Weighted sum of `term`(anchors, references) over the four pairs of domains."""
    vocals, mix = normalize(vocals), normalize(mix)
    domains = ((vocals, mix), (mix, vocals), (mix, mix), (vocals, vocals))
    terms = [
        weight * term(anchors, references)
        for weight, (anchors, references) in zip(scheme.weights, domains, strict=True)
        if weight
    ]
    return torch.stack(terms).sum()


def hardest_rank_loss(
    anchors: Tensor, references: Tensor, labels: Tensor, n_negatives: int, margin: float
) -> Tensor:
    """Return `hinge_rank_loss` of every anchor and positive with the most similar negatives.

    Parameters
    ----------
    anchors, references
        Unit-length embeddings (n_segments, n) of the same batch.
    labels
        Who sings each segment, (n_segments,). Positives are other segments of the singer.
    n_negatives
        Of each anchor; all where there are fewer.
    margin
        As there.
    """
    similarity = anchors @ references.T
    same = labels[:, None] == labels[None, :]
    n_others = int((~same).sum(dim=1).min())
    hardest = similarity.masked_fill(same, -2.0).topk(min(n_negatives, n_others)).values
    others = same & ~torch.eye(len(labels), dtype=torch.bool, device=same.device)
    index, positives = others.nonzero(as_tuple=True)
    positive = similarity[index, positives]
    return torch.relu(margin - positive[:, None] + hardest[index]).sum(dim=1).mean()


def teacher_loss(embeddings: Tensor, targets: Tensor) -> Tensor:
    """Return the mean of 1 - cosine between embeddings (n_segments, n) and a teacher's."""
    return (1 - cosine_similarity(embeddings, targets)).mean()


def identity_loss(
    embeddings: Tensor, proxies: Tensor, identities: Tensor, margin: float = 0.15, scale: float = 20
) -> Tensor:
    """Return the additive margin softmax over all voices (Wang et al., 2018, equation 6).

    Parameters
    ----------
    embeddings
        Shape (n_segments, n), of any length.
    proxies
        One learnt point a voice, (n_identities, n); embeddings of all domains share them.
    identities
        Row of each segment's voice in `proxies`, (n_segments,).
    margin, scale
        m and s there.
    """
    cosines = normalize(embeddings) @ normalize(proxies).T
    targets = one_hot(identities, len(proxies))
    return cross_entropy(scale * (cosines - margin * targets), identities)
