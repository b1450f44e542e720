"""The embedded separator: our own network with our own weights, always available."""

import hashlib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vocal_explorer.audio.io import resample, to_channels
from vocal_explorer.config import STEM_SAMPLE_RATE, WEIGHTS_FILE
from vocal_explorer.errors import WeightsError
from vocal_explorer.progress import Progress
from vocal_explorer.records import Stems, Waveform

if TYPE_CHECKING:
    from vocal_explorer.separation.masking import Masking

BLOCK_FRAMES = 512  # frames kept of each block
CONTEXT_FRAMES = 64  # frames before and after a block, computed and thrown away


class EmbeddedSeparator:
    """Masks the mix's STFT block by block; the stems sum to the mix exactly.

    The network loads at the first mix.

    Parameters
    ----------
    folder
        Holds weights.safetensors and config.json.

    Raises
    ------
    WeightsError
        If there are no weights. Damaged ones are noticed at the first mix.
    """

    name = "embedded"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            weights = (folder / WEIGHTS_FILE).read_bytes()
        except OSError as error:
            raise WeightsError(
                f"There are no separator weights in {folder}: {error.strerror or error}."
            ) from error
        self.version = hashlib.sha256(weights).hexdigest()[:12]

    @cached_property
    def _masking(self) -> "Masking":
        from vocal_explorer.separation.masking import load_masking

        return load_masking(self._folder)

    def separate(self, waveform: Waveform, sample_rate: int, progress: Progress) -> Stems:
        """See Separator.separate."""
        mix = to_channels(resample(waveform, sample_rate, STEM_SAMPLE_RATE), 2)
        config = self._masking.config
        block, context = BLOCK_FRAMES * config.hop_length, CONTEXT_FRAMES * config.hop_length
        n_samples = mix.shape[1]
        padded = np.pad(mix, ((0, 0), (context, 2 * context + block)))
        vocals = np.empty_like(mix)
        for start in range(0, n_samples, block):
            progress.report(start / n_samples, "isolating the vocals")
            length = min(block, n_samples - start)
            n_frames = -(-length // config.hop_length) + 2 * CONTEXT_FRAMES
            stop = start + config.whole_frames(n_frames) * config.hop_length
            chunk = self._masking.vocals_of(padded[:, start:stop])
            vocals[:, start : start + length] = chunk[:, context : context + length]
        progress.report(1.0, "isolating the vocals")
        return Stems(vocals, mix - vocals, STEM_SAMPLE_RATE)
