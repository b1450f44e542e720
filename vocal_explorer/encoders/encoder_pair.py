"""f_v and f_m: one encoder for isolated vocals, one for the mix."""

import torch
from torch import Tensor, nn

from vocal_explorer.config import MelConfig
from vocal_explorer.encoders.backbone import Backbone
from vocal_explorer.features.mel import LogMel
from vocal_explorer.records import Domain


class Encoder(nn.Module):
    """A front end with its domain's statistics, and a backbone of its own."""

    def __init__(self, config: MelConfig) -> None:
        super().__init__()
        self.mel = LogMel(config)
        self.backbone = Backbone()

    def forward(self, waveform: Tensor) -> Tensor:
        """Return embeddings (batch, 256) of segments (batch, n_samples)."""
        return self.embed(self.mel.unnormalised(waveform))

    def embed(self, log_mel: Tensor) -> Tensor:
        """Return embeddings (batch, 256) of log-mels (batch, n_mels, n_frames) as they are."""
        embedding: Tensor = self.backbone(self.mel.normalised(log_mel))
        return embedding


class EncoderPair(nn.Module):
    """Two encoders with their own weights that share one embedding space (paper, 3.2).

    Parameters
    ----------
    config
        The front end of both.
    """

    def __init__(self, config: MelConfig) -> None:
        super().__init__()
        self.config = config
        self.vocal_encoder = Encoder(config)
        self.mix_encoder = Encoder(config)
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def encoder(self, domain: Domain) -> Encoder:
        """Return f_v for VOCALS and f_m for MIX."""
        return self.vocal_encoder if domain is Domain.VOCALS else self.mix_encoder
