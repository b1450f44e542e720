"""The embedded separator's network: a U-Net over patches that estimates a mask for the vocals.

Patches of the spectrogram become channels first, so that no convolution runs at full
resolution; after every pair of convolutions a dense layer along frequency sees all
harmonics of a voice at once (as in Choi et al., "Investigating U-Nets with various
intermediate blocks for spectrogram-based singing voice separation", ISMIR 2020).
"""

import copy
import itertools
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval, fuse_linear_bn_eval

from vocal_explorer.separation.stream import magnitude

N_VIEWS = 4  # left, right, their half sum and half difference


@dataclass(frozen=True)
class MaskUNetConfig:
    """Front end and size of a MaskUNet; saved with its weights."""

    n_fft: int = 4096  # samples at 44.1 kHz
    hop_length: int = 1024  # samples
    n_bins: int = 1024  # bins the network sees, 0 to 11 kHz; the mask is extended above
    patch_bins: int = 4
    patch_frames: int = 2
    channels: tuple[int, ...] = (48, 64, 128, 192, 256)
    bottleneck: int = 8  # how much narrower than the frequency axis the dense layers are

    @property
    def time_multiple(self) -> int:
        """Frames that one step of the deepest level spans; inputs are multiples of it."""
        return self.patch_frames << (len(self.channels) - 1)

    @property
    def context_frames(self) -> int:
        """Frames to either side of it that a frame of the mask depends on, or a few more."""
        return 5 * self.time_multiple


