"""Log-mels in a byte a value, so that those of all recordings fit in memory."""

import numpy as np
import torch
from numpy.typing import NDArray

from vocal_explorer.base.records.signals import Waveform
from vocal_explorer.features.mel import COMPRESSION, LogMel
from vocal_explorer.features.segments import level

ByteMels = NDArray[np.uint8]  # (n_frames, n_mels), in steps of STEP
STEP = 0.03  # of log10(1 + 1e4 * power): 0.3 dB where sounds are loud
LARGEST = 255

_POWERS = ((10 ** (STEP * np.arange(LARGEST + 1)) - 1) / COMPRESSION).astype(np.float32)


@torch.no_grad()
def to_byte_mels(waveform: Waveform, front_end: LogMel) -> ByteMels:
    """Return the log-mel of a mono recording (n_samples,) at the level that encoders hear."""
    log_mel = front_end.unnormalised(torch.from_numpy(level(waveform[None])))[0].T.numpy()
    return np.clip(np.round(log_mel / STEP), 0, LARGEST).astype(np.uint8)


def to_power(mels: ByteMels) -> NDArray[np.float32]:
    """Return the mel power (n_frames, n_mels) that they stand for."""
    return np.asarray(_POWERS[mels], dtype=np.float32)


def to_log_mel(power: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the log-mel of mel power, of the same shape."""
    return np.asarray(np.log10(1 + COMPRESSION * power), dtype=np.float32)
