"""Log-mels of segments, for the baseline that hears nothing else."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.analysis.embedder import TrackEmbedder
from vocal_explorer.base.config import MelConfig
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.evaluation.embeddings import Segments
from vocal_explorer.features.mel import MelSegments


def mel_embedder(config: MelConfig, domain: Domain) -> TrackEmbedder:
    """Return what gives a segment's log-mel for its embedding, chosen and leveled alike.

    Parameters
    ----------
    config
        The front end.
    domain
        The only one that is heard.
    """
    return TrackEmbedder(f"log-mel of the {domain}: {config}", lambda: MelSegments(config, domain))


def log_mels(config: MelConfig, domain: Domain) -> Callable[[Segments], NDArray[np.float16]]:
    """Return what makes log-mels (n, n_mels, n_frames) of a mel_embedder's segments.

    Half precision is enough for them, and a whole dataset's are in memory at once.
    """

    def shaped(segments: Segments) -> NDArray[np.float16]:
        mels = segments[domain].reshape(-1, config.n_mels, config.n_frames)
        return mels.astype(np.float16)

    return shaped
