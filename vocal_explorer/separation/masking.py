"""From a stretch of the mix to the vocals in it: STFT, mask, inverse STFT."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError
from torch import Tensor

from vocal_explorer.errors import WeightsError
from vocal_explorer.records import Waveform
from vocal_explorer.separation.mask_unet import MaskUNet, MaskUNetConfig
from vocal_explorer.weights import load_weights, save_weights

CONFIG = "config.json"


class Spectrogram:
    """STFT and inverse STFT with the network's parameters, of (..., n_samples) tensors."""

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

    def synthesise(self, spectrum: Tensor, n_samples: int) -> Tensor:
        """Invert `analyse`."""
        return torch.istft(
            spectrum, self.n_fft, self.hop_length, window=self.window, length=n_samples
        )


def extend_mask(mask: Tensor, n_bins: int) -> Tensor:
    """Continue a (..., bins, frames) mask up to `n_bins` with the mean of its top half."""
    top = mask[..., mask.shape[-2] // 2 :, :].mean(dim=-2, keepdim=True)
    above = top.expand(*mask.shape[:-2], n_bins - mask.shape[-2], mask.shape[-1])
    return torch.cat((mask, above), dim=-2)


class Masking:
    """A MaskUNet between an STFT and its inverse.

    Parameters
    ----------
    network
        Put into evaluation mode.
    """

    def __init__(self, network: MaskUNet) -> None:
        self.config = network.config
        self._network = network.eval()
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._spectrogram = Spectrogram(network.config)

    @torch.inference_mode()
    def vocals_of(self, mix: Waveform) -> Waveform:
        """Return the vocals in a stereo `mix`, both (2, n_samples).

        n_samples must be a multiple of the hop times the network's frame multiple.
        """
        spectrum = self._spectrogram.analyse(torch.from_numpy(np.ascontiguousarray(mix)))
        n_frames = spectrum.shape[-1] - 1  # a centred STFT has one frame more than hops
        magnitude = spectrum[:, : self.config.n_bins, :n_frames].abs()[None]
        mask = self._network(magnitude.contiguous(memory_format=torch.channels_last))[0]
        mask = torch.nn.functional.pad(mask, (0, 1), mode="replicate")
        masked = spectrum * extend_mask(mask, spectrum.shape[1])
        vocals = self._spectrogram.synthesise(masked, mix.shape[1])
        return np.asarray(vocals.numpy(), dtype=np.float32)


def load_masking(folder: Path) -> Masking:
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
    except (OSError, ValueError, KeyError, TypeError, SafetensorError, RuntimeError) as error:
        raise WeightsError(f"The separator in {folder} cannot be used: {error}") from error
    return Masking(network)


def save_network(network: MaskUNet, folder: Path) -> None:
    """Write config.json and weights.safetensors (half precision) into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CONFIG).write_text(json.dumps(asdict(network.config), indent=2) + "\n")
    save_weights(network, folder)
