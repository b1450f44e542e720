"""The embedded separator: our own network with our own weights, always available."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from vocal_explorer.audio.io import resample, to_channels
from vocal_explorer.config import STEM_SAMPLE_RATE
from vocal_explorer.errors import WeightsError
from vocal_explorer.progress import Progress
from vocal_explorer.records import Stems, Waveform
from vocal_explorer.separation.mask_unet import MaskUNet, MaskUNetConfig

BLOCK_FRAMES = 512  # frames kept of each block
CONTEXT_FRAMES = 64  # frames before and after a block, computed and thrown away


class Spectrogram:
    """STFT and inverse STFT with the network's parameters, of (..., n_samples) tensors."""

    def __init__(self, config: MaskUNetConfig) -> None:
        self.n_fft = config.n_fft
        self.hop_length = config.hop_length
        self.window = torch.hann_window(config.n_fft)

    def analyse(self, waveform: Tensor) -> Tensor:
        """Return complex (n_channels, n_fft / 2 + 1, n_frames) of (n_channels, n_samples)."""
        return torch.stft(
            waveform, self.n_fft, self.hop_length, window=self.window, return_complex=True
        )

    def synthesise(self, spectrum: Tensor, n_samples: int) -> Tensor:
        """Invert `analyse`."""
        return torch.istft(
            spectrum, self.n_fft, self.hop_length, window=self.window, length=n_samples
        )


def extend_mask(mask: Tensor, n_bins: int) -> Tensor:
    """Continue a (..., bins, frames) mask up to `n_bins` with the mean of its top octave."""
    top = mask[..., mask.shape[-2] // 2 :, :].mean(dim=-2, keepdim=True)
    above = top.expand(*mask.shape[:-2], n_bins - mask.shape[-2], mask.shape[-1])
    return torch.cat((mask, above), dim=-2)


class EmbeddedSeparator:
    """Masks the mix's STFT block by block; the stems sum to the mix exactly."""

    name = "embedded"

    def __init__(self, network: MaskUNet, version: str) -> None:
        self.version = version
        self._network = network.eval()
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._spectrogram = Spectrogram(network.config)

    @classmethod
    def load(cls, folder: Path) -> "EmbeddedSeparator":
        """Load `folder`/weights.safetensors and config.json.

        Raises
        ------
        WeightsError
            If they are missing, damaged, or do not fit each other.
        """
        weights = folder / "weights.safetensors"
        try:
            saved = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            config = MaskUNetConfig(**(saved | {"channels": tuple(saved["channels"])}))
            network = MaskUNet(config)
            tensors = {name: tensor.float() for name, tensor in load_file(weights).items()}
            network.load_state_dict(tensors)
            version = hashlib.sha256(weights.read_bytes()).hexdigest()[:12]
        except (OSError, ValueError, KeyError, TypeError, SafetensorError, RuntimeError) as error:
            raise WeightsError(
                f"The separator's weights in {folder} cannot be used: {error}"
            ) from error
        return cls(network, version)

    def separate(self, waveform: Waveform, sample_rate: int, progress: Progress) -> Stems:
        """See Separator.separate."""
        mix = to_channels(resample(waveform, sample_rate, STEM_SAMPLE_RATE), 2)
        hop = self._network.config.hop_length
        block, context = BLOCK_FRAMES * hop, CONTEXT_FRAMES * hop
        n_samples = mix.shape[1]
        padded = np.pad(mix, ((0, 0), (context, context + block)))
        vocals = np.empty_like(mix)
        for start in range(0, n_samples, block):
            progress.report(start / n_samples, "isolating the vocals")
            length = min(block, n_samples - start)
            # the last block is only as long as the network's frame multiple demands
            frames = -(-length // hop) + 2 * CONTEXT_FRAMES
            multiple = self._network.config.frame_multiple
            stop = start + (-(-frames // multiple) * multiple) * hop
            chunk = self._vocals_of(padded[:, start:stop])
            vocals[:, start : start + length] = chunk[:, context : context + length]
        progress.report(1.0, "isolating the vocals")
        return Stems(vocals, mix - vocals, STEM_SAMPLE_RATE)

    @torch.inference_mode()
    def _vocals_of(self, chunk: Waveform) -> Waveform:
        spectrum = self._spectrogram.analyse(torch.from_numpy(np.ascontiguousarray(chunk)))
        n_frames = spectrum.shape[-1] - 1  # the centred STFT adds one
        magnitude = spectrum[:, : self._network.config.n_bins, :n_frames].abs()[None]
        mask = self._network(magnitude.contiguous(memory_format=torch.channels_last))[0]
        mask = torch.nn.functional.pad(mask, (0, 1), mode="replicate")
        vocals = self._spectrogram.synthesise(
            spectrum * extend_mask(mask, spectrum.shape[1]), chunk.shape[1]
        )
        return np.asarray(vocals.numpy(), dtype=np.float32)


def save_separator(network: MaskUNet, folder: Path) -> None:
    """Write config.json and weights.safetensors (half precision) into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(asdict(network.config), indent=2) + "\n")
    save_file(
        {
            name: tensor.half().contiguous() if tensor.is_floating_point() else tensor
            for name, tensor in network.state_dict().items()
        },
        folder / "weights.safetensors.part",
    )
    (folder / "weights.safetensors.part").replace(folder / "weights.safetensors")
