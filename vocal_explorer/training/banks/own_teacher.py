"""A trained f_v as a teacher: as it hears clean vocals, they shall be heard in every form.

What it tells apart, other teachers may not, and a pair that goes on learning must not lose it.
"""

from pathlib import Path

import numpy as np
import torch

from vocal_explorer.base.records.signals import Domain, Embedding, Waveform
from vocal_explorer.encoders.checkpoint import load_pair
from vocal_explorer.encoders.model_id import model_id
from vocal_explorer.encoders.runtime import PairRuntime
from vocal_explorer.features.segments import level

BATCH_SIZE = 32


class OwnTeacher:
    """Says what the vocal encoder of a pair makes of vocals, segment by segment.

    Parameters
    ----------
    folder
        Of the pair.

    Raises
    ------
    WeightsError
        If there are no weights that can be used.
    """

    def __init__(self, folder: Path) -> None:
        pair = load_pair(folder)
        self.version = model_id(folder)
        self.sample_rate = pair.config.sample_rate
        self._n_samples = pair.config.segment_samples
        self._runtime = PairRuntime(pair)

    @torch.inference_mode()
    def listen(self, waveform: Waveform, seconds: float) -> Embedding:
        """Return unit-length embeddings (n_segments, d), one every `seconds`.

        Parameters
        ----------
        waveform
            Vocals alone, (n_samples,) at `sample_rate` Hz.
        seconds
            From segment to segment: row i is about the one in whose middle i * seconds is.
        """
        starts = np.arange(0, len(waveform), seconds * self.sample_rate).astype(int)
        sound = np.pad(level(waveform[None])[0], (self._n_samples // 2, self._n_samples))
        rows = []
        for first in range(0, len(starts), BATCH_SIZE):
            segments = [sound[s : s + self._n_samples] for s in starts[first : first + BATCH_SIZE]]
            rows.append(self._runtime.encode(Domain.VOCALS, np.stack(segments)))
        return np.concatenate(rows)
