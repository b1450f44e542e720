"""How a track becomes two vectors. The networks load at the first track, not before."""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from vocal_explorer.analysis.track_listener import SegmentEncoder, TrackListener
from vocal_explorer.base.paths import models_folder
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Domain, Embedding, Waveform
from vocal_explorer.encoders.model_id import model_id

DEFAULT_PAIR = "cross-sp"


def load_embedder(folder: Path | None = None) -> "TrackEmbedder":
    """Return the embedder of the pair in `folder`, or of the shipped CROSS-SP pair.

    Raises
    ------
    WeightsError
        If there are no weights. Damaged ones are noticed at the first track.
    """
    chosen = folder or models_folder() / DEFAULT_PAIR

    def load() -> SegmentEncoder:
        from vocal_explorer.encoders.runtime import load_runtime

        return load_runtime(chosen)

    return TrackEmbedder(model_id(chosen), load)


class TrackEmbedder:
    """Embeds whole tracks: unit-length segment embeddings, averaged, unit length again.

    Parameters
    ----------
    model_id
        Says which weights made an embedding.
    load
        Called once, at the first track.
    """

    def __init__(self, model_id: str, load: Callable[[], SegmentEncoder]) -> None:
        self.model_id = model_id
        self._load = load

    @cached_property
    def _encoder(self) -> SegmentEncoder:
        return self._load()

    def listen(self, sample_rate: int) -> TrackListener:
        """Return a listener for one track of any length; see TrackListener."""
        return TrackListener(self._encoder, sample_rate)

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
        with self.listen(sample_rate) as listener:
            listener.hear(Domain.VOCALS, vocals)
            listener.hear(Domain.MIX, mix)
            return dict(listener.embed(progress).embeddings)

    def embed_vocals(self, vocals: Waveform, sample_rate: int, progress: Progress) -> Embedding:
        """Return f_v's embedding of isolated vocals (n_channels, n_samples)."""
        with self.listen(sample_rate) as listener:
            listener.hear(Domain.VOCALS, vocals)
            return listener.embed(progress).embeddings[Domain.VOCALS]
