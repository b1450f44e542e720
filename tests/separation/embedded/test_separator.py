"""The embedded separator: laws that hold for any weights, and the shipped ones."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch

from vocal_explorer.base.errors import WeightsError
from vocal_explorer.base.progress import Progress
from vocal_explorer.separation.embedded.mask_unet import MaskUNet, MaskUNetConfig
from vocal_explorer.separation.embedded.masking import (
    MAX_BLOCK_FRAMES,
    NetworkEstimator,
    extend_mask,
    load_network,
    save_network,
)
from vocal_explorer.separation.embedded.separator import EmbeddedSeparator
from vocal_explorer.separation.separator import load_separator, separate
from vocal_explorer.separation.stream import stream_stems

SMALL = MaskUNetConfig(n_bins=256, channels=(4, 4, 8))
RATE = 44_100


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    network = MaskUNet(SMALL)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.running_var, 0.1, 0.3)
            torch.nn.init.normal_(module.bias)
    save_network(network, tmp_path)
    return tmp_path


def noise(rng: np.random.Generator, n_channels: int, n_samples: int) -> np.ndarray:
    return rng.uniform(-0.5, 0.5, (n_channels, n_samples)).astype(np.float32)


@pytest.mark.parametrize("n_samples", [1, 700, 44_100, 140_001])
@pytest.mark.parametrize("n_channels", [1, 2])
def test_stems_are_stereo_equally_long_and_sum_to_the_mix(
    folder: Path, rng: np.random.Generator, n_channels: int, n_samples: int
) -> None:
    mix = noise(rng, n_channels, n_samples)
    stems = separate(EmbeddedSeparator(folder), mix, RATE, Progress())
    assert stems.vocals.shape == stems.accompaniment.shape == (2, n_samples)
    assert stems.sample_rate == RATE
    np.testing.assert_allclose(
        stems.vocals + stems.accompaniment, np.broadcast_to(mix, (2, n_samples)), atol=1e-6
    )


def test_other_rates_are_resampled(folder: Path, rng: np.random.Generator) -> None:
    stems = separate(EmbeddedSeparator(folder), noise(rng, 1, 8_000), 16_000, Progress())
    assert stems.vocals.shape == (2, 22_050)


def test_blocks_are_the_whole_file(folder: Path, rng: np.random.Generator) -> None:
    network = load_network(folder).fused()
    n_samples = 300 * 1024
    mix = noise(rng, 2, n_samples) * np.repeat(rng.uniform(0, 1, 300), 1024).astype(np.float32)

    def vocals_in_blocks_of(n_frames: int) -> np.ndarray:
        estimator = NetworkEstimator(network, n_samples)
        estimator.block_frames = n_frames
        stems = stream_stems(estimator, [mix], n_samples, Progress(), estimator.view)
        return np.concatenate([piece.vocals for piece in stems], axis=1)

    whole = vocals_in_blocks_of(320)
    assert np.abs(whole).max() > 0.05
    multiple = network.config.time_multiple
    for n_frames in (multiple, 5 * multiple):
        np.testing.assert_allclose(vocals_in_blocks_of(n_frames), whole, atol=1e-5)


def test_a_short_mix_has_one_short_block(folder: Path) -> None:
    network = load_network(folder).fused()
    assert NetworkEstimator(network, 1).block_frames <= 16
    assert NetworkEstimator(network, 10**9).block_frames <= MAX_BLOCK_FRAMES


@pytest.mark.parametrize("channels", [(4, 4), (4, 4, 8), (4, 4, 4, 4, 4)])
def test_the_context_is_all_that_a_mask_depends_on(channels: tuple[int, ...]) -> None:
    config = MaskUNetConfig(n_bins=64, channels=channels)
    torch.manual_seed(0)
    network = MaskUNet(config).double().eval()
    reach, multiple = config.context_frames, config.time_multiple
    views = torch.rand(1, 4, 64, 2 * reach + 2 * multiple).double()
    first = views.shape[-1] // 2
    with torch.inference_mode():
        before = network(views)
        for frame in (first, first + multiple - 1):
            changed = views.clone()
            changed[..., frame] += 5
            moved = (network(changed) - before).abs().amax(dim=(0, 1, 2)).nonzero().flatten()
            assert frame - reach <= moved.min() < frame < moved.max() <= frame + reach


def test_the_mask_above_the_network_is_the_mean_of_its_top_half() -> None:
    mask = torch.tensor([[[0.1], [0.2], [0.3], [0.5]]])
    torch.testing.assert_close(
        extend_mask(mask, 6)[0, :, 0], torch.tensor([0.1, 0.2, 0.3, 0.5, 0.4, 0.4])
    )


def test_the_version_follows_the_weights(folder: Path, tmp_path: Path) -> None:
    torch.manual_seed(1)
    save_network(MaskUNet(SMALL), tmp_path / "other")
    versions = {EmbeddedSeparator(f).version for f in (folder, tmp_path / "other")}
    assert len(versions) == 2


@pytest.mark.parametrize("file", ["weights.safetensors", "config.json"])
def test_damaged_weights_are_one_sentence(folder: Path, file: str) -> None:
    (folder / file).write_bytes((folder / file).read_bytes()[:20])
    with pytest.raises(WeightsError, match="cannot be used"):
        separate(EmbeddedSeparator(folder), np.zeros((2, 100), np.float32), RATE, Progress())


def test_weights_of_another_network_are_one_sentence(folder: Path, tmp_path: Path) -> None:
    save_network(MaskUNet(dataclasses.replace(SMALL, bottleneck=2)), tmp_path / "other")
    (tmp_path / "other/weights.safetensors").replace(folder / "weights.safetensors")
    with pytest.raises(WeightsError, match=r"weights\.safetensors belongs to another network\.$"):
        separate(EmbeddedSeparator(folder), np.zeros((2, 100), np.float32), RATE, Progress())


def test_missing_weights_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no separator weights"):
        load_separator("embedded", tmp_path)


def test_auto_without_spleeters_weights_is_the_embedded_one(folder: Path) -> None:
    separator = load_separator("auto", folder)
    assert separator.name == "embedded"
    assert separator.version == EmbeddedSeparator(folder).version


def test_an_unknown_separator_names_the_known_ones() -> None:
    with pytest.raises(WeightsError, match=r"choose from .*embedded"):
        load_separator("magic")
