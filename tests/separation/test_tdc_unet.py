"""The TDC U-Net against a plain reading of its paper, with random weights."""

from pathlib import Path

import librosa
import numpy as np
import pytest
import torch
from places import SHARED
from torch import Tensor, nn
from torch.nn import functional

from vocal_explorer.audio.files import read_audio
from vocal_explorer.base.errors import Cancelled, WeightsError
from vocal_explorer.base.progress import Control, Progress
from vocal_explorer.evaluation.statistics.separation_metrics import sdr
from vocal_explorer.separation.separator import separate
from vocal_explorer.separation.tdc_unet import KEPT, TRIM, TdcNetwork, TdcUNet

RATE = 44_100
PUBLISHED = SHARED / "anchors" / "tdc_unet" / "cac_tdc_17_vocals_top3.pt"

State = dict[str, Tensor]


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random weights, normalised for noise so that the vocals are no silence."""
    torch.manual_seed(0)
    network = TdcNetwork().train()
    for module in network.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            module.momentum = 1.0
    network(10 * torch.randn(1, 4, 1025, 16))
    path = tmp_path_factory.mktemp("tdc") / "weights.pt"
    torch.save(network.state_dict(), path)
    return path


def normalise(state: State, name: str, x: Tensor) -> Tensor:
    mean, variance, scale, offset = (
        state[f"{name}.{part}"].view(-1, 1)
        for part in ("running_mean", "running_var", "weight", "bias")
    )
    return (x - mean) / torch.sqrt(variance + 1e-5) * scale + offset


def dense_block(state: State, name: str, x: Tensor) -> Tensor:
    seen = [x]
    for layer in range(5):
        at = f"{name}.H.{layer}"
        y = functional.conv1d(
            torch.cat(seen, dim=1), state[f"{at}.0.weight"], state[f"{at}.0.bias"], padding=1
        )
        seen.insert(0, torch.relu(normalise(state, f"{at}.1", y)))
    return seen[0]


def naive_frame(state: State, frame: Tensor) -> Tensor:
    """Vocals (4, 1025) of one frame (4, 1025) of the mix."""
    kernel = state["first_conv.0.weight"][..., 0]
    x = functional.conv1d(frame[None], kernel, state["first_conv.0.bias"])
    x = torch.relu(normalise(state, "first_conv.1", x))
    skips = []
    for level in range(8):
        x = dense_block(state, f"encoders.{level}", x)
        skips.append(x)
        at = f"downsampling.{level}"
        x = functional.conv1d(x, state[f"{at}.conv.weight"], state[f"{at}.conv.bias"], stride=2)
        x = normalise(state, f"{at}.bn", x)
    x = dense_block(state, "mid_block", x)
    for level in range(8):
        at = f"upsampling.{level}"
        x = functional.conv_transpose1d(
            x, state[f"{at}.conv.weight"], state[f"{at}.conv.bias"], stride=2
        )
        x = torch.cat((normalise(state, f"{at}.bn", x), skips.pop()), dim=1)
        x = dense_block(state, f"decoders.{level}", x)
    kernel = state["final_conv.0.weight"][..., 0]
    return functional.conv1d(x, kernel, state["final_conv.0.bias"], padding=1)[0]


@torch.inference_mode()
def naive_vocals(state: State, mix: np.ndarray) -> np.ndarray:
    """The authors' procedure: librosa's STFT of overlapping excerpts, their middles joined."""
    n_samples = mix.shape[1]
    padded = np.pad(mix, ((0, 0), (TRIM, TRIM + KEPT)))
    parts = []
    for start in range(0, n_samples, KEPT):
        excerpt = padded[:, start : start + KEPT + 2 * TRIM]
        spectra = librosa.stft(excerpt, n_fft=2048, hop_length=1024, center=False)
        channels = np.stack([spectra[0].real, spectra[0].imag, spectra[1].real, spectra[1].imag])
        frames = torch.from_numpy(channels.astype(np.float32)).unbind(-1)
        found = torch.stack([naive_frame(state, frame) for frame in frames], dim=-1).numpy()
        vocals = librosa.istft(found[0::2] + 1j * found[1::2], hop_length=1024, center=False)
        parts.append(vocals[:, TRIM:-TRIM])
    return np.concatenate(parts, axis=1)[:, :n_samples]


def noise(rng: np.random.Generator, n_samples: int) -> np.ndarray:
    return rng.uniform(-0.5, 0.5, (2, n_samples)).astype(np.float32)


def test_vocals_are_what_a_plain_reading_of_the_paper_gives(
    weights: Path, rng: np.random.Generator
) -> None:
    mix = noise(rng, KEPT + 9_000)
    expected = naive_vocals(torch.load(weights, weights_only=True), mix)
    found = TdcUNet(weights).vocals_of(mix)
    assert np.abs(expected).max() > 0.01
    np.testing.assert_allclose(found, expected, atol=1e-4 * np.abs(expected).max())


@pytest.mark.parametrize("step", [KEPT, 30_001])
def test_how_the_mix_is_cut_leaves_no_trace(
    weights: Path, rng: np.random.Generator, step: int
) -> None:
    mix = noise(rng, KEPT + 4_000)
    pieces = [mix[:, start : start + step] for start in range(0, mix.shape[1], step)]
    tdc = TdcUNet(weights)
    stems = list(tdc.stream(pieces, mix.shape[1], Progress()))
    vocals = np.concatenate([piece.vocals for piece in stems], axis=1)
    accompaniment = np.concatenate([piece.accompaniment for piece in stems], axis=1)
    np.testing.assert_allclose(vocals, tdc.vocals_of(mix), atol=1e-5)
    np.testing.assert_allclose(vocals + accompaniment, mix, atol=1e-5)


@pytest.mark.parametrize("n_samples", [0, 1, 4_999, KEPT])
def test_stems_are_as_long_as_the_mix(
    weights: Path, rng: np.random.Generator, n_samples: int
) -> None:
    stems = separate(TdcUNet(weights), noise(rng, n_samples), RATE, Progress())
    assert stems.vocals.shape == stems.accompaniment.shape == (2, n_samples)


def test_progress_rises_and_cancel_stops_at_a_block(
    weights: Path, rng: np.random.Generator
) -> None:
    mix = noise(rng, 2 * KEPT)
    seen: list[float] = []
    separate(TdcUNet(weights), mix, RATE, Progress(lambda fraction, _: seen.append(fraction)))
    assert seen == [0.0, 0.5, 1.0]
    control = Control()
    stopping = Progress(lambda fraction, _: control.cancel() if fraction > 0 else None, control)
    with pytest.raises(Cancelled):
        separate(TdcUNet(weights), mix, RATE, stopping)


def test_weights_that_are_missing_or_of_something_else_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"absent.pt cannot be read"):
        TdcUNet(tmp_path / "absent.pt")
    (tmp_path / "garbage.pt").write_bytes(b"garbage")
    torch.save({"weight": torch.zeros(3)}, tmp_path / "other.pt")
    for name in ("garbage.pt", "other.pt"):
        with pytest.raises(WeightsError, match=f"{name} does not hold"):
            TdcUNet(tmp_path / name).vocals_of(np.zeros((2, 10), np.float32))


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the recordings of ../shared")
def test_the_published_weights_isolate_a_voice() -> None:
    song = SHARED / "data" / "mir1k" / "Ani" / "1"
    vocals, music = (
        read_audio(song / f"{stem}.opus", RATE, 2)[0][:, : 6 * RATE]
        for stem in ("vocals", "accompaniment")
    )
    assert sdr(vocals, TdcUNet(PUBLISHED).vocals_of(vocals + music)) > 2
