"""From a file to its stems and embeddings: what the library and the command line share."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from vocal_explorer.audio.io import read_audio
from vocal_explorer.config import FAR_BELOW_SILENCE, STEM_SAMPLE_RATE, MelConfig
from vocal_explorer.errors import AudioFileError
from vocal_explorer.progress import Progress
from vocal_explorer.records import Domain, Embedding, Stems, Waveform
from vocal_explorer.separation.separator import Separator
from vocal_explorer.separation.stem_cache import StemCache

SEPARATION_SHARE = 0.6  # of the time that one track takes


class Embedder(Protocol):
    """What turns sound into track embeddings; encoders.embedder.TrackEmbedder is one."""

    @property
    def model_id(self) -> str:
        """Changes whenever the same sound would give another embedding."""

    def embed(
        self, mix: Waveform, vocals: Waveform, sample_rate: int, progress: Progress
    ) -> dict[Domain, Embedding]:
        """Return a unit vector of each domain."""

    def embed_vocals(self, vocals: Waveform, sample_rate: int, progress: Progress) -> Embedding:
        """Return the unit vector of isolated vocals."""


@dataclass(frozen=True)
class Analysis:
    """What the analysis of one file gave; `seconds` is the length of its sound."""

    embeddings: dict[Domain, Embedding]
    seconds: float


def separator_key(separator: Separator) -> str:
    """Name what made the stems: another name or version means other stems."""
    return f"{separator.name}-{separator.version}"


def read_mix(path: Path) -> Waveform:
    """Return a file's sound as (2, n_samples) at 44.1 kHz.

    Raises
    ------
    AudioFileError
        If it cannot be decoded or is silent.
    """
    mix: Waveform = read_audio(path, STEM_SAMPLE_RATE, 2)[0]
    if float(np.abs(mix).max(initial=0.0)) < FAR_BELOW_SILENCE:
        raise AudioFileError(path, "it is silent")
    return mix


def separate_file(path: Path, separator: Separator, progress: Progress) -> Stems:
    """Return the stems of a file, 44.1 kHz stereo, as long as the file.

    Raises
    ------
    AudioFileError
        If it cannot be decoded or is silent.
    """
    return _separate(path, read_mix(path), separator, progress)


def embed_file(
    path: Path,
    separator: Separator | None,
    embedder: Embedder,
    input_is_vocals: bool,
    progress: Progress,
) -> dict[Domain, Embedding]:
    """Return the track embeddings of a file, the same as in the library.

    Parameters
    ----------
    path
        A mix, or isolated vocals.
    separator
        Not needed for isolated vocals.
    embedder
        Gives the embeddings.
    input_is_vocals
        The file is isolated vocals: only Domain.VOCALS is returned.
    progress
        Reported while separating and embedding.

    Raises
    ------
    AudioFileError
        If the file cannot be decoded or is silent.
    ValueError
        If a mix is given without a separator.
    """
    mix = read_mix(path)
    if input_is_vocals:
        vector = embedder.embed_vocals(_lengthened(mix), STEM_SAMPLE_RATE, progress)
        return _finite(path, {Domain.VOCALS: vector})
    if separator is None:
        raise ValueError("a mix needs a separator")
    stems = _separate(path, mix, separator, progress.part(0.0, SEPARATION_SHARE))
    return _embed(path, mix, stems, embedder, progress.part(SEPARATION_SHARE, 1.0))


def analyse_file(
    path: Path,
    track_id: str,
    separator: Separator,
    embedder: Embedder,
    cache: StemCache,
    progress: Progress,
) -> Analysis:
    """Embed a file of the library; its stems come from the cache or go there.

    Raises
    ------
    AudioFileError
        If the file cannot be decoded or is silent.
    VocalExplorerError
        If the stems cannot be kept.
    """
    progress.report(0.0)
    mix = read_mix(path)
    separating = progress.part(0.0, SEPARATION_SHARE)
    stems = cached_stems(path, mix, track_id, separator, cache, separating)
    embeddings = _embed(path, mix, stems, embedder, progress.part(SEPARATION_SHARE, 1.0))
    return Analysis(embeddings, mix.shape[1] / STEM_SAMPLE_RATE)


def cached_stems(
    path: Path,
    mix: Waveform,
    track_id: str,
    separator: Separator,
    cache: StemCache,
    progress: Progress,
) -> Stems:
    """Return the stems of a file's `mix` from the cache, or separate it and keep them there."""
    key = separator_key(separator)
    cached = cache.load(track_id, key)
    if cached is not None and cached.vocals.shape == mix.shape:
        return cached
    stems = _separate(path, mix, separator, progress)
    cache.save(track_id, key, stems)
    return stems


def _lengthened(waveform: Waveform) -> Waveform:
    """Append silence to sound that is shorter than one segment."""
    config = MelConfig()
    shortest = config.segment_samples * STEM_SAMPLE_RATE // config.sample_rate
    lacking = max(0, shortest - waveform.shape[1])
    return np.pad(waveform, ((0, 0), (0, lacking))) if lacking else waveform


def _separate(path: Path, mix: Waveform, separator: Separator, progress: Progress) -> Stems:
    stems = separator.separate(_lengthened(mix), STEM_SAMPLE_RATE, progress)
    if not (np.isfinite(stems.vocals).all() and np.isfinite(stems.accompaniment).all()):
        raise AudioFileError(path, "its vocals cannot be isolated")
    n_samples = mix.shape[1]
    return Stems(stems.vocals[:, :n_samples], stems.accompaniment[:, :n_samples], stems.sample_rate)


def _embed(
    path: Path, mix: Waveform, stems: Stems, embedder: Embedder, progress: Progress
) -> dict[Domain, Embedding]:
    vocals = _lengthened(stems.vocals)
    return _finite(path, embedder.embed(_lengthened(mix), vocals, STEM_SAMPLE_RATE, progress))


def _finite(path: Path, embeddings: dict[Domain, Embedding]) -> dict[Domain, Embedding]:
    if not all(np.isfinite(vector).all() for vector in embeddings.values()):
        raise AudioFileError(path, "its sound cannot be described in numbers")
    return embeddings
