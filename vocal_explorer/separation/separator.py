"""What a separator is, and which there are.

`embedded` is our own small network with its weights in the repository. The place of
the official Spleeter weights is kept: `spleeter` will run them natively, and `auto`
will prefer it once its weights are installed.
"""

from pathlib import Path
from typing import Protocol

from vocal_explorer.errors import WeightsError
from vocal_explorer.paths import models_folder
from vocal_explorer.progress import Progress
from vocal_explorer.records import Stems, Waveform

SEPARATORS = ("auto", "embedded")


class Separator(Protocol):
    """Splits a mix into vocals and accompaniment."""

    @property
    def name(self) -> str:
        """Name under which it can be chosen."""

    @property
    def version(self) -> str:
        """Changes whenever the same input would give other stems."""

    def separate(self, waveform: Waveform, sample_rate: int, progress: Progress) -> Stems:
        """Return 44.1 kHz stereo stems, as long as the (resampled) mix, which they sum to.

        Parameters
        ----------
        waveform
            Mix, shape (n_channels, n_samples).
        sample_rate
            Of the mix, in Hz.
        progress
            Reported at each block; cancelling there raises Cancelled.
        """


def load_separator(name: str = "auto", folder: Path | None = None) -> Separator:
    """Return the separator `name`; `folder` holds its weights (default: the shipped ones).

    Raises
    ------
    WeightsError
        If the separator is unknown or its weights are not usable.
    """
    if name not in SEPARATORS:
        raise WeightsError(f"There is no separator {name!r}; choose from {', '.join(SEPARATORS)}.")
    from vocal_explorer.separation.embedded import EmbeddedSeparator

    return EmbeddedSeparator(folder or models_folder() / "separator")
