"""The embedded separator's network: a U-Net that estimates a mask for the vocals."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class MaskUNetConfig:
    """Front end and size of a MaskUNet; saved with its weights."""

    n_fft: int = 4096  # samples at 44.1 kHz
    hop_length: int = 1024  # samples
    n_bins: int = 1024  # bins the network sees, 0 to 11 kHz; the mask is extended above
    channels: tuple[int, ...] = (16, 32, 64, 128, 256, 256)

    def whole_frames(self, n_frames: int) -> int:
        """Return the next number of frames that every level of the network can halve."""
        multiple = 1 << len(self.channels)
        return -(-n_frames // multiple) * multiple


def _down(n_in: int, n_out: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(n_in, n_out, 5, stride=2, padding=2, bias=False),
        nn.BatchNorm2d(n_out),
        nn.LeakyReLU(0.2),
    )


def _up(n_in: int, n_out: int) -> nn.Sequential:
    return nn.Sequential(
        nn.ConvTranspose2d(n_in, n_out, 4, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(n_out),
        nn.ReLU(),
    )


class MaskUNet(nn.Module):
    """Stereo magnitudes in, a stereo vocal mask in [0, 1] out.

    The layout follows the U-Net of Jansson et al. (ISMIR 2017): strided 5x5
    convolutions down, transposed ones up, skips between equal sizes.
    """

    def __init__(self, config: MaskUNetConfig) -> None:
        super().__init__()
        self.config = config
        sizes = config.channels
        self.down = nn.ModuleList(
            _down(n_in, n_out) for n_in, n_out in zip((2, *sizes), sizes, strict=False)
        )
        self.up = nn.ModuleList(
            _up(sizes[level] * (1 if level == len(sizes) - 1 else 2), sizes[max(level - 1, 0)])
            for level in reversed(range(len(sizes)))
        )
        self.mask = nn.Conv2d(sizes[0] + 2, 2, 3, padding=1)

    def forward(self, magnitude: Tensor) -> Tensor:
        """Return the mask for `magnitude`, both (batch, 2, n_bins, n_frames)."""
        x = torch.log1p(magnitude)
        skips = [x]
        for layer in self.down:
            skips.append(layer(skips[-1]))
        x = skips.pop()
        for level, layer in enumerate(self.up):
            x = layer(x if level == 0 else torch.cat((x, skips.pop()), dim=1))
        return torch.sigmoid(self.mask(torch.cat((x, skips.pop()), dim=1)))
