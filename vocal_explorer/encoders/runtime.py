"""A loaded encoder pair, made fast: normalisation folded into the convolutions."""

from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from vocal_explorer.base.config import MelConfig
from vocal_explorer.base.process_tuning import memory_errors
from vocal_explorer.base.records.signals import Domain, Embedding, Waveform
from vocal_explorer.encoders.backbone import Backbone
from vocal_explorer.encoders.checkpoint import load_pair
from vocal_explorer.encoders.encoder_pair import EncoderPair


def load_runtime(folder: Path) -> "PairRuntime":
    """Load the pair in `folder`.

    Raises
    ------
    WeightsError
        If the weights cannot be used.
    """
    return PairRuntime(load_pair(folder))


class PairRuntime:
    """Encodes segments with a pair.

    Parameters
    ----------
    pair
        In evaluation mode; it is changed in place and can no longer be trained.
    """

    def __init__(self, pair: EncoderPair) -> None:
        self._pair = pair
        for domain in Domain:
            fuse(pair.encoder(domain).backbone)

    @property
    def config(self) -> MelConfig:
        """The front end of both encoders."""
        return self._pair.config

    @torch.inference_mode()
    def encode(self, domain: Domain, segments: Waveform) -> Embedding:
        """Return unit-length embeddings (n, 256) of leveled segments (n, n_samples).

        Raises
        ------
        MemoryError
            If the memory does not suffice.
        """
        with memory_errors():
            embeddings = self._pair.encoder(domain)(torch.from_numpy(segments))
        return np.asarray(embeddings.numpy(), dtype=np.float32)


def fuse(backbone: Backbone) -> None:
    """Fold each batch normalisation of an evaluation-mode backbone into its convolution."""
    layers = backbone.layers
    for index, layer in enumerate(layers):
        if isinstance(layer, nn.BatchNorm2d):
            convolution = layers[index - 1]
            assert isinstance(convolution, nn.Conv2d)
            layers[index - 1] = fuse_conv_bn_eval(convolution, layer)
            layers[index] = nn.Identity()
