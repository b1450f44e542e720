"""The TDC U-Net of Choi et al. (ISMIR 2020): a separator to measure others against.

Its published weights estimate the vocals' complex spectrogram directly. The frames are
independent of each other: every convolution runs over frequency alone.
"""

import hashlib
import io
import pickle
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from vocal_explorer.base.config import STEM_SAMPLE_RATE
from vocal_explorer.base.errors import WeightsError
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Stems, Waveform

N_FFT = 2048  # samples
HOP = N_FFT // 2  # samples
FRAMES = 64  # of one excerpt
CHANNELS = 24
LEVELS = 8
LAYERS = 5  # of one dense block
TRIM = 5000  # samples computed and thrown away on both sides of an excerpt
KEPT = HOP * (FRAMES + 1) - 2 * TRIM  # samples kept of an excerpt


class DenseBlock(nn.Module):
    """Convolutions over frequency, each of which sees everything before it."""

    def __init__(self, n_in: int) -> None:
        super().__init__()
        self.H = nn.ModuleList(  # named as in the published file
            nn.Sequential(
                nn.Conv1d(n_in + layer * CHANNELS, CHANNELS, 3, padding=1),
                nn.BatchNorm1d(CHANNELS),
                nn.ReLU(),
            )
            for layer in range(LAYERS)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return (n_frames, 24, n_bins) of (n_frames, n_in, n_bins)."""
        newest: Tensor = self.H[0](x)
        for layer in self.H[1:]:
            x = torch.cat((newest, x), dim=1)
            newest = layer(x)
        return newest


class Sampling(nn.Module):
    """Halves the bins with a Conv1d or doubles them with a ConvTranspose1d."""

    def __init__(self, kind: type[nn.Conv1d] | type[nn.ConvTranspose1d]) -> None:
        super().__init__()
        self.conv = kind(CHANNELS, CHANNELS, 2, stride=2)
        self.bn = nn.BatchNorm1d(CHANNELS)

    def forward(self, x: Tensor) -> Tensor:
        """Return (n_frames, 24, half or twice n_bins) of (n_frames, 24, n_bins)."""
        sampled: Tensor = self.bn(self.conv(x))
        return sampled


class TdcNetwork(nn.Module):
    """17 dense blocks in a U over 1024 bins; the modules are named as in the published file."""

    def __init__(self) -> None:
        super().__init__()
        self.first_conv = nn.Sequential(
            nn.Conv2d(4, CHANNELS, (2, 1)), nn.BatchNorm2d(CHANNELS), nn.ReLU()
        )
        self.encoders = nn.ModuleList(DenseBlock(CHANNELS) for _ in range(LEVELS))
        self.downsampling = nn.ModuleList(Sampling(nn.Conv1d) for _ in range(LEVELS))
        self.mid_block = DenseBlock(CHANNELS)
        self.upsampling = nn.ModuleList(Sampling(nn.ConvTranspose1d) for _ in range(LEVELS))
        self.decoders = nn.ModuleList(DenseBlock(2 * CHANNELS) for _ in range(LEVELS))
        self.final_conv = nn.Sequential(nn.Conv2d(CHANNELS, 4, (2, 1), padding=(1, 0)))

    def forward(self, spectrum: Tensor) -> Tensor:
        """Return the vocals in `spectrum`.

        Both are (batch, 4, 1025, n_frames): left real, left imaginary, right real and
        right imaginary part of each bin.
        """
        x = self.first_conv(spectrum).permute(0, 3, 1, 2)  # batch, frame, channel, bin
        x = self._over_frequency(x.flatten(0, 1)).reshape(x.shape)
        vocals: Tensor = self.final_conv(x.permute(0, 2, 3, 1))
        return vocals

    def _over_frequency(self, x: Tensor) -> Tensor:
        skips: list[Tensor] = []
        for encoder, down in zip(self.encoders, self.downsampling, strict=True):
            skips.append(encoder(x))
            x = down(skips[-1])
        x = self.mid_block(x)
        for up, decoder in zip(self.upsampling, self.decoders, strict=True):
            x = decoder(torch.cat((up(x), skips.pop()), dim=1))
        return x


class TdcUNet:
    """The published network as a separator; accompaniment is the mix minus the vocals.

    The network loads at the first mix.

    Parameters
    ----------
    path
        The published file of weights (cac_tdc_17_vocals_*.pt).

    Raises
    ------
    WeightsError
        If the file cannot be read. Damaged weights are noticed at the first mix.
    """

    name = "tdc-u-net"

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._weights = path.read_bytes()
        except OSError as error:
            raise WeightsError(
                f"The TDC U-Net's weights {path} cannot be read: {error.strerror or error}."
            ) from error
        self.version = hashlib.sha256(self._weights).hexdigest()[:12]

    @cached_property
    def _network(self) -> TdcNetwork:
        network = TdcNetwork()
        try:
            saved = torch.load(io.BytesIO(self._weights), map_location="cpu", weights_only=True)
            network.load_state_dict(saved)
        except (RuntimeError, ValueError, TypeError, EOFError, pickle.UnpicklingError) as error:
            raise WeightsError(f"{self._path} does not hold the TDC U-Net's weights.") from error
        return network.eval()

    def vocals_of(self, waveform: Waveform) -> Waveform:
        """Return the vocals in a 44.1 kHz stereo mix, both (2, n_samples)."""
        stems = self.stream([waveform], waveform.shape[1], Progress())
        vocals = [piece.vocals for piece in stems]
        return np.concatenate(vocals, axis=1) if vocals else np.zeros_like(waveform)

    def stream(
        self, mix: Iterable[Waveform], n_samples: int, progress: Progress
    ) -> Iterator[Stems]:
        """See Separator.stream."""
        done = 0
        for block, n_valid in overlapping_blocks(mix, KEPT, TRIM):
            progress.report(min(done / max(n_samples, 1), 1.0), "isolating the vocals")
            vocals = self._estimate(block)[:, :n_valid]
            yield Stems(vocals, block[:, TRIM : TRIM + n_valid] - vocals, STEM_SAMPLE_RATE)
            done += n_valid
        progress.report(1.0, "isolating the vocals")

    @torch.inference_mode()
    def _estimate(self, block: Waveform) -> Waveform:
        """Return the vocals (2, KEPT) in the middle of a block (2, TRIM + KEPT + TRIM)."""
        window = torch.hann_window(N_FFT)
        frames = torch.fft.rfft(torch.from_numpy(block).unfold(1, N_FFT, HOP) * window)
        parts = torch.view_as_real(frames).permute(0, 3, 2, 1).flatten(0, 1)[None]
        vocals = self._network(parts).reshape(2, 2, -1, FRAMES).permute(0, 3, 2, 1)
        restored = torch.fft.irfft(torch.view_as_complex(vocals.contiguous()), n=N_FFT) * window
        squares = window.square().reshape(2, HOP).sum(0)
        overlapped = (restored[:, 1:, :HOP] + restored[:, :-1, HOP:]) / squares
        kept = overlapped.flatten(1)[:, TRIM - HOP : TRIM - HOP + KEPT]
        return np.asarray(kept.numpy(), dtype=np.float32)


def overlapping_blocks(
    mix: Iterable[Waveform], size: int, context: int
) -> Iterator[tuple[Waveform, int]]:
    """Cut consecutive pieces (2, any) into blocks (2, context + size + context).

    Yields each block and how many samples of its middle belong to the mix; around the
    mix are zeros.
    """
    whole = size + 2 * context
    waiting = np.zeros((2, context), np.float32)
    for piece in mix:
        waiting = np.concatenate((waiting, piece), axis=1)
        while waiting.shape[1] >= whole:
            yield np.ascontiguousarray(waiting[:, :whole]), size
            waiting = waiting[:, size:]
    while waiting.shape[1] > context:
        n_valid = min(waiting.shape[1] - context, size)
        block = np.zeros((2, whole), np.float32)
        block[:, : min(waiting.shape[1], whole)] = waiting[:, :whole]
        yield block, n_valid
        waiting = waiting[:, size:]
