"""The encoders' front end: log-mel spectrograms, saved with the weights it belongs to."""

import librosa
import numpy as np
import torch
from torch import Tensor, nn

from vocal_explorer.base.config import MelConfig
from vocal_explorer.base.records.signals import Domain, Embedding, Waveform

COMPRESSION = 1e4  # log10(1 + COMPRESSION * mel power)


class LogMel(nn.Module):
    """Waveforms to normalised log-mel spectrograms (paper, section 3.1).

    STFT with a Hann window of 1,024 samples and 512 samples of hop at 22,050 Hz,
    librosa's mel filterbank of 128 bins, log10(1 + 1e4 * power), then the mean and
    standard deviation of the domain, which are part of the weights.
    """

    window: Tensor
    filterbank: Tensor
    mean: Tensor
    std: Tensor

    def __init__(self, config: MelConfig) -> None:
        super().__init__()
        self.config = config
        filterbank = librosa.filters.mel(
            sr=config.sample_rate, n_fft=config.n_fft, n_mels=config.n_mels
        )
        self.register_buffer("window", torch.hann_window(config.n_fft), persistent=False)
        self.register_buffer("filterbank", torch.from_numpy(filterbank), persistent=False)
        self.register_buffer("mean", torch.tensor(0.0))
        self.register_buffer("std", torch.tensor(1.0))

    def unnormalised(self, waveform: Tensor) -> Tensor:
        """Return log-mel (batch, n_mels, n_frames) of (batch, n_samples) in [-1, 1]."""
        with torch.autocast(waveform.device.type, enabled=False):
            spectrum = torch.stft(
                waveform,
                self.config.n_fft,
                self.config.hop_length,
                window=self.window,
                pad_mode="constant",
                return_complex=True,
            )
            power = spectrum.real**2 + spectrum.imag**2
            return torch.log10(1 + COMPRESSION * (self.filterbank @ power))

    def forward(self, waveform: Tensor) -> Tensor:
        """Return the normalised log-mel of `waveform`, shapes as in `unnormalised`."""
        return self.normalised(self.unnormalised(waveform))

    def normalised(self, log_mel: Tensor) -> Tensor:
        """Return what `unnormalised` gave, of any shape, in the domain's statistics."""
        return (log_mel - self.mean) / self.std

    @torch.no_grad()
    def fit(self, log_mel: Tensor) -> None:
        """Take mean and standard deviation from example log-mels of any shape."""
        self.mean.copy_(log_mel.mean())
        self.std.copy_(log_mel.std())


class MelSegments:
    """The front end in an encoder's place: what it gives of a segment is its log-mel.

    Parameters
    ----------
    config
        The front end.
    domain
        The only one that it hears; of others nothing is left.
    """

    def __init__(self, config: MelConfig, domain: Domain) -> None:
        self.config = config
        self._domain = domain
        self._mel = LogMel(config)

    @torch.inference_mode()
    def encode(self, domain: Domain, segments: Waveform) -> Embedding:
        """Return log-mels (n, n_mels * n_frames) of segments (n, n_samples)."""
        if domain is not self._domain:
            return np.empty((len(segments), 0), np.float32)
        mel = self._mel.unnormalised(torch.from_numpy(segments))
        return np.asarray(mel.flatten(1).numpy(), dtype=np.float32)
