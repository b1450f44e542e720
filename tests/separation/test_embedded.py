"""The embedded separator: laws that hold for any weights, and the shipped ones."""

from pathlib import Path

import numpy as np
import pytest
import torch

from vocal_explorer.errors import Cancelled, WeightsError
from vocal_explorer.progress import Control, Progress
from vocal_explorer.separation.embedded import EmbeddedSeparator
from vocal_explorer.separation.mask_unet import MaskUNet, MaskUNetConfig
from vocal_explorer.separation.masking import extend_mask, save_network
from vocal_explorer.separation.separator import load_separator

SMALL = MaskUNetConfig(n_fft=1024, hop_length=256, n_bins=256, channels=(4, 4, 8))
RATE = 44_100


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    save_network(MaskUNet(SMALL), tmp_path)
    return tmp_path


def noise(rng: np.random.Generator, n_channels: int, n_samples: int) -> np.ndarray:
    return rng.uniform(-0.5, 0.5, (n_channels, n_samples)).astype(np.float32)


@pytest.mark.parametrize("n_samples", [1, 700, 44_100, 140_001])
@pytest.mark.parametrize("n_channels", [1, 2])
def test_stems_are_stereo_equally_long_and_sum_to_the_mix(
    folder: Path, rng: np.random.Generator, n_channels: int, n_samples: int
) -> None:
    mix = noise(rng, n_channels, n_samples)
    stems = EmbeddedSeparator(folder).separate(mix, RATE, Progress())
    assert stems.vocals.shape == stems.accompaniment.shape == (2, n_samples)
    assert stems.sample_rate == RATE
    np.testing.assert_allclose(
        stems.vocals + stems.accompaniment, np.broadcast_to(mix, (2, n_samples)), atol=1e-6
    )


def test_other_rates_are_resampled(folder: Path, rng: np.random.Generator) -> None:
    stems = EmbeddedSeparator(folder).separate(noise(rng, 1, 8_000), 16_000, Progress())
    assert stems.vocals.shape == (2, 22_050)


def test_progress_rises_and_cancel_stops_at_a_block(folder: Path, rng: np.random.Generator) -> None:
    separator = EmbeddedSeparator(folder)
    mix = noise(rng, 1, 3 * 512 * 256)
    seen: list[float] = []
    separator.separate(mix, RATE, Progress(lambda fraction, _: seen.append(fraction)))
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    assert len(seen) == 4
    control = Control()
    stopping = Progress(lambda fraction, _: control.cancel() if fraction > 0 else None, control)
    with pytest.raises(Cancelled):
        separator.separate(mix, RATE, stopping)


def test_what_comes_later_does_not_change_an_earlier_block(
    folder: Path, rng: np.random.Generator
) -> None:
    separator = EmbeddedSeparator(folder)
    mix = noise(rng, 2, 3 * 512 * 256)
    whole = separator.separate(mix, RATE, Progress()).vocals
    start = separator.separate(mix[:, : 2 * 512 * 256], RATE, Progress()).vocals
    first_block = slice(0, 512 * 256)
    np.testing.assert_array_equal(whole[:, first_block], start[:, first_block])


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
        EmbeddedSeparator(folder).separate(np.zeros((2, 100), np.float32), RATE, Progress())


def test_missing_weights_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no separator weights"):
        EmbeddedSeparator(tmp_path)


def test_an_unknown_separator_names_the_known_ones() -> None:
    with pytest.raises(WeightsError, match=r"choose from .*embedded"):
        load_separator("magic")
