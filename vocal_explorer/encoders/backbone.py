"""The CNN that every encoder is (paper, section 3.1)."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import max_pool2d
from torch.nn.utils.fusion import fuse_conv_bn_eval

from vocal_explorer.encoders.norm_relu_pool import convolve_norm_relu_pool

CHANNELS = (64, 128, 128, 128, 128, 128, 128, 256)
N_DIMENSIONS = CHANNELS[-1]
_LAYERS_EACH = 4  # convolution, normalisation, ReLU, pooling


def _convolution(n_in: int, n_out: int) -> list[nn.Module]:
    return [nn.Conv2d(n_in, n_out, 3, padding=1, bias=False), nn.BatchNorm2d(n_out), nn.ReLU()]


class Backbone(nn.Module):
    """Eight 3x3 convolutions with batch normalisation, ReLU and 2x2 max-pooling.

    The last pooling is global and averages; its output is the embedding.

    Parameters
    ----------
    channels
        Filters of each convolution; the paper's are the default.
    """

    def __init__(self, channels: Sequence[int] = CHANNELS) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for n_in, n_out in zip((1, *channels[:-1]), channels, strict=True):
            layers += [*_convolution(n_in, n_out), nn.MaxPool2d(2)]
        layers[-1] = nn.AdaptiveAvgPool2d(1)
        self.layers = nn.Sequential(*layers, nn.Flatten())
        self._n_frozen = 0

    def freeze(self, n_convolutions: int) -> None:
        """Let the first `n_convolutions`, with their normalisation, stay as they are."""
        self._n_frozen = n_convolutions
        self._frozen().requires_grad_(False)
        self.train(self.training)

    def train(self, mode: bool = True) -> "Backbone":
        """Switch between training and evaluation; frozen layers stay in evaluation."""
        super().train(mode)
        self._frozen().eval()
        return self

    def _frozen(self) -> nn.Sequential:
        return nn.Sequential(*list(self.layers)[: _LAYERS_EACH * self._n_frozen])

    def features(self, mel: Tensor) -> Tensor:
        """Return what the frozen layers make of normalised log-mels (batch, n_mels, n_frames).

        Its shape is (batch, n_channels, n_mels >> n, n_frames >> n) after n convolutions.
        """
        features: Tensor = self._frozen()(mel.unsqueeze(1))
        return features

    def forward(self, mel: Tensor) -> Tensor:
        """Return embeddings (batch, 256) of normalised log-mels (batch, n_mels, n_frames).

        Instead of them it takes their `features`, of four dimensions.
        """
        known = mel.ndim == 4
        layers = list(self.layers)[_LAYERS_EACH * self._n_frozen if known else 0 :]
        layer = mel if known else mel.unsqueeze(1)
        if self.training and not mel.is_cuda:
            return _train(layers, layer)
        for each in layers:
            layer = each(layer)
        return layer


def _train(layers: Sequence[nn.Module], layer: Tensor) -> Tensor:
    """Compute layers in fewer passes through the memory, which is what a processor lacks."""
    for convolution, norm in zip(layers[0:-5:4], layers[1:-5:4], strict=True):
        assert isinstance(convolution, nn.Conv2d)
        assert isinstance(norm, nn.BatchNorm2d)
        if norm.training:
            layer = convolve_norm_relu_pool(layer, convolution, norm)
        else:
            layer = max_pool2d(torch.relu_(fuse_conv_bn_eval(convolution, norm)(layer)), 2)
    for last in layers[-5:]:
        layer = last(layer)
    return layer
