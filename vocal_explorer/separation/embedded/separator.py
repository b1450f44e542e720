"""The embedded separator: our own network with our own weights, always available."""

import hashlib
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from vocal_explorer.base.config import WEIGHTS_FILE
from vocal_explorer.base.errors import WeightsError
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Stems, Waveform

if TYPE_CHECKING:
    from vocal_explorer.separation.embedded.mask_unet import MaskUNet

CONFIG_FILE = "config.json"
REVISION = b"2"  # changes with the arithmetic around the network


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
            files = [(folder / name).read_bytes() for name in (CONFIG_FILE, WEIGHTS_FILE)]
        except OSError as error:
            raise WeightsError(
                f"There are no separator weights in {folder}: {error.strerror or error}."
            ) from error
        self.version = hashlib.sha256(REVISION + b"".join(files)).hexdigest()[:12]

    @cached_property
    def _network(self) -> "MaskUNet":
        from vocal_explorer.base.process_tuning import keep_large_blocks
        from vocal_explorer.separation.embedded.masking import load_network

        keep_large_blocks()
        return load_network(self._folder).fused()

    def stream(
        self, mix: Iterable[Waveform], n_samples: int, progress: Progress
    ) -> Iterator[Stems]:
        """See Separator.stream."""
        from vocal_explorer.separation.embedded.masking import NetworkEstimator
        from vocal_explorer.separation.stream import stream_stems

        estimator = NetworkEstimator(self._network, n_samples)
        return stream_stems(estimator, mix, n_samples, progress, estimator.view)
