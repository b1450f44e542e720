"""Fitting the back ends of a pair to voices whose identities, or whose targets, are known."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.encoders.back_end import fit_back_ends, fit_to_targets
from vocal_explorer.encoders.checkpoint import load_pair, save_pair
from vocal_explorer.encoders.encoder_pair import EncoderPair
from vocal_explorer.training.fitting.parallel_encoders import ParallelEncoders
from vocal_explorer.training.presets import Scheme
from vocal_explorer.training.sampling.batches import Batch, Draw

VOICE_BATCHES = 80
TEACHER_BATCHES = 30


def fit_to_voices(folder: Path, scheme: Scheme, draw: Draw, seed: int, progress: Progress) -> None:
    """Fit the back ends of the pair in `folder` to batches whose identities are known."""
    pair = load_pair(folder)
    found, batches = _heard(pair, scheme, draw, (seed, 3), VOICE_BATCHES, progress)
    identities = [batch.identities for batch in batches if batch.identities is not None]
    fit_back_ends(
        [pair.encoder(domain).back_end for domain in found],
        list(found.values()),
        torch.cat(identities),
    )
    save_pair(pair, folder, scheme.name)


def fit_to_teacher(pair: EncoderPair, scheme: Scheme, draw: Draw, seed: int) -> None:
    """Let the back ends of a pair map what it hears to a teacher's targets, each domain by its own.

    From there the maps can learn with the encoders.
    """
    training = pair.training
    found, batches = _heard(pair.eval(), scheme, draw, (seed, 4), TEACHER_BATCHES, Progress())
    targets = torch.cat([batch.targets for batch in batches if batch.targets is not None])
    for domain, rows in found.items():
        fit_to_targets(pair.encoder(domain).back_end, rows, targets)
    pair.train(training)


def _heard(
    pair: EncoderPair,
    scheme: Scheme,
    draw: Draw,
    seed: tuple[int, int],
    n_batches: int,
    progress: Progress,
) -> tuple[dict[Domain, Tensor], list[Batch]]:
    """Return what the backbones make of some batches, (n, d) by domain, and the batches."""
    found: dict[Domain, list[Tensor]] = {domain: [] for domain in scheme.domains}
    batches = []
    with ParallelEncoders(pair, scheme.domains, torch.device("cpu")) as encoders:
        for number in range(n_batches):
            progress.report(number / n_batches, "comparing voices")
            batches.append(draw(np.random.default_rng((*seed, number))))
            for domain, rows in encoders.embed(batches[-1].log_mels, learning=False).items():
                found[domain].append(rows)
    return {domain: torch.cat(rows) for domain, rows in found.items()}, batches
