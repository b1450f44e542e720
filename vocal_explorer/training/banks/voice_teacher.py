"""A speaker encoder that has heard thousands of people: GE2E (Wan et al., 2018).

Its weights are those of Resemblyzer (Apache-2.0); the package on PyPI holds them as
`resemblyzer/pretrained.pt`. It hears speech and singing without accompaniment.
"""

import hashlib
import pickle
from pathlib import Path

import librosa
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import normalize

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.records.signals import Embedding, Waveform

SAMPLE_RATE = 16_000  # Hz
N_DIMENSIONS = 256
FRAME_SECONDS = 0.01
WINDOW = 160  # frames that make one embedding
LEVEL = 10 ** (-30 / 20)  # root mean square at which it was trained
BATCH_SIZE = 64


class _Network(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(40, N_DIMENSIONS, 3, batch_first=True)
        self.linear = nn.Linear(N_DIMENSIONS, N_DIMENSIONS)

    def forward(self, mels: Tensor) -> Tensor:
        """Return unit-length embeddings (n, 256) of mel power (n, WINDOW, 40)."""
        _, (hidden, _) = self.lstm(mels)
        return normalize(torch.relu(self.linear(hidden[-1])))


class VoiceTeacher:
    """Says who speaks or sings, window by window.

    Parameters
    ----------
    file
        Resemblyzer's `pretrained.pt`.

    Raises
    ------
    VocalExplorerError
        If it holds something else.
    """

    def __init__(self, file: Path) -> None:
        self.sample_rate = SAMPLE_RATE
        self.version = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
        self._network = _Network().eval()
        try:
            state = torch.load(file, map_location="cpu", weights_only=True)["model_state"]
            names = self._network.state_dict()
            self._network.load_state_dict({name: state[name] for name in names})
        except (KeyError, TypeError, RuntimeError, pickle.UnpicklingError) as error:
            raise VocalExplorerError(
                f"{file} does not hold the weights of Resemblyzer's voice encoder."
            ) from error

    @torch.inference_mode()
    def listen(self, waveform: Waveform, seconds: float) -> Embedding:
        """Return unit-length embeddings (n_windows, 256), one every `seconds`.

        Parameters
        ----------
        waveform
            A voice alone, (n_samples,) at SAMPLE_RATE Hz.
        seconds
            From window to window: row i is about the 1.6 s around i * seconds.
        """
        frames = _mel_power(waveform)
        padded = np.pad(frames, ((WINDOW // 2, WINDOW), (0, 0)))
        starts = np.arange(0, len(frames), seconds / FRAME_SECONDS).astype(int)
        rows = []
        for first in range(0, len(starts), BATCH_SIZE):
            windows = [padded[s : s + WINDOW] for s in starts[first : first + BATCH_SIZE]]
            rows.append(self._network(torch.from_numpy(np.stack(windows))).numpy())
        return np.concatenate(rows)


def _mel_power(waveform: Waveform) -> NDArray[np.float32]:
    loudness = max(float(np.sqrt(np.mean(np.square(waveform)))), 1e-6)
    mel = librosa.feature.melspectrogram(
        y=waveform * np.float32(LEVEL / loudness),
        sr=SAMPLE_RATE,
        n_fft=int(0.025 * SAMPLE_RATE),
        hop_length=int(FRAME_SECONDS * SAMPLE_RATE),
        n_mels=40,
    )
    return np.ascontiguousarray(mel.T, dtype=np.float32)
