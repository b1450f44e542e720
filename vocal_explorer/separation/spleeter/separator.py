"""Spleeter's 2-stem separation with Deezer's official weights, without TensorFlow."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from vocal_explorer.base.process_tuning import keep_large_blocks, lasting_imports
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Stems, Waveform
from vocal_explorer.separation.spleeter.official_weights import OFFICIAL, SHA256, verify

if TYPE_CHECKING:
    from vocal_explorer.separation.spleeter.masks import Extension, SpleeterNetworks

REVISION = 1  # changes with the arithmetic


class SpleeterSeparator:
    """Gives the stems that the spleeter package gives.

    Each stem has a mask of its own. Above 11,025 Hz, where the networks hear nothing, both
    stems are silent ("zeros"), or share the mix as they do on average below ("average").
    The weights are verified and loaded at the first mix, which raises WeightsError if they
    are missing or not the official ones.

    Parameters
    ----------
    folder
        Holds the checkpoint's two files.
    extension
        What is done above 11,025 Hz.
    expected_sha256
        Of the data file; another one than the official file's is for tests and measurements.
    """

    def __init__(
        self, folder: Path, extension: "Extension" = "zeros", *, expected_sha256: str = SHA256
    ) -> None:
        self._folder = folder
        self._extension = extension
        self._checkpoint = replace(OFFICIAL, sha256=expected_sha256)
        self.name = "spleeter" if extension == "zeros" else f"spleeter-{extension}"
        self.version = f"{expected_sha256[:12]}-{extension}-{REVISION}"

    @cached_property
    def _networks(self) -> "SpleeterNetworks":
        from vocal_explorer.separation.spleeter.masks import SpleeterNetworks

        keep_large_blocks()
        verify(self._folder, checkpoint=self._checkpoint)
        return SpleeterNetworks(self._folder)

    def stream(
        self, mix: Iterable[Waveform], n_samples: int, progress: Progress
    ) -> Iterator[Stems]:
        """See Separator.stream."""
        with nullcontext() if "torch" in sys.modules else lasting_imports():
            from vocal_explorer.separation.spleeter.masks import SpleeterEstimator
            from vocal_explorer.separation.stream import stream_stems

        estimator = SpleeterEstimator(self._networks, self._extension)
        return stream_stems(estimator, mix, n_samples, progress, estimator.view)
