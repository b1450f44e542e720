"""Endless random training pairs for the separator: a vocal track, an accompaniment, gains."""

from collections.abc import Sequence

import numpy as np
import torch
from scipy.signal import resample_poly
from torch import Tensor

from vocal_explorer.records import Waveform
from vocal_explorer.training.audio_bank import Clip
from vocal_explorer.training.augment import SILENCE, random_tilt, rms

PAIRED = 0.5  # how often vocals keep their own accompaniment, where there is one
SPEEDS = ((1, 1), (1, 1), (20, 19), (19, 20), (10, 9), (9, 10))  # up, down: pitch and tempo


class StemMixer:
    """Draws stereo (vocals, accompaniment) pairs of equal length.

    Parameters
    ----------
    vocals, accompaniment
        Clips; those of one song are often drawn together.
    n_samples
        Length of each pair.
    """

    def __init__(
        self,
        vocals: Sequence[Clip],
        accompaniment: Sequence[Clip],
        n_samples: int,
    ) -> None:
        self._vocals = vocals
        self._accompaniment = accompaniment
        self._partner = {clip.recording.song: clip for clip in accompaniment}
        self._vocal_odds = _odds(vocals)
        self._accompaniment_odds = _odds(accompaniment)
        self._n_samples = n_samples

    def pair(self, rng: np.random.Generator) -> tuple[Waveform, Waveform]:
        """Return vocals and accompaniment, float32 (2, n_samples) each."""
        clip = self._vocals[rng.choice(len(self._vocals), p=self._vocal_odds)]
        partner = self._partner.get(clip.recording.song)
        if partner is not None and rng.random() < PAIRED:
            start = rng.integers(max(1, clip.n_samples - self._n_samples))
            vocals = clip.slice(int(start), self._n_samples)
            accompaniment = partner.slice(int(start), self._n_samples)
        else:
            vocals = self._slice(clip, rng)
            accompaniment = self._other_accompaniment(rng)
        return _place(vocals, accompaniment, rng)

    def batch(self, size: int, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        """Return `size` pairs as tensors (size, 2, n_samples)."""
        vocals, accompaniment = zip(*(self.pair(rng) for _ in range(size)), strict=True)
        return torch.from_numpy(np.stack(vocals)), torch.from_numpy(np.stack(accompaniment))

    def _other_accompaniment(self, rng: np.random.Generator) -> Waveform:
        clips = self._accompaniment
        chosen = rng.choice(len(clips), p=self._accompaniment_odds)
        music = self._slice(clips[chosen], rng)
        if rng.random() < 0.3:  # two accompaniments make a denser one
            other = rng.choice(len(clips), p=self._accompaniment_odds)
            music = music + self._slice(clips[other], rng)
        return music

    def _slice(self, clip: Clip, rng: np.random.Generator) -> Waveform:
        up, down = SPEEDS[rng.integers(len(SPEEDS))]
        length = self._n_samples * down // up + down
        for _ in range(4):
            start = int(rng.integers(max(1, clip.n_samples - length)))
            piece = clip.slice(start, length)
            if rms(piece) > SILENCE:
                break
        if up != down:
            piece = resample_poly(piece, up, down, axis=1)
        return np.asarray(piece[:, : self._n_samples], dtype=np.float32)


def _place(
    vocals: Waveform, music: Waveform, rng: np.random.Generator
) -> tuple[Waveform, Waveform]:
    """Pan, tilt and level the two at random; now and then one of them is silent."""
    balance = rng.normal(-1.0, 5.0)  # dB of vocals over music
    level = rms(music) / max(rms(vocals), SILENCE) * 10 ** (balance / 20)
    fate = rng.random()
    vocals = _panned(vocals, 1.5, rng) * np.float32(0.0 if fate < 0.06 else level)
    music = _panned(music, 3.0, rng) * np.float32(0.0 if fate > 0.96 else 1.0)
    peak = max(float(np.abs(vocals + music).max()), SILENCE)
    gain = np.float32(rng.uniform(0.1, 1.0) / peak)
    return vocals * gain, music * gain


def _panned(waveform: Waveform, decibels: float, rng: np.random.Generator) -> Waveform:
    if rng.random() < 0.5:
        waveform = waveform[::-1]
    if rng.random() < 0.3:
        waveform = random_tilt(waveform, rng)
    gains = 10 ** (rng.uniform(-decibels, decibels, (2, 1)) / 20)
    return np.asarray(waveform * gains, dtype=np.float32)


def _odds(clips: Sequence[Clip]) -> np.ndarray:
    """Give each singer or band weight by the square root of its total length."""
    total: dict[str, float] = {}
    for clip in clips:
        singer = clip.recording.singer
        total[singer] = total.get(singer, 0.0) + clip.n_samples
    odds = np.array([c.n_samples / np.sqrt(total[c.recording.singer]) for c in clips])
    return np.asarray(odds / odds.sum())
