"""Finds beats, key, phrases and loudness in stems that stream by."""

import numpy as np

from vocal_explorer.audio.resample import Resampler
from vocal_explorer.base.records.music import Music
from vocal_explorer.base.records.signals import Stems, Waveform
from vocal_explorer.features.music.beats import find_beats
from vocal_explorer.features.music.keys import find_key
from vocal_explorer.features.music.loudness import LoudnessMeter
from vocal_explorer.features.music.onsets import SAMPLE_RATE, ChromaListener, OnsetListener, Onsets
from vocal_explorer.features.music.phrases import LevelListener, find_phrases


class MusicListener:
    """Hears one track; it keeps about 4 kB a second, whatever the length.

    Parameters
    ----------
    sample_rate
        Of the stems, in Hz.
    """

    def __init__(self, sample_rate: int) -> None:
        self._sample_rate = sample_rate
        self._n_samples = 0
        self._vocals = _Stem(sample_rate)
        self._accompaniment = _Stem(sample_rate)
        self._onsets = OnsetListener()
        self._chords, self._pitches = ChromaListener(), ChromaListener()

    def hear(self, stems: Stems) -> None:
        """Take the next piece of both stems, (2, any length), however they are cut."""
        self._n_samples += stems.vocals.shape[1]
        self._take(self._vocals.hear(stems.vocals), self._accompaniment.hear(stems.accompaniment))

    def music(self) -> Music:
        """Return what was found, once all was heard."""
        self._take(self._vocals.finish(), self._accompaniment.finish())
        heard, chords = self._onsets.onsets(), self._chords.chroma()
        phrases = find_phrases(self._vocals.levels.levels(), self._accompaniment.levels.levels())
        seconds = self._n_samples / self._sample_rate
        beats = find_beats(heard, chords, np.array([phrase.start for phrase in phrases]))
        return Music(
            beats=beats.times,
            downbeats=beats.downbeats,
            sections=beats.sections,
            tempo=beats.tempo,
            stability=beats.stability,
            key=find_key(self._pitches.chroma()),
            phrases=phrases,
            vocals_loudness=self._vocals.meter.integrated(),
            accompaniment_loudness=self._accompaniment.meter.integrated(),
            energy=_energy(heard, seconds),
            seconds=seconds,
        )

    def _take(self, vocals: Waveform, accompaniment: Waveform) -> None:
        """Hear beats and chords in the accompaniment alone, and the key in both together."""
        self._onsets.add(accompaniment)
        self._chords.add(accompaniment)
        self._pitches.add(vocals + accompaniment)


class _Stem:
    """One stem: its loudness, its level every tenth of a second, and mono sound to go on with."""

    def __init__(self, sample_rate: int) -> None:
        self.meter = LoudnessMeter(sample_rate)
        self.levels = LevelListener(SAMPLE_RATE)
        self._resampler = Resampler(sample_rate, SAMPLE_RATE, 1)

    def hear(self, stem: Waveform) -> Waveform:
        self.meter.add(stem)
        return self._mono(self._resampler.add(stem.mean(axis=0, keepdims=True)))

    def finish(self) -> Waveform:
        return self._mono(self._resampler.rest())

    def _mono(self, resampled: Waveform) -> Waveform:
        mono: Waveform = resampled[0]
        self.levels.add(mono)
        return mono


def _energy(heard: Onsets, seconds: float) -> float:
    """Return how many clear onsets there are a second: peaks over a quarter of the strong ones."""
    strength = heard.strength
    if not strength.any():
        return 0.0
    clear = 0.25 * np.quantile(strength[strength > 0], 0.98)
    before, here, behind = strength[:-2], strength[1:-1], strength[2:]
    return float(((here > before) & (here >= behind) & (here >= clear)).sum() / seconds)
