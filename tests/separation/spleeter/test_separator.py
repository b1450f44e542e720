"""Spleeter as a separator, with random weights in the official files' format."""

from pathlib import Path

import numpy as np
import pytest
import torch
from checkpoint_writer import random_spleeter, write_checkpoint

from vocal_explorer.audio.files import resample
from vocal_explorer.base.errors import Cancelled, WeightsError
from vocal_explorer.base.progress import Control, Progress
from vocal_explorer.base.records.signals import Stems
from vocal_explorer.separation.separator import load_separator, separate
from vocal_explorer.separation.spleeter.masks import SpleeterEstimator, SpleeterNetworks
from vocal_explorer.separation.spleeter.official_weights import DATA_BYTES, DATA_NAME
from vocal_explorer.separation.spleeter.separator import SpleeterSeparator

RATE = 44_100
BLOCK = 512 * 1024  # samples


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("spleeter")


@pytest.fixture(scope="module")
def sha256(folder: Path) -> str:
    return write_checkpoint(folder, random_spleeter())


@pytest.fixture(scope="module")
def zeros(folder: Path, sha256: str) -> SpleeterSeparator:
    return SpleeterSeparator(folder, expected_sha256=sha256)


@pytest.fixture(scope="module")
def average(folder: Path, sha256: str) -> SpleeterSeparator:
    return SpleeterSeparator(folder, "average", expected_sha256=sha256)


@pytest.fixture(scope="module")
def networks(folder: Path, sha256: str) -> SpleeterNetworks:
    assert (folder / DATA_NAME).stat().st_size == DATA_BYTES
    return SpleeterNetworks(folder)


@pytest.fixture(scope="module")
def mix() -> np.ndarray:
    """Two blocks, the second almost empty."""
    return noise(np.random.default_rng(1), 2, BLOCK + 4_321)


@pytest.fixture(scope="module")
def whole(zeros: SpleeterSeparator, mix: np.ndarray) -> Stems:
    return separate(zeros, mix, RATE, Progress())


def noise(rng: np.random.Generator, n_channels: int, n_samples: int) -> np.ndarray:
    return rng.uniform(-0.5, 0.5, (n_channels, n_samples)).astype(np.float32)


def both(stems: Stems) -> np.ndarray:
    return np.stack([stems.vocals, stems.accompaniment])


class TestMasks:
    def test_they_are_shares_of_the_estimated_power(self, networks: SpleeterNetworks) -> None:
        magnitude = torch.rand(2, 1024, 64) * 3
        masks = SpleeterEstimator(networks, "zeros").masks(magnitude)
        by_frames = magnitude.transpose(1, 2)
        vocals = networks.vocals(by_frames).transpose(1, 2).double().numpy()
        accompaniment = networks.accompaniment(by_frames).transpose(1, 2).double().numpy()
        power = vocals**2 + accompaniment**2 + 1e-10
        np.testing.assert_allclose(masks.vocals, (vocals**2 + 0.5e-10) / power, atol=1e-6)
        np.testing.assert_allclose(
            masks.accompaniment, (accompaniment**2 + 0.5e-10) / power, atol=1e-6
        )
        assert masks.vocals.std() > 0.05

    def test_zeros_leave_nothing_above_the_networks(self, networks: SpleeterNetworks) -> None:
        masks = SpleeterEstimator(networks, "zeros").masks(torch.rand(2, 1024, 64))
        total = masks.vocals + masks.accompaniment
        torch.testing.assert_close(total, torch.ones(2, 1024, 64))

    def test_average_goes_on_with_the_mean_of_each_frame(self, networks: SpleeterNetworks) -> None:
        magnitude = torch.rand(2, 1024, 64)
        masks = SpleeterEstimator(networks, "average").masks(magnitude)
        below = SpleeterEstimator(networks, "zeros").masks(magnitude)
        for mask, expected in (
            (masks.vocals, below.vocals),
            (masks.accompaniment, below.accompaniment),
        ):
            assert torch.equal(mask[:, :1024], expected)
            mean = expected.mean(dim=1, keepdim=True)
            torch.testing.assert_close(mask[:, 1024:], mean.expand(2, 1025, 64))

    def test_silence_is_shared_equally(self, networks: SpleeterNetworks) -> None:
        masks = SpleeterEstimator(networks, "average").masks(torch.zeros(2, 1024, 64))
        torch.testing.assert_close(masks.vocals, torch.full((2, 2049, 64), 0.5))

    def test_the_networks_see_the_magnitudes_of_their_bins(
        self, networks: SpleeterNetworks, rng: np.random.Generator
    ) -> None:
        spectrum = rng.standard_normal((2, 2049, 64)) + 1j * rng.standard_normal((2, 2049, 64))
        seen = SpleeterEstimator(networks, "zeros").view(torch.from_numpy(spectrum))
        np.testing.assert_allclose(seen, np.abs(spectrum)[:, :1024])


