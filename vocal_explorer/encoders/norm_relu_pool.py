"""Batch normalisation, ReLU and 2x2 max-pooling as one step of training, in fewer passes."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, max_pool2d

_aten = torch.ops.aten
_POOL = ([2, 2], [2, 2], [0, 0], [1, 1], False)  # kernel, stride, padding, dilation, ceiling


def convolve_norm_relu_pool(layer: Tensor, convolution: nn.Conv2d, norm: nn.BatchNorm2d) -> Tensor:
    """Return max_pool(relu(norm(convolution(layer)))) in training mode, same statistics included.

    Where the scale of a channel is not negative, normalisation and ReLU keep the order of
    values, so the maximum may be taken first and three quarters of their work are spared.
    A channel with a negative scale is convolved with its weights' signs turned.

    Parameters
    ----------
    layer
        Shape (batch, n_in, height, width).
    convolution
        3x3 without bias.
    norm
        Its running mean and variance are updated.

    Returns
    -------
    Tensor
        Shape (batch, n_out, height // 2, width // 2).
    """
    sign = torch.where(norm.weight < 0, -1.0, 1.0).detach()
    weight = convolution.weight * sign.view(-1, 1, 1, 1)
    convolved = conv2d(layer, weight, padding=convolution.padding)
    pooled, mean, variance = _NormReluPool.apply(  # type: ignore[no-untyped-call]
        convolved, norm.weight * sign, norm.bias, norm.eps
    )
    _update_running(norm, mean * sign, variance, convolved.numel() // len(sign))
    result: Tensor = pooled
    return result


@torch.no_grad()
def _update_running(norm: nn.BatchNorm2d, mean: Tensor, variance: Tensor, n_values: int) -> None:
    assert norm.running_mean is not None
    assert norm.running_var is not None
    assert norm.num_batches_tracked is not None
    assert norm.momentum is not None
    norm.running_mean.lerp_(mean, norm.momentum)
    norm.running_var.lerp_(variance * (n_values / (n_values - 1)), norm.momentum)
    norm.num_batches_tracked += 1


class _NormReluPool(torch.autograd.Function):
    """Takes (batch, n_channels, height, width), a scale >= 0, an offset and epsilon.

    Returns the pooled result, and the mean and the (biased) variance of each channel.
    """

    @staticmethod
    def forward(
        context: Any, values: Tensor, scale: Tensor, offset: Tensor, eps: float
    ) -> tuple[Tensor, Tensor, Tensor]:
        mean, variance = _aten.batch_norm_update_stats(
            values, torch.zeros_like(scale), torch.ones_like(scale), 0.0
        )
        largest, places = max_pool2d(values, 2, return_indices=True)
        normalised = _aten.native_batch_norm(
            largest, scale, offset, mean, variance, False, 0.0, eps
        )
        result = normalised[0].relu_()
        context.save_for_backward(values, largest, places, result, scale, mean, variance)
        context.eps = eps
        context.mark_non_differentiable(mean, variance)
        return result, mean, variance

    @staticmethod
    def backward(context: Any, *gradients: Tensor) -> tuple[Tensor, Tensor, Tensor, None]:
        values, largest, places, result, scale, mean, variance = context.saved_tensors
        deviation = torch.rsqrt(variance + context.eps)
        of_pooled, of_scale, of_offset = _aten.native_batch_norm_backward(
            _aten.threshold_backward(gradients[0], result, 0), largest, scale,
            mean, variance, mean, deviation, False, context.eps, [True, True, True],
        )  # fmt: skip
        of_values = _aten.max_pool2d_with_indices_backward(of_pooled, values, *_POOL, places)
        share = scale * deviation / (values.numel() // len(scale))  # each value moves mean and std
        slope = -share * deviation * of_scale
        constant = -share * of_offset - slope * mean
        slope, constant = (t.to(values.dtype).view(1, -1, 1, 1) for t in (slope, constant))
        return of_values.addcmul_(values, slope).add_(constant), of_scale, of_offset, None
