"""Spleeter's U-Net, which estimates the magnitudes of one stem from those of the mix.

It computes what Deezer's graph computes, with its variables, but works on (bins, frames)
where the graph works on (frames, bins), and folds the batch normalisations into what is
next to them.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from vocal_explorer.errors import WeightsError
from vocal_explorer.separation.tf_checkpoint import Tensors

STEMS = ("vocals", "accompaniment")  # in the order of their variables
N_BINS = 1024  # the network sees nothing above
BLOCK_FRAMES = 512
_DOWN = (2, 16, 32, 64, 128, 256, 512)  # channels
_UP = (256, 128, 64, 32, 16, 1)
_DEPTH = len(_UP)
_PER_STEM = {"conv2d": _DEPTH + 1, "conv2d_transpose": _DEPTH, "batch_normalization": 2 * _DEPTH}
_EPSILON = 1e-3  # of the batch normalisation
_SLOPE = 0.2  # of the LeakyReLU
_CHANNELS_LAST = torch.channels_last


class Variables:
    """One stem's variables: TensorFlow numbers those of a kind through all stems.

    Parameters
    ----------
    tensors
        The checkpoint's.
    stem
        One of STEMS.
    """

    def __init__(self, tensors: Tensors, stem: str) -> None:
        self._tensors = tensors
        self._stem = STEMS.index(stem)

    def kernel(self, kind: str, index: int, shape: tuple[int, ...]) -> Tensor:
        """Return the kernel of layer `index`, its dimensions reversed: (.., .., bins, frames)."""
        return self._get(kind, index, "kernel", shape).permute(3, 2, 1, 0)

    def bias(self, kind: str, index: int, n_channels: int) -> Tensor:
        """Return the bias of layer `index`, shape (n_channels,)."""
        return self._get(kind, index, "bias", (n_channels,))

    def normalisation(self, index: int, n_channels: int) -> tuple[Tensor, Tensor]:
        """Return what batch normalisation `index` multiplies with and then adds."""
        gamma, beta, mean, variance = (
            self._get("batch_normalization", index, name, (n_channels,)).double()
            for name in ("gamma", "beta", "moving_mean", "moving_variance")
        )
        scale = gamma / (variance + _EPSILON).sqrt()
        return scale.float(), (beta - mean * scale).float()

    def _get(self, kind: str, index: int, name: str, shape: tuple[int, ...]) -> Tensor:
        number = self._stem * _PER_STEM[kind] + index
        full_name = f"{kind}_{number}/{name}" if number else f"{kind}/{name}"
        stored = self._tensors.get(full_name)
        if stored is None or stored.shape != shape:
            found = "is missing" if stored is None else f"has the shape {stored.shape}"
            raise WeightsError(
                f"These are no weights of Spleeter with 2 stems: {full_name} {found}."
            )
        return torch.from_numpy(np.array(stored, np.float32))


@dataclass(frozen=True)
class _Down:
    """Convolution that halves both sides; `scale` and `shift` are its batch normalisation."""

    kernel: Tensor
    bias: Tensor
    scale: Tensor
    shift: Tensor

    def convolve(self, x: Tensor) -> Tensor:
        """Return what the decoder gets as well: (1, n_out, n_bins / 2, n_frames / 2)."""
        return functional.conv2d(functional.pad(x, (1, 2, 1, 2)), self.kernel, self.bias, stride=2)

    def activate(self, x: Tensor) -> Tensor:
        """Return what the next convolution gets."""
        return functional.leaky_relu_(torch.addcmul(self.shift, x, self.scale), _SLOPE)


@dataclass(frozen=True)
class _Up:
    """Transposed convolution that doubles both sides, ReLU and batch normalisation.

    The normalisation, scale * relu(x) + shift, is folded into the convolution and becomes
    a limit to its result: from below where the scale is positive, else from above.
    """

    kernel: Tensor
    bias: Tensor
    lowest: Tensor
    highest: Tensor

    def __call__(self, x: Tensor) -> Tensor:
        """Turn (1, n_in, n_bins, n_frames) into (1, n_out, 2 * n_bins, 2 * n_frames)."""
        wide = functional.conv_transpose2d(x, self.kernel, self.bias, stride=2, padding=1)
        return wide[:, :, :-1, :-1].clamp(self.lowest, self.highest)


class _LastUp(_Up):
    """The transposed convolution to one channel, as a matrix product and shifted sums.

    The direct one is made for many channels and takes four times as long.
    """

    def __call__(self, x: Tensor) -> Tensor:
        """See _Up."""
        n_bins, n_frames = x.shape[2:]
        pixels = x.permute(0, 2, 3, 1).reshape(-1, x.shape[1])
        columns = (self.kernel.flatten(1).T @ pixels.T)[None]
        wide = functional.fold(
            columns, (2 * n_bins + 1, 2 * n_frames + 1), kernel_size=5, padding=1, stride=2
        )
        return (wide[:, :, :-1, :-1] + self.bias).clamp(self.lowest, self.highest)


@dataclass(frozen=True)
class _Mask:
    """The last convolution, 4 x 4 with a dilation of 2, and the sigmoid: one mask a channel.

    It has one input channel, for which sums of shifted copies are ten times as fast.
    """

    kernel: Tensor  # (4, 4, 2, 1, 1)
    bias: Tensor  # (2, 1, 1)

    def __call__(self, x: Tensor) -> Tensor:
        """Turn (1, 1, n_bins, n_frames) into (2, n_bins, n_frames)."""
        n_bins, n_frames = x.shape[2:]
        padded = functional.pad(x[0], (3, 3, 3, 3))
        total = self.bias.expand(2, n_bins, n_frames).clone()
        for row, column in product(range(4), repeat=2):
            shifted = padded[:, 2 * row :, 2 * column :][:, :n_bins, :n_frames]
            total.addcmul_(shifted, self.kernel[row, column])
        return total.sigmoid_()


class SpleeterUNet:
    """Estimates one stem's magnitudes.

    Parameters
    ----------
    tensors
        The checkpoint's variables.
    stem
        One of STEMS.

    Raises
    ------
    WeightsError
        If a variable is missing or has another shape than the network of 2 stems has.
    """

    def __init__(self, tensors: Tensors, stem: str) -> None:
        variables = Variables(tensors, stem)
        self._downs = tuple(_down(variables, index) for index in range(_DEPTH))
        self._ups = tuple(_up(variables, index) for index in range(_DEPTH))
        self._mask = _mask(variables)

    def __call__(self, magnitude: Tensor) -> Tensor:
        """Return the stem's magnitudes in those of the mix.

        Parameters
        ----------
        magnitude
            Shape (2, n_bins, n_frames), both multiples of 64; Spleeter's are N_BINS and
            BLOCK_FRAMES.
        """
        x = magnitude[None].contiguous(memory_format=_CHANNELS_LAST)
        skips: list[Tensor] = []
        for index, down in enumerate(self._downs):
            x = down.convolve(self._downs[index - 1].activate(x) if index else x)
            skips.append(x)
        x = self._ups[0](skips.pop())
        for up in self._ups[1:]:
            x = up(torch.cat((skips.pop(), x), dim=1))
        return self._mask(x).mul_(magnitude)


def _down(variables: Variables, index: int) -> _Down:
    n_in, n_out = _DOWN[index : index + 2]
    kernel = variables.kernel("conv2d", index, (5, 5, n_in, n_out))
    scale, shift = variables.normalisation(index, n_out)
    return _Down(
        kernel.contiguous(memory_format=_CHANNELS_LAST),
        variables.bias("conv2d", index, n_out),
        scale[:, None, None],
        shift[:, None, None],
    )


def _up(variables: Variables, index: int) -> _Up:
    n_in = (_DOWN[-1], *(2 * n_channels for n_channels in _UP))[index]
    n_out = _UP[index]
    kernel = variables.kernel("conv2d_transpose", index, (5, 5, n_out, n_in))
    bias = variables.bias("conv2d_transpose", index, n_out)
    scale, shift = variables.normalisation(_DEPTH + index, n_out)
    rises = scale >= 0
    kind = _LastUp if n_out == 1 else _Up
    return kind(
        (kernel * scale[:, None, None]).contiguous(memory_format=_CHANNELS_LAST),
        bias * scale + shift,
        torch.where(rises, shift, -torch.inf)[:, None, None],
        torch.where(rises, torch.inf, shift)[:, None, None],
    )


def _mask(variables: Variables) -> _Mask:
    kernel = variables.kernel("conv2d", _DEPTH, (4, 4, 1, 2))
    bias = variables.bias("conv2d", _DEPTH, 2)
    return _Mask(kernel.permute(2, 3, 0, 1)[..., None].contiguous(), bias[:, None, None])
