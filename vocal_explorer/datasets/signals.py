"""The sound of a labelled track: its mix and its vocals, made from what the dataset has."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from vocal_explorer.analysis.pipeline import keep_stems, read_mix, separator_key
from vocal_explorer.audio.files import content_id, read_audio
from vocal_explorer.base.config import STEM_SAMPLE_RATE
from vocal_explorer.base.errors import AudioFileError
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Stem, Waveform
from vocal_explorer.datasets.labelled import LabelledTrack
from vocal_explorer.separation.separator import Separator
from vocal_explorer.separation.stem_cache import StemCache


@dataclass(frozen=True)
class Signals:
    """Mix and vocals of one track, float32 (n_channels, n_samples), equally long."""

    mix: Waveform
    vocals: Waveform
    sample_rate: int = STEM_SAMPLE_RATE


class SignalSource(Protocol):
    """Loads tracks: TrackSignals, or one that changes what it loads."""

    @property
    def key(self) -> str:
        """Changes whenever the same files would give other signals."""

    def load(self, track: LabelledTrack, progress: Progress) -> Signals:
        """Return the signals of a track; raises as TrackSignals.load."""


class TrackSignals:
    """Loads tracks; vocals that a dataset lacks are separated once and kept.

    Parameters
    ----------
    separator
        Isolates vocals where there is only a mix, as it does with a user's songs.
    cache
        Keeps what it isolated, under the content of the mix.
    """

    def __init__(self, separator: Separator, cache: StemCache) -> None:
        self.separator = separator
        self._cache = cache

    @property
    def key(self) -> str:
        """Changes whenever the same files would give other signals."""
        return separator_key(self.separator)

    def load(self, track: LabelledTrack, progress: Progress) -> Signals:
        """Return the part of a track that counts, stereo at STEM_SAMPLE_RATE.

        A missing mix is the sum of vocals and accompaniment at the levels of their
        files, as long as the vocals; a shorter accompaniment is repeated. Vocals that
        are there are used as they are, cut or filled up with silence to the mix's length.

        Parameters
        ----------
        track
            Needs a mix, or vocals and an accompaniment.
        progress
            Reported while vocals are separated; cancelling there raises Cancelled.

        Raises
        ------
        AudioFileError
            If a file cannot be decoded or is silent, ends before the part that counts, or
            there is no way to a mix.
        VocalExplorerError
            If the separated stems cannot be kept.
        """
        progress.report(0.0, track.name)
        if track.mix is None:
            return excerpt(track, _summed(track))
        mix = read_mix(track.mix)
        if track.vocals is None:
            vocals = self._separated(track.mix, progress)
        else:
            vocals = read_mix(track.vocals)
        return excerpt(track, Signals(mix, _filled(vocals, mix.shape[1])))

    def _separated(self, path: Path, progress: Progress) -> Waveform:
        track_id, key = content_id(path), separator_key(self.separator)
        kept = self._cache.load(track_id, key, Stem.VOCALS)
        if kept is None:
            keep_stems(path, track_id, self.separator, self._cache, progress)
            kept = self._cache.load(track_id, key, Stem.VOCALS)
        if kept is None:
            raise AudioFileError(path, "its stems were removed while they were read; try again")
        return kept[0]


def _summed(track: LabelledTrack) -> Signals:
    assert track.vocals is not None  # a LabelledTrack has a mix or vocals
    if track.accompaniment is None:
        raise AudioFileError(track.vocals, "there is no accompaniment for it, so it has no mix")
    vocals = read_mix(track.vocals)
    music = read_audio(track.accompaniment, STEM_SAMPLE_RATE, 2)[0]
    repeats = -(-vocals.shape[1] // music.shape[1])
    return Signals(vocals + np.tile(music, repeats)[:, : vocals.shape[1]], vocals)


def excerpt(track: LabelledTrack, signals: Signals) -> Signals:
    """Return the part that counts of the signals of a track's whole files.

    Raises
    ------
    AudioFileError
        If they end before it.
    """
    start = round(track.start * STEM_SAMPLE_RATE)
    stop = None if track.seconds is None else start + round(track.seconds * STEM_SAMPLE_RATE)
    if start >= signals.mix.shape[1]:
        raise AudioFileError(track.path, f"it ends before {track.start:g} s")
    return Signals(signals.mix[:, start:stop], signals.vocals[:, start:stop])


def _filled(waveform: Waveform, n_samples: int) -> Waveform:
    """Cut a waveform (n_channels, any length), or add silence, to `n_samples`."""
    missing = max(0, n_samples - waveform.shape[1])
    return np.pad(waveform[:, :n_samples], ((0, 0), (0, missing)))
