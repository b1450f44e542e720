"""How a track becomes two vectors with an encoder pair."""

from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from vocal_explorer.audio.io import resample, to_channels
from vocal_explorer.encoders.backbone import N_DIMENSIONS, Backbone
from vocal_explorer.encoders.checkpoint import load_pair
from vocal_explorer.encoders.encoder_pair import EncoderPair
from vocal_explorer.features.segments import cut_segments, level
from vocal_explorer.features.vocal_activity import active_segments
from vocal_explorer.paths import models_folder
from vocal_explorer.progress import Progress
from vocal_explorer.records import Domain, Embedding, Waveform

MAX_SEGMENTS = 48  # evenly spread over a track's vocal-active segments
BATCH_SIZE = 8
DEFAULT_PAIR = "cross-sp"


def load_embedder(folder: Path | None = None) -> "TrackEmbedder":
    """Load the encoder pair in `folder`, or the shipped CROSS-SP pair.

    Raises
    ------
    WeightsError
        If the weights cannot be used.
    """
    return TrackEmbedder(*load_pair(folder or models_folder() / DEFAULT_PAIR))


class TrackEmbedder:
    """Embeds whole tracks: unit-length segment embeddings, averaged, unit length again.

    Parameters
    ----------
    pair
        In evaluation mode; its convolutions are fused with their normalisation.
    model_id
        Says which weights made an embedding.
    """

    n_dimensions = N_DIMENSIONS

    def __init__(self, pair: EncoderPair, model_id: str) -> None:
        self.model_id = model_id
        self._pair = pair
        for encoder in (pair.vocal_encoder, pair.mix_encoder):
            fuse(encoder.backbone)

    def embed(
        self, mix: Waveform, vocals: Waveform, sample_rate: int, progress: Progress
    ) -> dict[Domain, Embedding]:
        """Return the embeddings of a track, unit-length float32 (256,) by domain.

        Parameters
        ----------
        mix, vocals
            Equally long waveforms (n_channels, n_samples).
        sample_rate
            Of both, in Hz.
        progress
            Reported at each batch of segments.
        """
        voice, song = self._segments(vocals, sample_rate), self._segments(mix, sample_rate)
        chosen = choose_segments(voice)
        return {
            Domain.VOCALS: self._mean(Domain.VOCALS, voice[chosen], progress.part(0.0, 0.5)),
            Domain.MIX: self._mean(Domain.MIX, song[chosen], progress.part(0.5, 1.0)),
        }

    def embed_vocals(self, vocals: Waveform, sample_rate: int, progress: Progress) -> Embedding:
        """Return f_v's embedding of isolated vocals (n_channels, n_samples)."""
        voice = self._segments(vocals, sample_rate)
        return self._mean(Domain.VOCALS, voice[choose_segments(voice)], progress)

    def _segments(self, waveform: Waveform, sample_rate: int) -> Waveform:
        config = self._pair.config
        mono = to_channels(resample(waveform, sample_rate, config.sample_rate), 1)[0]
        return cut_segments(mono, config.segment_samples, config.segment_samples // 2)

    @torch.inference_mode()
    def _mean(self, domain: Domain, segments: Waveform, progress: Progress) -> Embedding:
        encoder = self._pair.encoder(domain)
        segments = level(segments)
        total = np.zeros(self.n_dimensions, dtype=np.float64)
        for start in range(0, len(segments), BATCH_SIZE):
            progress.report(start / len(segments), "listening")
            batch = torch.from_numpy(segments[start : start + BATCH_SIZE])
            total += nn.functional.normalize(encoder(batch)).sum(dim=0).numpy()
        return np.asarray(total / max(float(np.linalg.norm(total)), 1e-12), dtype=np.float32)


def choose_segments(vocals: Waveform) -> np.ndarray:
    """Return indices of at most MAX_SEGMENTS vocal-active segments, evenly spread."""
    active = np.flatnonzero(active_segments(vocals))
    if len(active) <= MAX_SEGMENTS:
        return active
    spread = np.linspace(0, len(active) - 1, MAX_SEGMENTS).round().astype(np.int64)
    return np.asarray(active[spread])


def fuse(backbone: Backbone) -> None:
    """Fold each batch normalisation of an evaluation-mode backbone into its convolution."""
    layers = backbone.layers
    for index, layer in enumerate(layers):
        if isinstance(layer, nn.BatchNorm2d):
            convolution = layers[index - 1]
            assert isinstance(convolution, nn.Conv2d)
            layers[index - 1] = fuse_conv_bn_eval(convolution, layer)
            layers[index] = nn.Identity()
