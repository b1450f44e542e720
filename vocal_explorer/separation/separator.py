"""What a separator is, and which there are.

`spleeter` runs Deezer's official weights natively, `spleeter-average` does so with the
mask continued above 11 kHz, `spleeter-reference` runs the spleeter package itself, and
`embedded` is our own small network, whose weights are in the repository.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

import numpy as np

from vocal_explorer.audio.files import resample, to_channels
from vocal_explorer.base.config import STEM_SAMPLE_RATE
from vocal_explorer.base.errors import WeightsError
from vocal_explorer.base.paths import models_folder
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Stems, Waveform

SEPARATORS = ("auto", "embedded", "spleeter", "spleeter-average", "spleeter-reference")


class Separator(Protocol):
    """Splits a mix into vocals and accompaniment."""

    @property
    def name(self) -> str:
        """Name under which it can be chosen."""

    @property
    def version(self) -> str:
        """Changes whenever the same input would give other stems."""

    def stream(
        self, mix: Iterable[Waveform], n_samples: int, progress: Progress
    ) -> Iterator[Stems]:
        """Yield consecutive stems, together as long as the mix.

        Parameters
        ----------
        mix
            Consecutive pieces of a stereo mix at 44.1 kHz, (2, any length).
        n_samples
            How long the mix is expected to be; only the progress depends on it.
        progress
            Reported at each block; cancelling there raises Cancelled.
        """


def separate(
    separator: Separator, waveform: Waveform, sample_rate: int, progress: Progress
) -> Stems:
    """Return the 44.1 kHz stereo stems of a whole mix, as long as the (resampled) mix.

    Parameters
    ----------
    separator
        Does it.
    waveform
        Mix, shape (n_channels, n_samples) or (n_samples,).
    sample_rate
        Of the mix, in Hz.
    progress
        Reported at each block; cancelling there raises Cancelled.
    """
    mix = to_channels(resample(waveform, sample_rate, STEM_SAMPLE_RATE), 2)
    pieces = list(separator.stream([mix], mix.shape[1], progress))
    nothing = np.zeros((2, 0), np.float32)
    return Stems(
        np.concatenate([nothing, *(piece.vocals for piece in pieces)], axis=1),
        np.concatenate([nothing, *(piece.accompaniment for piece in pieces)], axis=1),
        STEM_SAMPLE_RATE,
    )


def load_separator(name: str = "auto", folder: Path | None = None) -> Separator:
    """Return the separator `name`; `auto` is Spleeter when its weights are installed.

    Parameters
    ----------
    name
        One of SEPARATORS.
    folder
        Holds its weights (default: the installed or the shipped ones).

    Raises
    ------
    WeightsError
        If the separator is unknown or its weights are not usable.
    """
    if name == "auto":
        from vocal_explorer.separation.spleeter.official_weights import is_installed

        name = "spleeter" if is_installed(folder) else "embedded"
    if name == "embedded":
        from vocal_explorer.separation.embedded.separator import EmbeddedSeparator

        return EmbeddedSeparator(folder or models_folder() / "separator")
    if name in ("spleeter", "spleeter-average"):
        from vocal_explorer.separation.spleeter.official_weights import spleeter_folder
        from vocal_explorer.separation.spleeter.separator import SpleeterSeparator

        return SpleeterSeparator(
            folder or spleeter_folder(), "average" if name == "spleeter-average" else "zeros"
        )
    if name == "spleeter-reference":
        from vocal_explorer.separation.spleeter.reference import SpleeterReference

        return SpleeterReference()
    raise WeightsError(f"There is no separator {name!r}; choose from {', '.join(SEPARATORS)}.")
