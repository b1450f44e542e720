"""The anchor that others trained computes what Keras would, by plain loops."""

from pathlib import Path

import h5py
import numpy as np
import pytest
import torch
from msd_artist import CHANNELS, EPSILON, N_FRAMES, N_MELS, WIDTHS, MsdArtist
from numpy.typing import NDArray

Weights = dict[str, NDArray[np.float32]]


def random_weights(rng: np.random.Generator) -> Weights:
    weights: Weights = {}
    for number, (n_in, n_out, width) in enumerate(
        zip(CHANNELS[:-1], CHANNELS[1:], WIDTHS, strict=True), start=1
    ):
        conv, norm = f"conv1d_{number}", f"batch_normalization_{number}"
        weights[f"{conv}/kernel"] = rng.normal(0, (n_in * width) ** -0.5, (width, n_in, n_out))
        weights[f"{conv}/bias"] = rng.normal(0, 0.1, n_out)
        weights[f"{norm}/gamma"] = rng.uniform(0.5, 1.5, n_out)
        weights[f"{norm}/beta"] = rng.normal(0, 0.1, n_out)
        weights[f"{norm}/moving_mean"] = rng.normal(0, 0.1, n_out)
        weights[f"{norm}/moving_variance"] = rng.uniform(0.5, 1.5, n_out)
    return {name: value.astype(np.float32) for name, value in weights.items()}


def save_as_keras(weights: Weights, file: Path) -> None:
    with h5py.File(file, "w") as opened:
        for name, value in weights.items():
            layer, variable = name.split("/")
            opened[f"model_weights/{layer}/{layer}/{variable}:0"] = value


def by_loops(weights: Weights, x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Follow Keras' definitions for one segment (n_frames, n_channels)."""
    for number, width in enumerate(WIDTHS, start=1):
        conv, norm = f"conv1d_{number}", f"batch_normalization_{number}"
        rows = []
        for frame in range(len(x)):
            total = weights[f"{conv}/bias"].copy()
            for tap in range(width):
                place = frame + tap - (width - 1) // 2  # "same" adds more at the end
                if 0 <= place < len(x):
                    total += x[place] @ weights[f"{conv}/kernel"][tap]
            spread = np.sqrt(weights[f"{norm}/moving_variance"] + EPSILON)
            normed = (total - weights[f"{norm}/moving_mean"]) / spread
            rows.append(np.maximum(0, normed * weights[f"{norm}/gamma"] + weights[f"{norm}/beta"]))
        if width > 1:
            whole = len(rows) // width
            rows = [np.max(rows[i * width : (i + 1) * width], axis=0) for i in range(whole)]
        x = np.stack(rows)
    return x.mean(axis=0)


def test_network_is_what_keras_defines(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    weights = random_weights(rng)
    save_as_keras(weights, tmp_path / "weights.h5")
    segments = rng.normal(size=(2, N_FRAMES, N_MELS)).astype(np.float32)
    found = MsdArtist(tmp_path / "weights.h5")(torch.from_numpy(segments)).numpy()
    for row, segment in zip(found, segments, strict=True):
        np.testing.assert_allclose(row, by_loops(weights, segment), atol=1e-5)


def test_short_sounds_are_repeated_and_scaled_to_unit_length(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    save_as_keras(random_weights(rng), tmp_path / "weights.h5")
    sound = rng.normal(0, 0.1, 22_050).astype(np.float32)
    network = MsdArtist(tmp_path / "weights.h5")
    embedding = network.listen(sound)
    assert np.linalg.norm(embedding) == pytest.approx(1.0, abs=2**-23)  # one rounding step
