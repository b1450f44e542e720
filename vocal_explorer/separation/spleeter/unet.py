"""Spleeter's U-Net, which estimates the magnitudes of one stem from those of the mix.

It computes what Deezer's graph computes, with its variables, and folds the batch
normalisations into what is next to them.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from vocal_explorer.base.errors import WeightsError
from vocal_explorer.separation.spleeter.tf_checkpoint import Tensors

STEMS = ("vocals", "accompaniment")  # in the order of their variables
N_BINS = 1024  # the network sees nothing above
BLOCK_FRAMES = 512
_DOWN = (2, 16, 32, 64, 128, 256, 512)  # channels
_UP = (256, 128, 64, 32, 16, 1)
_DEPTH = len(_UP)
_PER_STEM = {"conv2d": _DEPTH + 1, "conv2d_transpose": _DEPTH, "batch_normalization": 2 * _DEPTH}
_EPSILON = 1e-3  # of the batch normalisation
_SLOPE = 0.2  # of the LeakyReLU
_PARITIES = tuple(product(range(2), repeat=2))  # of rows and columns
_RUN = 16  # bins whose masks are computed together
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
        """Return the kernel of layer `index`, its channels first: (.., .., frames, bins)."""
        return self._get(kind, index, "kernel", shape).permute(3, 2, 0, 1)

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
        """Return what the decoder gets as well: (1, n_out, n_frames / 2, n_bins / 2).

        TensorFlow pads with one row and column before and two after. Three on all sides,
        without the first row and column of the result, need no padded copy.
        """
        return functional.conv2d(x, self.kernel, self.bias, stride=2, padding=3)[:, :, 1:, 1:]

    def activate(self, x: Tensor) -> Tensor:
        """Return what the next convolution gets."""
        return functional.leaky_relu_(torch.addcmul(self.shift, x, self.scale), _SLOPE)


@dataclass(frozen=True)
class _Limits:
    """ReLU and batch normalisation, scale * relu(x) + shift, for an x that has the scale and shift.

    That is a limit from below where the scale is positive, else from above.
    """

    lowest: Tensor
    highest: Tensor

    def clamp(self, x: Tensor, out: Tensor) -> None:
        """Write what is left of `x` into `out`."""
        torch.clamp(x, self.lowest, self.highest, out=out)


@dataclass(frozen=True)
class _Up:
    """Transposed convolution that doubles both sides, ReLU and batch normalisation.

    Every second row and column of the result is a convolution with every second row and
    column of the kernel. These four are much faster than the transposed convolution.
    """

    kernels: tuple[Tensor, ...]  # for the rows and columns of _PARITIES
    bias: Tensor
    limits: _Limits

    def __call__(self, x: Tensor, skip: Tensor) -> Tensor:
        """Put what becomes of x (1, n_in, n_frames, n_bins) behind the channels of `skip`.

        Returns
        -------
        Tensor
            Shape (1, 2 * n_out, 2 * n_frames, 2 * n_bins); `skip` has half as many channels.
        """
        n_out, n_frames, n_bins = len(self.bias), *x.shape[2:]
        joined = torch.empty((1, 2 * n_out, 2 * n_frames, 2 * n_bins), memory_format=_CHANNELS_LAST)
        joined[:, :n_out] = skip
        for (row, column), kernel in zip(_PARITIES, self.kernels, strict=True):
            part = functional.conv2d(x, kernel, self.bias, padding=1)[:, :, :n_frames, :n_bins]
            self.limits.clamp(part, joined[:, n_out:, row::2, column::2])
        return joined


@dataclass(frozen=True)
class _LastUp:
    """The transposed convolution to one channel, its four parts as one convolution.

    Convolutions are made for many channels; on its own each part would take as long as all.
    """

    kernel: Tensor  # (4, n_in, 3, 3)
    bias: Tensor
    limits: _Limits

    def __call__(self, x: Tensor) -> Tensor:
        """Turn (1, n_in, n_frames, n_bins) into (2 * n_frames, 2 * n_bins)."""
        n_frames, n_bins = x.shape[2:]
        parts = functional.conv2d(x, self.kernel, self.bias.expand(4), padding=1)
        wide = torch.empty(n_frames, 2, n_bins, 2)
        self.limits.clamp(parts.view(2, 2, n_frames, n_bins).permute(2, 0, 3, 1), wide)
        return wide.view(2 * n_frames, 2 * n_bins)


@dataclass(frozen=True)
class _Mask:
    """The last convolution, 4 x 4 with a dilation of 2, and the sigmoid: one mask a channel.

    Convolutions are made for many channels, and here one becomes two. So _RUN bins in a row
    are computed as if they were channels: five times as fast.
    """

    kernel: Tensor  # (2 * _RUN, 1, 4, _RUN + 6)
    bias: Tensor  # (2 * _RUN,)

    def __call__(self, x: Tensor) -> Tensor:
        """Turn (n_frames, n_bins) into (2, n_frames, n_bins)."""
        padded = functional.pad(x, (3, 3, 3, 3))[None, None]
        runs = functional.conv2d(padded, self.kernel, self.bias, (1, _RUN), dilation=(2, 1))
        by_channel = runs[0].view(2, _RUN, len(x), -1).permute(0, 2, 3, 1)
        return torch.sigmoid(by_channel).reshape(2, *x.shape)


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
        self._ups = tuple(_up(variables, index) for index in range(_DEPTH - 1))
        self._last_up = _last_up(variables)
        self._mask = _mask(variables)

    def __call__(self, magnitude: Tensor) -> Tensor:
        """Return the stem's magnitudes in those of the mix.

        Parameters
        ----------
        magnitude
            Shape (2, n_frames, n_bins), both multiples of 64; Spleeter's are BLOCK_FRAMES
            and N_BINS.
        """
        x = magnitude[None].contiguous(memory_format=_CHANNELS_LAST)
        skips: list[Tensor] = []
        for index, down in enumerate(self._downs):
            x = down.convolve(self._downs[index - 1].activate(x) if index else x)
            skips.append(x)
        x = skips.pop().contiguous(memory_format=_CHANNELS_LAST)
        for up in self._ups:
            x = up(x, skips.pop())
        return self._mask(self._last_up(x)).mul_(magnitude)


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
    kernel, bias, limits = _transposed(variables, index)
    flipped = kernel.transpose(0, 1).flip(2, 3)
    kernels = (flipped[:, :, 1 - row :: 2, 1 - column :: 2] for row, column in _PARITIES)
    return _Up(
        tuple(kernel.contiguous(memory_format=_CHANNELS_LAST) for kernel in kernels), bias, limits
    )


def _last_up(variables: Variables) -> _LastUp:
    kernel, bias, limits = _transposed(variables, _DEPTH - 1)
    flipped = kernel.transpose(0, 1).flip(2, 3)
    parts = torch.zeros(4, flipped.shape[1], 3, 3)
    for part, (row, column) in zip(parts, _PARITIES, strict=True):
        part[:, : 2 + row, : 2 + column] = flipped[0, :, 1 - row :: 2, 1 - column :: 2]
    return _LastUp(parts.contiguous(memory_format=_CHANNELS_LAST), bias, limits)


def _transposed(variables: Variables, index: int) -> tuple[Tensor, Tensor, _Limits]:
    """Return kernel (n_in, n_out, 5, 5) and bias, scaled and shifted, and the limits."""
    n_in = (_DOWN[-1], *(2 * n_channels for n_channels in _UP))[index]
    n_out = _UP[index]
    kernel = variables.kernel("conv2d_transpose", index, (5, 5, n_out, n_in))
    bias = variables.bias("conv2d_transpose", index, n_out)
    scale, shift = variables.normalisation(_DEPTH + index, n_out)
    rises = scale >= 0
    limits = _Limits(
        torch.where(rises, shift, -torch.inf)[:, None, None],
        torch.where(rises, torch.inf, shift)[:, None, None],
    )
    return kernel * scale[:, None, None], bias * scale + shift, limits


def _mask(variables: Variables) -> _Mask:
    kernel = variables.kernel("conv2d", _DEPTH, (4, 4, 1, 2))
    bias = variables.bias("conv2d", _DEPTH, 2)
    runs = torch.zeros(2, _RUN, 4, _RUN + 6)
    for start in range(_RUN):
        runs[:, start, :, start : start + 7 : 2] = kernel[:, 0]
    return _Mask(
        runs.view(2 * _RUN, 1, 4, _RUN + 6).contiguous(memory_format=_CHANNELS_LAST),
        bias.repeat_interleave(_RUN),
    )