class TestStems:
    def test_nothing_is_heard_above_11_khz_and_nothing_is_lost_below(
        self, zeros: SpleeterSeparator, rng: np.random.Generator
    ) -> None:
        mix = noise(rng, 2, 60_000)
        total = both(separate(zeros, mix, RATE, Progress())).sum(axis=0)
        window = np.hanning(60_000)
        heard, expected = (np.abs(np.fft.rfft(signal * window)) for signal in (total, mix))
        frequency = np.fft.rfftfreq(60_000, 1 / RATE)
        above = frequency > 11_100
        assert np.sum(heard[:, above] ** 2) < 1e-6 * np.sum(expected[:, above] ** 2)
        below = frequency < 10_900
        np.testing.assert_allclose(heard[:, below], expected[:, below], atol=0.1)
        assert np.median(expected[:, below]) > 10

    def test_average_stems_sum_to_the_mix(
        self, average: SpleeterSeparator, rng: np.random.Generator
    ) -> None:
        mix = noise(rng, 2, 44_101)
        stems = separate(average, mix, RATE, Progress())
        np.testing.assert_allclose(both(stems).sum(axis=0), mix, atol=1e-5)
        assert np.std(stems.vocals) > 0.02
        assert np.std(stems.accompaniment) > 0.02

    def test_pieces_of_the_mix_leave_no_trace(
        self, zeros: SpleeterSeparator, mix: np.ndarray, whole: Stems
    ) -> None:
        pieces = np.array_split(mix, [1, 5_000, 333_333, BLOCK - 1], axis=1)
        parts = [both(stems) for stems in zeros.stream(pieces, mix.shape[1], Progress())]
        np.testing.assert_allclose(np.concatenate(parts, axis=2), both(whole), atol=1e-5)

    def test_it_is_what_the_whole_file_gives_at_once(
        self, networks: SpleeterNetworks, mix: np.ndarray, whole: Stems
    ) -> None:
        np.testing.assert_allclose(whole.vocals, naive_vocals(networks, mix), atol=1e-5)

    @pytest.mark.parametrize("n_samples", [0, 1, 4_097])
    def test_short_and_odd_lengths_are_kept(
        self, zeros: SpleeterSeparator, rng: np.random.Generator, n_samples: int
    ) -> None:
        stems = separate(zeros, noise(rng, 2, n_samples), RATE, Progress())
        assert both(stems).shape == (2, 2, n_samples)
        assert stems.sample_rate == RATE

    def test_mono_at_48_khz_is_resampled_and_heard_on_both_sides(
        self, zeros: SpleeterSeparator, rng: np.random.Generator
    ) -> None:
        mono = noise(rng, 1, 24_000)
        stems = both(separate(zeros, mono, 48_000, Progress()))
        assert stems.shape == (2, 2, 22_050)
        stereo = resample(mono, 48_000, RATE).repeat(2, axis=0)
        expected = both(separate(zeros, stereo, RATE, Progress()))
        np.testing.assert_allclose(stems, expected, atol=1e-6)

    def test_cancel_stops_at_a_block(self, zeros: SpleeterSeparator, mix: np.ndarray) -> None:
        control = Control()
        stopping = Progress(lambda fraction, _: control.cancel() if fraction else None, control)
        with pytest.raises(Cancelled):
            separate(zeros, mix, RATE, stopping)


def naive_vocals(networks: SpleeterNetworks, mix: np.ndarray) -> np.ndarray:
    """Spleeter's framing, all frames at once: (2, n_samples)."""
    n_frames = -(-(4096 + mix.shape[1]) // 1024)
    padded = np.zeros((2, (n_frames + 4) * 1024))
    padded[:, 4096 : 4096 + mix.shape[1]] = mix
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(4096) / 4096)
    starts = 1024 * np.arange(n_frames)
    frames = np.stack([padded[:, start : start + 4096] for start in starts], axis=1)
    spectrum = np.fft.rfft(frames * window).transpose(0, 2, 1)
    magnitude = np.zeros((2, 2049, -(-n_frames // 512) * 512), np.float32)
    magnitude[:, :, :n_frames] = np.abs(spectrum)
    estimator = SpleeterEstimator(networks, "zeros")
    blocks = torch.from_numpy(magnitude[:, :1024]).split(512, dim=2)
    mask = np.concatenate([estimator.masks(block).vocals for block in blocks], axis=2)
    masked = spectrum[:, :1024] * mask[:, :, :n_frames]
    inverse = np.fft.irfft(masked.transpose(0, 2, 1), 4096) * window
    out = np.zeros_like(padded)
    for index, start in enumerate(starts):
        out[:, start : start + 4096] += inverse[:, index] * 2 / 3
    return out[:, 4096 : 4096 + mix.shape[1]]


class TestWeights:
    def test_names_and_versions_tell_results_apart(self, tmp_path: Path) -> None:
        separators = [
            SpleeterSeparator(tmp_path),
            SpleeterSeparator(tmp_path, "average"),
            SpleeterSeparator(tmp_path, expected_sha256="0" * 64),
        ]
        assert [separator.name for separator in separators] == [
            "spleeter",
            "spleeter-average",
            "spleeter",
        ]
        assert len({separator.version for separator in separators}) == 3

    @pytest.mark.parametrize("name", ["spleeter", "spleeter-average"])
    def test_it_is_chosen_by_name(self, tmp_path: Path, name: str) -> None:
        assert load_separator(name, tmp_path).name == name

    @pytest.mark.usefixtures("sha256")
    def test_other_weights_than_the_official_ones_are_refused(self, folder: Path) -> None:
        with pytest.raises(WeightsError, match="not Deezer's official file"):
            separate(SpleeterSeparator(folder), np.zeros((2, 10), np.float32), RATE, Progress())

    def test_missing_weights_are_one_sentence_at_the_first_mix(self, tmp_path: Path) -> None:
        separator = SpleeterSeparator(tmp_path)
        with pytest.raises(WeightsError, match="is missing"):
            separate(separator, np.zeros((2, 10), np.float32), RATE, Progress())
