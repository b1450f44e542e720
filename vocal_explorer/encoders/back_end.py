"""What follows the encoders: directions in which one voice varies much count less."""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from vocal_explorer.encoders.backbone import N_DIMENSIONS

STEADINESS = 1.0  # how much of the mean variance is added to that of every direction
RIDGE = 0.03  # the same, in a regression


class BackEnd(nn.Module):
    """A centre and a linear map for unit-length embeddings.

    Both are fitted after the training, by within-class covariance normalisation (Hatch et
    al., 2006), or the map learns with the encoders and is fitted last. A new one leaves
    embeddings as they are.
    """

    centre: Tensor
    whitening: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("centre", torch.zeros(N_DIMENSIONS))
        self.register_buffer("whitening", torch.eye(N_DIMENSIONS))

    def learn(self) -> None:
        """Let the map be a parameter from now on."""
        whitening = self.whitening
        del self.whitening
        self.whitening = nn.Parameter(whitening)

    def forward(self, embeddings: Tensor) -> Tensor:
        """Return unit-length embeddings (n, d) for embeddings (n, d) of any length."""
        return normalize((normalize(embeddings) - self.centre) @ self.whitening)


@torch.no_grad()
def fit_to_targets(back_end: BackEnd, embeddings: Tensor, targets: Tensor) -> None:
    """Let a back end map embeddings (n, d) to unit-length targets (n, d) as well as it can.

    Its centre becomes the embeddings' mean; the map is that of a ridge regression.
    """
    rows = normalize(embeddings.double())
    centre = rows.mean(dim=0)
    rows = rows - centre
    gram = rows.T @ rows
    gram += RIDGE * gram.trace() / len(gram) * torch.eye(len(gram))
    back_end.centre.copy_(centre)
    back_end.whitening.copy_(torch.linalg.solve(gram, rows.T @ targets.double()))


@torch.no_grad()
def fit_back_ends(back_ends: list[BackEnd], embeddings: list[Tensor], identities: Tensor) -> None:
    """Fit the back ends of encoders that share one space.

    Parameters
    ----------
    back_ends
        One for each domain, changed in place: each gets its domain's mean as its centre,
        and what follows their maps is the same for all.
    embeddings
        Of each domain, (n, d), row by row of the same voices.
    identities
        Whose they are, (n,).
    """
    centred = []
    for back_end, rows in zip(back_ends, embeddings, strict=True):
        rows = normalize(rows.double())
        back_end.centre.copy_(rows.mean(dim=0))
        centred.append((rows - rows.mean(dim=0)) @ back_end.whitening.double())
    rows, labels = torch.cat(centred), identities.repeat(len(centred))
    _, places, sizes = np.unique(labels.numpy(), return_inverse=True, return_counts=True)
    voices, counts = torch.from_numpy(places), torch.from_numpy(sizes)
    means = torch.zeros(len(counts), rows.shape[1], dtype=rows.dtype)
    means.index_add_(0, voices, rows)
    within = torch.cov((rows - (means / counts[:, None])[voices]).T, correction=0)
    n_dimensions = len(within)
    steady = within + STEADINESS * within.trace() / n_dimensions * torch.eye(n_dimensions)
    variances, directions = torch.linalg.eigh(steady)
    whitening = directions @ torch.diag(variances.rsqrt()) @ directions.T
    for back_end in back_ends:
        whole = back_end.whitening.double() @ whitening
        back_end.whitening.copy_(whole / torch.linalg.matrix_norm(whole, 2))
