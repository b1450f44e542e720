"""The artist network of Lee et al. (ISMIR 2018, jongpillee/ismir2018-artist), trained on 10,000
artists of the Million Song Dataset, as an anchor that others made. Needs its Keras weights."""

from pathlib import Path

import h5py
import librosa
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import max_pool1d, pad

SAMPLE_RATE = 22_050  # Hz
N_MELS = 128
N_FRAMES = 129
MEAN, DEVIATION = 0.22620339, 0.25794547  # of log10(1 + 10 * mel power) over its training songs
EPSILON = 1e-3  # Keras' default
WIDTHS = (4, 4, 4, 2, 1)  # of the convolutions, and of the pooling after the first four
CHANNELS = (N_MELS, 128, 128, 128, 128, 256)


class MsdArtist(nn.Module):
    """Hears log-mels (n, N_FRAMES, N_MELS), returns embeddings (n, 256)."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.convolutions = nn.ModuleList(
            nn.Conv1d(CHANNELS[i], CHANNELS[i + 1], width) for i, width in enumerate(WIDTHS)
        )
        self.norms = nn.ModuleList(nn.BatchNorm1d(n, EPSILON) for n in CHANNELS[1:])
        self._load(file)
        self.eval()

    def _load(self, file: Path) -> None:
        with h5py.File(file) as opened:
            weights = opened["model_weights"]

            def value(layer: str, name: str) -> Tensor:
                return torch.from_numpy(weights[layer][layer][f"{name}:0"][()])

            for number, (convolution, norm) in enumerate(
                zip(self.convolutions, self.norms, strict=True), start=1
            ):
                layer, normed = f"conv1d_{number}", f"batch_normalization_{number}"
                kernel = value(layer, "kernel").permute(2, 1, 0)  # Keras: (width, in, out)
                convolution.load_state_dict({"weight": kernel, "bias": value(layer, "bias")})
                norm.weight.data = value(normed, "gamma")
                norm.bias.data = value(normed, "beta")
                norm.running_mean = value(normed, "moving_mean")
                norm.running_var = value(normed, "moving_variance")

    @torch.inference_mode()
    def forward(self, log_mels: Tensor) -> Tensor:
        x = log_mels.transpose(1, 2)
        for width, convolution, norm in zip(WIDTHS, self.convolutions, self.norms, strict=True):
            around = width - 1  # "same": the odd frame is added at the end
            x = torch.relu(norm(convolution(pad(x, (around // 2, around - around // 2)))))
            if width > 1:
                x = max_pool1d(x, width)
        return x.mean(dim=2)

    def listen(self, waveform: np.ndarray) -> np.ndarray:
        """Return the mean unit-length embedding (256,) of a mono waveform at SAMPLE_RATE."""
        power = librosa.feature.melspectrogram(
            y=waveform, sr=SAMPLE_RATE, n_fft=1024, hop_length=512, n_mels=N_MELS
        )
        frames = (np.log10(1 + 10 * power.T) - MEAN) / DEVIATION
        whole = max(N_FRAMES, len(frames) // N_FRAMES * N_FRAMES)
        segments = np.resize(frames, (whole, N_MELS)).reshape(-1, N_FRAMES, N_MELS)
        rows = nn.functional.normalize(self(torch.from_numpy(segments.astype(np.float32))))
        return rows.mean(dim=0).numpy()
