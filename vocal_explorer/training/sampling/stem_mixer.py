"""Endless random training pairs for the separator: vocals and accompaniment, as if mixed."""

from collections.abc import Sequence
from fnmatch import fnmatch

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vocal_explorer.base.records.signals import Waveform
from vocal_explorer.training.banks.audio_bank import Clip
from vocal_explorer.training.sampling.augment import SILENCE, rms
from vocal_explorer.training.sampling.effects import (
    MUSIC,
    VOCALS,
    Odds,
    source_length,
    with_effects,
)

PAIRED = 0.4  # how often vocals keep their own accompaniment, where there is one
BACKING = 0.2  # how often a second voice sings along
LAYERS = (0.5, 0.4, 0.1)  # how often music is one, two or three accompaniments
DISTORTED = 0.1  # how often music is overdriven
MONO = 0.25  # how often the mix is mono
PAUSE = 0.15  # how often the voice rests in a part of the pair
ONLY_MUSIC, ONLY_VOCALS = 0.06, 0.03
BALANCE = (-1.5, 5.0)  # mean and deviation of vocals over music, dB
FAVOUR = 4.0  # how much more often a favoured singer is drawn


class StemMixer:
    """Draws stereo (vocals, accompaniment) pairs of equal length.

    Parameters
    ----------
    vocals, accompaniment
        Mono or stereo clips; those of one song are often drawn together.
    n_samples
        Length of each pair.
    favoured
        Patterns of singers to draw more often: those closest to what is to be separated.
    """

    def __init__(
        self,
        vocals: Sequence[Clip],
        accompaniment: Sequence[Clip],
        n_samples: int,
        favoured: Sequence[str] = (),
    ) -> None:
        self._vocals = vocals
        self._accompaniment = accompaniment
        self._partner = {clip.recording.song: clip for clip in accompaniment}
        self._vocal_odds = _odds(vocals, favoured)
        self._accompaniment_odds = _odds(accompaniment, favoured)
        self._n_samples = n_samples

    def pair(self, rng: np.random.Generator) -> tuple[Waveform, Waveform]:
        """Return vocals and accompaniment, float32 (2, n_samples) each."""
        clip = _drawn(self._vocals, self._vocal_odds, rng)
        partner = self._partner.get(clip.recording.song)
        if partner is not None and rng.random() < PAIRED:
            vocals, music = self._of_one_song(clip, partner, rng)
        else:
            vocals = self._excerpt(clip, VOCALS, rng)
            music = self._music(rng)
        if rng.random() < BACKING:
            other = self._excerpt(_drawn(self._vocals, self._vocal_odds, rng), VOCALS, rng)
            vocals = vocals + _panned(_at_level(other, rms(vocals), rng.uniform(-10, -3)), 6.0, rng)
        return _place(vocals, music, rng)

    def batch(self, size: int, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        """Return `size` pairs as tensors (size, 2, n_samples)."""
        vocals, accompaniment = zip(*(self.pair(rng) for _ in range(size)), strict=True)
        return torch.from_numpy(np.stack(vocals)), torch.from_numpy(np.stack(accompaniment))

    def _of_one_song(
        self, clip: Clip, partner: Clip, rng: np.random.Generator
    ) -> tuple[Waveform, Waveform]:
        length = source_length(self._n_samples, MUSIC, rng)
        start = int(rng.integers(max(1, clip.n_samples - length)))
        vocals = with_effects(clip.slice(start, length), self._n_samples, VOCALS, rng)
        music = with_effects(partner.slice(start, length), self._n_samples, MUSIC, rng)
        return vocals, music

    def _music(self, rng: np.random.Generator) -> Waveform:
        music = np.zeros((2, self._n_samples), np.float32)
        for _ in range(1 + int(rng.choice(len(LAYERS), p=LAYERS))):
            clip = _drawn(self._accompaniment, self._accompaniment_odds, rng)
            layer = _panned(self._excerpt(clip, MUSIC, rng), 6.0, rng)
            music += _at_level(layer, 0.1, rng.uniform(-6, 0))
        if rng.random() < DISTORTED:
            music = np.tanh(music * np.float32(rng.uniform(5, 30)))
        return music

    def _excerpt(self, clip: Clip, odds: Odds, rng: np.random.Generator) -> Waveform:
        length = source_length(self._n_samples, odds, rng)
        for _ in range(4):
            piece = clip.slice(int(rng.integers(max(1, clip.n_samples - length))), length)
            if rms(piece[0, ::16]) > SILENCE:
                break
        return with_effects(piece, self._n_samples, odds, rng)


def _drawn(clips: Sequence[Clip], odds: NDArray[np.float64], rng: np.random.Generator) -> Clip:
    return clips[int(rng.choice(len(clips), p=odds))]


def _place(
    vocals: Waveform, music: Waveform, rng: np.random.Generator
) -> tuple[Waveform, Waveform]:
    """Pan and level the two at random; now and then one of them, or the voice's end, is silent."""
    vocals = _panned(_at_level(vocals, rms(music), rng.normal(*BALANCE)), 1.5, rng)
    music = _panned(music, 2.0, rng)
    if rng.random() < MONO:
        vocals, music = _mono(vocals), _mono(music)
    if rng.random() < PAUSE:
        vocals = vocals.copy()
        middle = int(rng.integers(vocals.shape[1]))
        vocals[:, slice(middle) if rng.random() < 0.5 else slice(middle, None)] = 0
    fate = rng.random()
    if fate < ONLY_MUSIC:
        vocals = np.zeros_like(vocals)
    elif fate > 1 - ONLY_VOCALS:
        music = np.zeros_like(music)
    peak = max(float(np.abs(vocals + music).max()), SILENCE)
    gain = np.float32(10 ** (rng.uniform(-20, 0) / 20) / peak)
    return vocals * gain, music * gain


def _at_level(waveform: Waveform, reference: float, decibels: float) -> Waveform:
    level = max(rms(waveform), SILENCE)
    return waveform * np.float32(max(reference, SILENCE) / level * 10 ** (decibels / 20))


def _panned(waveform: Waveform, decibels: float, rng: np.random.Generator) -> Waveform:
    if rng.random() < 0.5:
        waveform = waveform[::-1]
    gains = 10 ** (rng.uniform(-decibels, decibels, (2, 1)) / 20)
    return np.asarray(waveform * gains, dtype=np.float32)


def _mono(waveform: Waveform) -> Waveform:
    return np.broadcast_to(waveform.mean(axis=0), waveform.shape)


def _odds(clips: Sequence[Clip], favoured: Sequence[str]) -> NDArray[np.float64]:
    """Give each singer or band weight by the square root of its total length."""
    total: dict[str, float] = {}
    for clip in clips:
        singer = clip.recording.singer
        total[singer] = total.get(singer, 0.0) + clip.n_samples
    odds = np.array([c.n_samples / np.sqrt(total[c.recording.singer]) for c in clips])
    liked = [any(fnmatch(c.recording.singer, pattern) for pattern in favoured) for c in clips]
    odds[liked] *= FAVOUR
    return np.asarray(odds / odds.sum())
