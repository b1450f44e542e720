"""f_v and f_m: one encoder for isolated vocals, one for the mix."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from vocal_explorer.base.config import MelConfig
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.encoders.back_end import BackEnd
from vocal_explorer.encoders.backbone import CHANNELS, Backbone
from vocal_explorer.features.mel import LogMel


class Encoder(nn.Module):
    """A front end with its domain's statistics, a backbone of its own, and a back end."""

    def __init__(self, config: MelConfig, channels: Sequence[int] = CHANNELS) -> None:
        super().__init__()
        self.mel = LogMel(config)
        self.backbone = Backbone(channels)
        self.back_end = BackEnd()

    def forward(self, waveform: Tensor) -> Tensor:
        """Return unit-length embeddings (batch, 256) of segments (batch, n_samples)."""
        embedding: Tensor = self.back_end(self.embed(self.mel.unnormalised(waveform)))
        return embedding

    def features(self, log_mel: Tensor) -> Tensor:
        """Return what the backbone's frozen layers make of log-mels, shapes as in `embed`."""
        return self.backbone.features(self.mel.normalised(log_mel))

    def embed(self, log_mel: Tensor) -> Tensor:
        """Return what training sees: the backbone's output (batch, 256).

        Parameters
        ----------
        log_mel
            Shape (batch, n_mels, n_frames), not normalised; or the `features` of some, of
            four dimensions.
        """
        heard = log_mel if log_mel.ndim == 4 else self.mel.normalised(log_mel)
        embedding: Tensor = self.backbone(heard)
        return embedding


class EncoderPair(nn.Module):
    """Two encoders with their own weights that share one embedding space (paper, 3.2).

    Parameters
    ----------
    config
        The front end of both.
    channels
        Filters of each convolution; the last 256 are the dimensions.
    """

    def __init__(self, config: MelConfig, channels: Sequence[int] = CHANNELS) -> None:
        super().__init__()
        self.config = config
        self.vocal_encoder = Encoder(config, channels)
        self.mix_encoder = Encoder(config, channels)
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def encoder(self, domain: Domain) -> Encoder:
        """Return f_v for VOCALS and f_m for MIX."""
        return self.vocal_encoder if domain is Domain.VOCALS else self.mix_encoder
