"""Spleeter's network computes what TensorFlow computes, layer by layer and as a whole."""

from itertools import product

import numpy as np
import pytest
import torch
from checkpoint_writer import numbered, random_spleeter
from scipy.signal import convolve2d, correlate2d

from vocal_explorer.base.errors import WeightsError
from vocal_explorer.separation.spleeter.unet import STEMS, SpleeterUNet

Variables = dict[str, np.ndarray]


@pytest.fixture(scope="module")
def variables() -> Variables:
    return random_spleeter()


def same_padding(size: int, kernel: int, stride: int, dilation: int) -> tuple[int, int]:
    """TensorFlow's rule for padding="same": before and after."""
    n_out = -(-size // stride)
    total = max((n_out - 1) * stride + (kernel - 1) * dilation + 1 - size, 0)
    return total // 2, total - total // 2


def same_conv(
    x: np.ndarray, kernel: np.ndarray, bias: np.ndarray, stride: int = 1, dilation: int = 1
) -> np.ndarray:
    """x (rows, columns, n_in), kernel (rows, columns, n_in, n_out), as in TensorFlow."""
    side = kernel.shape[0]
    rows, columns = (same_padding(size, side, stride, dilation) for size in x.shape[:2])
    padded = np.pad(x, (rows, columns, (0, 0)))
    n_rows, n_columns = (-(-size // stride) for size in x.shape[:2])
    out = np.zeros((n_rows, n_columns, kernel.shape[3])) + bias
    for row, column in product(range(side), repeat=2):
        shifted = padded[row * dilation :, column * dilation :][::stride, ::stride]
        out += shifted[:n_rows, :n_columns] @ kernel[row, column]
    return out


def same_transposed(x: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """The gradient of `same_conv` with stride 2; kernel (rows, columns, n_out, n_in)."""
    n_rows, n_columns, _ = x.shape
    side = kernel.shape[0]
    wide = np.zeros((2 * n_rows + side, 2 * n_columns + side, kernel.shape[2]))
    for row, column in product(range(side), repeat=2):
        wide[row:, column:][: 2 * n_rows : 2, : 2 * n_columns : 2] += x @ kernel[row, column].T
    before = [same_padding(2 * size, side, 2, 1)[0] for size in x.shape[:2]]
    return wide[before[0] :, before[1] :][: 2 * n_rows, : 2 * n_columns] + bias


def naive(variables: Variables, stem: int, magnitude: np.ndarray) -> np.ndarray:
    """The graph as it is described: magnitude (n_frames, n_bins, 2), what comes out too."""

    def get(kind: str, index: int, part: str) -> np.ndarray:
        per_stem = {"conv2d": 7, "conv2d_transpose": 6, "batch_normalization": 12}[kind]
        stored = variables[f"{numbered(kind, stem * per_stem + index)}/{part}"]
        return stored.astype(np.float64)

    def normalise(x: np.ndarray, index: int) -> np.ndarray:
        gamma, beta, mean, variance = (
            get("batch_normalization", index, part)
            for part in ("gamma", "beta", "moving_mean", "moving_variance")
        )
        return gamma * (x - mean) / np.sqrt(variance + 1e-3) + beta

    x, skips = magnitude, []
    for index in range(6):
        kernel, bias = (get("conv2d", index, part) for part in ("kernel", "bias"))
        skips.append(same_conv(x, kernel, bias, stride=2))
        x = normalise(skips[-1], index)
        x = np.where(x > 0, x, 0.2 * x)
    x = skips.pop()
    for index in range(6):
        kernel, bias = (get("conv2d_transpose", index, part) for part in ("kernel", "bias"))
        x = normalise(np.maximum(same_transposed(x, kernel, bias), 0), 6 + index)
        if skips:
            x = np.concatenate([skips.pop(), x], axis=2)
    x = same_conv(x, get("conv2d", 6, "kernel"), get("conv2d", 6, "bias"), dilation=2)
    return magnitude / (1 + np.exp(-x))


@pytest.mark.parametrize("stem", STEMS)
def test_it_computes_what_the_graph_computes(
    variables: Variables, rng: np.random.Generator, stem: str
) -> None:
    magnitude = rng.uniform(0, 3, (2, 64, 128)).astype(np.float32)
    ours = SpleeterUNet(variables, stem)(torch.from_numpy(magnitude)).numpy()
    expected = naive(variables, STEMS.index(stem), magnitude.transpose(1, 2, 0)).transpose(2, 0, 1)
    shares = expected / magnitude
    assert shares.min() < 0.3
    assert shares.max() > 0.7
    np.testing.assert_allclose(ours, expected, atol=1e-5)


def test_the_naive_convolution_is_scipys(rng: np.random.Generator) -> None:
    x, kernel = rng.standard_normal((8, 6)), rng.standard_normal((5, 5))
    padded = np.pad(x, ((1, 2), (1, 2)))
    np.testing.assert_allclose(
        same_conv(x[..., None], kernel[..., None, None], np.zeros(1), stride=2)[..., 0],
        correlate2d(padded, kernel, mode="valid")[::2, ::2],
    )
    spread = np.zeros((16, 12))
    spread[::2, ::2] = x
    np.testing.assert_allclose(
        same_transposed(x[..., None], kernel[..., None, None], np.zeros(1))[..., 0],
        convolve2d(spread, kernel)[1:17, 1:13],
    )


def test_the_mix_is_left_as_it_is(variables: Variables) -> None:
    magnitude = torch.rand(2, 64, 64)
    before = magnitude.clone()
    SpleeterUNet(variables, "vocals")(magnitude)
    assert torch.equal(magnitude, before)


@pytest.mark.parametrize(
    ("stem", "name"),
    [("vocals", "conv2d_6/bias"), ("accompaniment", "batch_normalization_23/moving_mean")],
)
def test_variables_of_another_network_are_named(variables: Variables, stem: str, name: str) -> None:
    missing = {key: value for key, value in variables.items() if key != name}
    with pytest.raises(WeightsError, match=f"no weights of Spleeter .*{name} is missing"):
        SpleeterUNet(missing, stem)
    wrong = variables | {name: np.zeros(7, np.float32)}
    with pytest.raises(WeightsError, match=rf"{name} has the shape \(7,\)"):
        SpleeterUNet(wrong, stem)
