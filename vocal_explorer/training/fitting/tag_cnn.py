"""The baseline of vocal tagging: a small CNN trained from scratch on log-mels."""

import copy
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from vocal_explorer.datasets.examples import Examples, Predict

CHANNELS = (32, 64, 128)
POOL = 3
MAX_EPOCHS = 50
PATIENCE = 5  # epochs without a lower validation loss
BATCH_SIZE = 64
LEARNING_RATE = 1e-3


class TagCnn(nn.Module):
    """The CNN of the KVT study, for segments of 129 frames (paper, section 4.4.1).

    After Kim et al., *Semantic Tagging of Singing Voices in Popular Music Recordings*
    (IEEE/ACM TASLP 2020), as other implementations describe it: three 3x3 convolutions
    with 32, 64 and 128 filters, 3x3 max-pooling after each, and one fully connected layer
    with a sigmoid for each tag. The ReLUs and the batch normalisation of the input and of
    each convolution are ours. The study's segments have 107 frames; here they have the
    encoders' 129, on which only the last layer's size depends.

    Parameters
    ----------
    n_mels, n_frames
        Shape of a segment.
    n_tags
        Number of outputs.
    """

    def __init__(self, n_mels: int, n_frames: int, n_tags: int) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.BatchNorm2d(1)]
        for n_in, n_out in zip((1, *CHANNELS[:-1]), CHANNELS, strict=True):
            layers += [
                nn.Conv2d(n_in, n_out, 3, padding=1, bias=False),
                nn.BatchNorm2d(n_out),
                nn.ReLU(),
                nn.MaxPool2d(POOL, ceil_mode=True),
            ]
        for _ in CHANNELS:
            n_mels, n_frames = -(-n_mels // POOL), -(-n_frames // POOL)
        layers += [nn.Flatten(), nn.Linear(CHANNELS[-1] * n_mels * n_frames, n_tags)]
        self.layers = nn.Sequential(*layers)

    def forward(self, mel: Tensor) -> Tensor:
        """Return logits (batch, n_tags) of log-mels (batch, n_mels, n_frames)."""
        logits: Tensor = self.layers(mel.unsqueeze(1))
        return logits


def fit_tag_cnn(training: Examples, validation: Examples, seed: int) -> Predict:
    """Train a TagCnn with binary cross-entropy.

    Adam with batches of 64 and a rate of 1e-3, stopped 5 epochs after the lowest
    validation loss and set back to it.

    Parameters
    ----------
    training, validation
        Log-mels (n, n_mels, n_frames) of segments, any floating type.
    seed
        Of the first weights and of the order of segments.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        _, n_mels, n_frames = training.inputs.shape
        network = TagCnn(n_mels, n_frames, training.targets.shape[1])
        optimiser = torch.optim.Adam(network.parameters(), LEARNING_RATE)
        best, lowest, best_epoch = network, np.inf, 0
        for epoch in range(MAX_EPOCHS):
            _train_epoch(network, optimiser, training)
            loss = _loss(network, validation)
            if loss < lowest:
                best, lowest, best_epoch = copy.deepcopy(network), loss, epoch
            elif epoch - best_epoch >= PATIENCE:
                break
    return lambda segments: torch.sigmoid(_logits(best, segments)).numpy()


def _train_epoch(network: TagCnn, optimiser: torch.optim.Optimizer, examples: Examples) -> None:
    network.train()
    order = torch.randperm(len(examples.inputs)).numpy()
    for start in range(0, len(order), BATCH_SIZE):
        rows = order[start : start + BATCH_SIZE]
        mel = torch.from_numpy(examples.inputs[rows]).float()
        targets = torch.from_numpy(examples.targets[rows]).float()
        loss = functional.binary_cross_entropy_with_logits(network(mel), targets)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()


def _loss(network: TagCnn, examples: Examples) -> float:
    targets = torch.from_numpy(examples.targets).float()
    logits = _logits(network, examples.inputs)
    return float(functional.binary_cross_entropy_with_logits(logits, targets))


@torch.inference_mode()
def _logits(network: TagCnn, segments: NDArray[np.floating[Any]]) -> Tensor:
    network.eval()
    mel = torch.from_numpy(segments)
    starts = range(0, len(mel), BATCH_SIZE)
    return torch.cat([network(mel[start : start + BATCH_SIZE].float()) for start in starts])
