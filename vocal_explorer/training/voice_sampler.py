"""Random batches for the encoders: segments of several singers, as vocals and as mixes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from scipy.signal import resample_poly

from vocal_explorer.features.segments import level
from vocal_explorer.records import Waveform
from vocal_explorer.training.audio_bank import Clip
from vocal_explorer.training.augment import SILENCE, random_low_pass, random_tilt, rms
from vocal_explorer.training.batches import Batch

SPEEDS = ((1, 1), (1, 1), (1, 1), (10, 9), (9, 10), (8, 7), (7, 8))  # another speed, another voice
MIN_GROUP = 4  # sources with fewer singers are put together
OWN_ACCOMPANIMENT = 0.3  # how often vocals keep the accompaniment that they were sung to
SEPARATED = 0.6  # how often the vocal encoder hears separated instead of clean vocals
SPEECH_WEIGHT = 0.4
QUIET = 0.3  # slices under this share of their clip's level are drawn again


class VoiceSampler:
    """Draws batches in which singers of one source compete with each other.

    Parameters
    ----------
    vocals
        Clips of isolated voices, mono, with singer labels.
    accompaniment
        Mono clips to mix them with.
    separated
        The same clips after mixing and separation, by path, where there are any.
    n_samples
        Length of a segment.
    """

    def __init__(
        self,
        vocals: Sequence[Clip],
        accompaniment: Sequence[Clip],
        separated: Mapping[Path, Clip],
        n_samples: int,
    ) -> None:
        self._accompaniment = accompaniment
        self._partner = {clip.recording.song: clip for clip in accompaniment}
        self._separated = separated
        self._n_samples = n_samples
        self._groups = _groups(vocals)
        weights = np.array([_weight(group) for group in self._groups])
        self._odds = weights / weights.sum()

    def batch(self, n_singers: int, n_segments: int, rng: np.random.Generator) -> Batch:
        """Return `n_segments` segments of each of up to `n_singers` singers of two groups."""
        chosen: dict[str, list[Clip]] = {}
        groups = rng.choice(
            len(self._groups), min(2, len(self._groups)), replace=False, p=self._odds
        )
        for group in (self._groups[index] for index in groups):
            names = sorted(group)
            count = min(len(names), n_singers // len(groups))
            chosen |= {names[i]: group[names[i]] for i in rng.choice(len(names), count, False)}
        pairs: list[tuple[Waveform, Waveform]] = []
        for clips in chosen.values():
            pairs += self._segments(clips, n_segments, rng)
        vocals, mix = zip(*pairs, strict=True)
        labels = np.repeat(np.arange(len(chosen)), n_segments)
        return Batch(torch.from_numpy(np.stack(vocals)), torch.from_numpy(np.stack(mix)), labels)

    def _segments(
        self, clips: list[Clip], count: int, rng: np.random.Generator
    ) -> list[tuple[Waveform, Waveform]]:
        """Draw segments of one singer at one speed, from different clips where possible."""
        up, down = SPEEDS[rng.integers(len(SPEEDS))]
        order = rng.permutation(len(clips))
        chosen = [clips[order[i % len(order)]] for i in range(count)]
        return [self._segment(clip, up, down, rng) for clip in chosen]

    def _segment(
        self, clip: Clip, up: int, down: int, rng: np.random.Generator
    ) -> tuple[Waveform, Waveform]:
        length = self._n_samples * down // up + down
        start, clean = _voiced_slice(clip, length, rng)
        isolated = clean
        separated = self._separated.get(clip.recording.path)
        reaches = separated is not None and start + length <= separated.n_samples
        if separated is not None and reaches and rng.random() < SEPARATED:
            isolated = separated.slice(start, length)[0]
        voice, isolated = (
            np.asarray(resample_poly(piece, up, down)[: self._n_samples], dtype=np.float32)
            for piece in (clean, isolated)
        )
        music = self._music(clip, start, rng)
        loudness = max(rms(voice), SILENCE) / max(rms(music), SILENCE)
        mix = voice + music * loudness * 10 ** (-rng.uniform(-5, 8) / 20)
        return _disguise(isolated, rng), _disguise(mix, rng)

    def _music(self, clip: Clip, start: int, rng: np.random.Generator) -> Waveform:
        partner = self._partner.get(clip.recording.song)
        if partner is not None and rng.random() < OWN_ACCOMPANIMENT:
            music: Waveform = partner.slice(start, self._n_samples)[0]
            return music
        other = self._accompaniment[int(rng.integers(len(self._accompaniment)))]
        return _voiced_slice(other, self._n_samples, rng)[1]


def _voiced_slice(clip: Clip, length: int, rng: np.random.Generator) -> tuple[int, Waveform]:
    """Return start and samples (length,) of a slice that is not silent."""
    for _ in range(6):
        start = int(rng.integers(max(1, clip.n_samples - length)))
        piece = clip.slice(start, length)[0]
        if rms(piece) > QUIET * clip.level:
            break
    return start, piece


def _disguise(segment: Waveform, rng: np.random.Generator) -> Waveform:
    if rng.random() < 0.5:
        segment = random_tilt(segment, rng)
    if rng.random() < 0.3:
        segment = random_low_pass(segment, rng)
    gain = 10 ** (rng.uniform(-4, 4) / 20)
    return np.asarray(level(segment) * gain, dtype=np.float32)


def _groups(vocals: Sequence[Clip]) -> list[dict[str, list[Clip]]]:
    """Return clips by singer, for each source; small sources are put together."""
    sources: dict[str, dict[str, list[Clip]]] = defaultdict(lambda: defaultdict(list))
    for clip in vocals:
        sources[clip.recording.source][clip.recording.singer].append(clip)
    large = [group for group in sources.values() if len(group) >= MIN_GROUP]
    small: dict[str, list[Clip]] = {}
    for group in sources.values():
        if len(group) < MIN_GROUP:
            for singer, clips in group.items():
                small.setdefault(singer, []).extend(clips)
    return large + ([small] if small else [])


def _weight(group: Mapping[str, Sequence[Clip]]) -> float:
    speech = next(iter(group.values()))[0].recording.domain == "speech"
    return float(np.sqrt(len(group))) * (SPEECH_WEIGHT if speech else 1.0)