def _conv(n_in: int, n_out: int, size: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(n_in, n_out, size, stride=stride, padding=size // 2, bias=False),
        nn.BatchNorm2d(n_out),
    )


class _Rows(nn.Module):
    """A dense layer along frequency with its batch norm."""

    def __init__(self, n_in: int, n_out: int) -> None:
        super().__init__()
        self.dense = nn.Linear(n_in, n_out)
        self.norm = nn.BatchNorm1d(n_out)

    def forward(self, rows: Tensor) -> Tensor:
        """Map (batch, n_in, n) to (batch, n_out, n)."""
        weight = self.dense.weight.expand(len(rows), -1, -1)
        x: Tensor = self.norm(torch.baddbmm(self.dense.bias[:, None], weight, rows))
        return torch.relu_(x)


class _AlongFrequency(nn.Module):
    """Dense layers along frequency, the same for every channel and frame, added to the input."""

    def __init__(self, n_rows: int, n_hidden: int) -> None:
        super().__init__()
        self.narrow = _Rows(n_rows, n_hidden)
        self.widen = _Rows(n_hidden, n_rows)

    def forward(self, x: Tensor) -> Tensor:
        batch, n_channels, n_rows, n_frames = x.shape
        rows = x.permute(0, 2, 3, 1).reshape(batch, n_rows, n_frames * n_channels)
        seen: Tensor = self.widen(self.narrow(rows)).view(batch, n_rows, n_frames, n_channels)
        return x + seen.permute(0, 3, 1, 2)


class _Block(nn.Module):
    """A residual convolution, then the view along frequency."""

    def __init__(self, n_channels: int, n_rows: int, bottleneck: int) -> None:
        super().__init__()
        self.convolution = _conv(n_channels, n_channels, 3)
        self.along_frequency = _AlongFrequency(n_rows, max(8, n_rows // bottleneck))

    def forward(self, x: Tensor) -> Tensor:
        seen: Tensor = self.along_frequency(x + torch.relu_(self.convolution(x)))
        return seen


class MaskUNet(nn.Module):
    """Magnitudes of a stereo mix in four views in, a stereo vocal mask in [0, 1] out."""

    def __init__(self, config: MaskUNetConfig) -> None:
        super().__init__()
        self.config = config
        sizes = config.channels
        n_patch = config.patch_bins * config.patch_frames
        rows = [config.n_bins // config.patch_bins >> level for level in range(len(sizes))]
        blocks = [_Block(size, n, config.bottleneck) for size, n in zip(sizes, rows, strict=True)]
        self.first = _conv(N_VIEWS * n_patch, sizes[0], 3)
        self.encoder = nn.ModuleList(blocks)
        steps = list(itertools.pairwise(sizes))
        self.down = nn.ModuleList(_conv(n_in, n_out, 3, stride=2) for n_in, n_out in steps)
        self.up = nn.ModuleList(_conv(n_out, n_in, 1) for n_in, n_out in steps)
        self.decoder = nn.ModuleList(
            _Block(size, n, config.bottleneck) for size, n in zip(sizes[:-1], rows, strict=False)
        )
        self.mask = nn.Conv2d(sizes[0], 2 * n_patch, 3, padding=1)
        self.mask_of_input = nn.Conv2d(N_VIEWS * n_patch, 2 * n_patch, 1, bias=False)

    def forward(self, views: Tensor) -> Tensor:
        """Return the mask (batch, 2, n_bins, n_frames) for `views_of` a mix.

        n_frames must be a multiple of `config.time_multiple`.
        """
        patches = self._to_patches(torch.log1p(views).to(self.mask.weight.dtype))
        x = torch.relu_(self.first(patches))
        skips = []
        for block, down in zip(self.encoder[:-1], self.down, strict=True):
            skips.append(block(x))
            x = torch.relu_(down(skips[-1]))
        x = self.encoder[-1](x)
        for up, block in zip(reversed(self.up), reversed(self.decoder), strict=True):
            x = nn.functional.interpolate(up(x), scale_factor=2.0, mode="nearest")
            x = block(torch.relu_(x + skips.pop()))
        return self._from_patches(torch.sigmoid(self.mask(x) + self.mask_of_input(patches)))

    def fused(self) -> "MaskUNet":
        """Return a copy for inference, with the batch norms folded into their convolutions.

        It computes in bfloat16 where the processor multiplies in it: several times as fast,
        and the masks move by less than a thousandth.
        """
        network = copy.deepcopy(self).eval()
        for module in network.modules():
            match list(module.named_children()):
                case [(first, nn.Conv2d() as layer), (second, nn.BatchNorm2d() as norm)]:
                    setattr(module, first, fuse_conv_bn_eval(layer, norm))
                    setattr(module, second, nn.Identity())
                case [(first, nn.Linear() as layer), (second, nn.BatchNorm1d() as norm)]:
                    setattr(module, first, fuse_linear_bn_eval(layer, norm))
                    setattr(module, second, nn.Identity())
        dtype = torch.bfloat16 if torch.cpu._is_avx512_bf16_supported() else torch.float32
        return network.to(dtype=dtype, memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]

    def _to_patches(self, x: Tensor) -> Tensor:
        """Turn (batch, n, bins, frames) into (batch, n * patch, rows, columns)."""
        config = self.config
        batch, n, bins, frames = x.shape
        height, width = config.patch_bins, config.patch_frames
        cut = x.reshape(batch, n, bins // height, height, frames // width, width)
        patches = cut.permute(0, 1, 3, 5, 2, 4).reshape(batch, -1, bins // height, frames // width)
        return patches.contiguous(memory_format=torch.channels_last)

    def _from_patches(self, patches: Tensor) -> Tensor:
        config = self.config
        batch, _, rows, columns = patches.shape
        height, width = config.patch_bins, config.patch_frames
        cut = patches.reshape(batch, 2, height, width, rows, columns)
        return cut.permute(0, 1, 4, 2, 5, 3).reshape(batch, 2, rows * height, columns * width)


def views_of(spectrum: Tensor) -> Tensor:
    """Return the magnitudes of left, right, half sum and half difference.

    Parameters
    ----------
    spectrum
        Complex STFT of stereo mixes (batch, 2, n_bins, n_frames).

    Returns
    -------
    Tensor
        (batch, 4, n_bins, n_frames): what is in the middle of the stereo image tells voices.
    """
    left, right = spectrum.unbind(dim=1)
    return magnitude(torch.stack((left, right, (left + right) / 2, (left - right) / 2), dim=1))
