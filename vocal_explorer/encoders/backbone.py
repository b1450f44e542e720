"""The CNN that every encoder is (paper, section 3.1)."""

from collections.abc import Sequence

from torch import Tensor, nn

from vocal_explorer.encoders.norm_relu_pool import convolve_norm_relu_pool

CHANNELS = (64, 128, 128, 128, 128, 128, 128, 256)
N_DIMENSIONS = CHANNELS[-1]


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

    def forward(self, mel: Tensor) -> Tensor:
        """Return embeddings (batch, 256) of normalised log-mels (batch, n_mels, n_frames)."""
        layer = mel.unsqueeze(1)
        if self.training and not mel.is_cuda:
            return self._train(layer)
        embedding: Tensor = self.layers(layer)
        return embedding

    def _train(self, layer: Tensor) -> Tensor:
        """Compute the same in fewer passes through the memory, which is what a processor lacks."""
        layers = list(self.layers)
        for convolution, norm in zip(layers[0:-5:4], layers[1:-5:4], strict=True):
            assert isinstance(convolution, nn.Conv2d)
            assert isinstance(norm, nn.BatchNorm2d)
            layer = convolve_norm_relu_pool(layer, convolution, norm)
        embedding: Tensor = self.layers[-5:](layer)
        return embedding
