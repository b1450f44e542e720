"""The embedded separator's network between magnitudes and masks, and on disk."""

import json
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors import SafetensorError
from torch import Tensor

from vocal_explorer.base.errors import WeightsError
from vocal_explorer.networks.weights import load_weights, save_weights
from vocal_explorer.separation.embedded.mask_unet import MaskUNet, MaskUNetConfig, views_of
from vocal_explorer.separation.stream import HOP_LENGTH, LEAD, N_BINS, StemMasks

CONFIG = "config.json"
MAX_BLOCK_FRAMES = 960  # estimated at once, 22 s


class Spectrogram:
    """The STFT with the network's parameters, of (..., n_samples) tensors."""

    def __init__(self, config: MaskUNetConfig) -> None:
        self.n_fft = config.n_fft
        self.hop_length = config.hop_length
        self.window = torch.hann_window(config.n_fft)

    def analyse(self, waveform: Tensor) -> Tensor:
        """Return complex (n_channels, n_fft / 2 + 1, n_frames) of (n_channels, n_samples)."""
        return torch.stft(
            waveform,
            self.n_fft,
            self.hop_length,
            window=self.window,
            pad_mode="constant",
            return_complex=True,
        )


def extend_mask(mask: Tensor, n_bins: int) -> Tensor:
    """Continue a (..., bins, frames) mask up to `n_bins` with the mean of its top half."""
    top = mask[..., mask.shape[-2] // 2 :, :].mean(dim=-2, keepdim=True)
    above = top.expand(*mask.shape[:-2], n_bins - mask.shape[-2], mask.shape[-1])
    return torch.cat((mask, above), dim=-2)


class NetworkEstimator:
    """A MaskUNet as the MaskEstimator that spectral_stream asks; it sees `view`.

    Parameters
    ----------
    network
        In evaluation mode.
    n_samples
        How long the mix is expected to be: blocks are chosen so that the last is full.
    """

    def __init__(self, network: MaskUNet, n_samples: int) -> None:
        config = network.config
        self._n_bins = config.n_bins
        self._network = network
        n_frames = -(-(LEAD + n_samples) // HOP_LENGTH)
        n_blocks = -(-n_frames // MAX_BLOCK_FRAMES)
        step = n_blocks * config.time_multiple
        self.block_frames = -(-n_frames // step) * config.time_multiple
        self.context_frames = config.context_frames

    def view(self, spectrum: Tensor) -> Tensor:
        """Return (4, n_bins, n_frames) of a complex spectrum (2, N_BINS, n_frames)."""
        return views_of(spectrum[None, :, : self._n_bins])[0]

    @torch.inference_mode()
    def masks(self, magnitude: Tensor) -> StemMasks:
        """See MaskEstimator.masks; the accompaniment is what the vocals leave."""
        mask = self._network(magnitude[None])[0].float()
        block = mask[..., self.context_frames : self.context_frames + self.block_frames]
        return StemMasks(extend_mask(block, N_BINS))


def load_network(folder: Path) -> MaskUNet:
    """Load `folder`/weights.safetensors and config.json.

    Raises
    ------
    WeightsError
        If they are missing, damaged, or do not fit each other.
    """
    try:
        saved = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        network = MaskUNet(MaskUNetConfig(**(saved | {"channels": tuple(saved["channels"])})))
        load_weights(network, folder)
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise WeightsError(f"The separator in {folder} cannot be used: {error}") from error
    return network


def save_network(network: MaskUNet, folder: Path) -> None:
    """Write config.json and weights.safetensors (half precision) into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CONFIG).write_text(json.dumps(asdict(network.config), indent=2) + "\n")
    save_weights(network, folder)
