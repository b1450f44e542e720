"""Random batches for the encoders: segments of several voices, as vocals and as mixes.

Everything happens to mel power: sounds are mixed by adding it, which leaves out how their
phases meet. A voice at another speed is another voice.
"""

import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from vocal_explorer.base.config import MelConfig
from vocal_explorer.base.records.signals import Embedding
from vocal_explorer.features.segments import TARGET_RMS
from vocal_explorer.training.banks.byte_mels import ByteMels, to_log_mel, to_power
from vocal_explorer.training.banks.voice_bank import RATIOS, Music, Voice
from vocal_explorer.training.banks.voice_space import VoiceSpace
from vocal_explorer.training.sampling.batches import Batch
from vocal_explorer.training.sampling.mel_effects import (
    Power,
    frequency_warp,
    mean_square,
    random_band_limit,
    random_equaliser,
    random_room,
)
from vocal_explorer.training.sampling.mel_isolation import imperfectly_isolated

AS_RECORDED = 0.33  # how often a voice is heard as it was recorded
N_SOURCES = 3  # whose singers meet in a batch
MIN_GROUP = 4  # sources with fewer singers are put together
SPEECH_WEIGHT = 0.25
OWN_ACCOMPANIMENT = 0.3  # how often vocals keep the accompaniment that they were sung to
SYNTHETIC = 0.3  # how often other music is synthetic, where there is such
SECOND_ACCOMPANIMENT = 0.3  # how often two are heard at once
SEPARATED = 0.4  # how often the vocal encoder hears separated vocals, where there are some
CLEAN = 0.35  # how often else clean ones; all others are isolated imperfectly
COLOUR = (0.7, 5.0)  # how often a voice has a colour of its own, dB
SMALL_CHANGE = (0.6, 2.5)  # how often two segments differ in colour, dB
VOICE_OVER_MUSIC = (-5.0, 6.0)  # dB
QUIET = 0.1  # slices under this share of their recording's power are drawn again
SILENCE = 1e-6  # mean square


@dataclass(frozen=True)
class _Singer:
    """Who sings in a batch: a recorded voice at a ratio, and the colour of its sound."""

    voices: Sequence[Voice]
    name: str
    ratio: float


class VoiceSampler:
    """Draws batches in which singers of one source compete with each other.

    Parameters
    ----------
    voices
        With singer labels.
    music
        To mix them with.
    config
        The front end.
    space
        Where teachers' embeddings become targets (default: the first one's as they are).
    """

    def __init__(
        self,
        voices: Sequence[Voice],
        music: Sequence[Music],
        config: MelConfig,
        space: VoiceSpace | None = None,
    ) -> None:
        self._config = config
        self._space = space
        recorded = [piece.mels for piece in music if piece.song]
        synthetic = [piece.mels for piece in music if not piece.song]
        self._music = [kind for kind in (recorded, synthetic) if kind]
        self._partner = {piece.song: piece.mels for piece in music if piece.song}
        self._sources = _sources(voices)
        weights = np.array([_weight(source) for source in self._sources])
        self._odds = weights / weights.sum()
        known = sorted({(voice.singer, ratio) for voice in voices for ratio in voice.versions})
        self._identities = {voice: number for number, voice in enumerate(known)}

    @property
    def n_identities(self) -> int:
        """How many voices there are: each singer's at each ratio."""
        return len(self._identities)

    def batch(self, n_singers: int, n_segments: int, rng: np.random.Generator) -> Batch:
        """Return `n_segments` segments of each of about `n_singers` voices of a few sources."""
        count = min(N_SOURCES, len(self._sources))
        chosen = rng.choice(len(self._sources), count, replace=False, p=self._odds)
        singers = [
            singer
            for index in chosen
            for singer in _singers(self._sources[index], n_singers // count, rng)
        ]
        pairs = [pair for singer in singers for pair in self._segments(singer, n_segments, rng)]
        vocals, mix, targets = zip(*pairs, strict=True)
        identities = [self._identities[singer.name, singer.ratio] for singer in singers]
        return Batch(
            torch.from_numpy(np.stack(vocals)),
            torch.from_numpy(np.stack(mix)),
            np.repeat(np.arange(len(singers)), n_segments),
            identities=torch.tensor(np.repeat(identities, n_segments)),
            targets=torch.from_numpy(np.stack(targets)) if targets[0].size else None,
        )

    def targets(self) -> Embedding:
        """Return the mean target of each identity, (n_identities, n_dimensions)."""
        heard: dict[int, list[Embedding]] = defaultdict(list)
        for voice in itertools.chain.from_iterable(
            voices for source in self._sources for voices in source.values()
        ):
            for ratio in voice.versions:
                identity = self._identities[voice.singer, ratio]
                heard[identity].append(self._target(voice, ratio))
        return np.stack([np.mean(heard[n], axis=0) for n in range(self.n_identities)])

    def _segments(
        self, singer: _Singer, count: int, rng: np.random.Generator
    ) -> list[tuple[Power, Power, Embedding]]:
        """Draw segments of one voice, from different recordings where possible."""
        colour = np.ones(self._config.n_mels, dtype=np.float32)
        if rng.random() < COLOUR[0]:
            colour = random_equaliser(self._config.n_mels, COLOUR[1], rng)
        order = rng.permutation(len(singer.voices))
        chosen = [singer.voices[order[i % len(order)]] for i in range(count)]
        drawn = []
        for voice in chosen:
            vocals, mix = self._segment(voice, singer.ratio, colour, rng)
            drawn.append((vocals, mix, self._target(voice, singer.ratio)))
        return drawn

    def _target(self, voice: Voice, ratio: float) -> Embedding:
        """Return what teachers say of a recording, (n_dimensions,); none without teachers."""
        taught = voice.versions[ratio].taught
        if not taught:
            return np.empty(0, dtype=np.float32)
        return np.asarray(self._space(taught) if self._space else taught[0], dtype=np.float32)

    def _segment(
        self, voice: Voice, ratio: float, colour: Power, rng: np.random.Generator
    ) -> tuple[Power, Power]:
        """Return the log-mels of a segment, as vocals and in a mix."""
        version = voice.versions[ratio]
        start, power = self._active(version.clean, rng)
        sung = self._leveled(power * colour)
        own = self._partner.get(voice.song) if ratio == 1.0 else None
        loudness = mean_square(sung, self._config).mean() * 10 ** (
            -rng.uniform(*VOICE_OVER_MUSIC) / 10
        )
        music = self._leveled(self._accompaniment(own, start, rng))
        music = music * np.float32(loudness / TARGET_RMS**2)
        isolated, end = sung, start + self._config.n_frames
        reaches = version.separated is not None and end <= len(version.separated)
        if version.separated is not None and reaches and rng.random() < SEPARATED:
            isolated = to_power(version.separated[start:end]) * colour
        elif rng.random() > CLEAN:
            isolated = imperfectly_isolated(sung, music, rng)
        return self._as_heard(isolated, rng), self._as_heard(sung + music, rng)

    def _accompaniment(self, own: ByteMels | None, start: int, rng: np.random.Generator) -> Power:
        if own is not None and rng.random() < OWN_ACCOMPANIMENT:
            return self._cut(own, start)
        music = self._music_slice(rng)
        if rng.random() < SECOND_ACCOMPANIMENT:
            music = music + self._music_slice(rng) * 10 ** (-rng.uniform(0, 8) / 10)
        return np.asarray(music, dtype=np.float32)

    def _music_slice(self, rng: np.random.Generator) -> Power:
        """Return a leveled slice of any music, often with other frequencies and colours."""
        kind = self._music[-1 if rng.random() < SYNTHETIC else 0]
        _, power = self._active(kind[int(rng.integers(len(kind)))], rng)
        if rng.random() < 0.5:
            power = power @ frequency_warp(self._config, float(rng.choice(RATIOS)))
        return self._leveled(power * random_equaliser(self._config.n_mels, 4.0, rng))

    def _active(self, frames: ByteMels, rng: np.random.Generator) -> tuple[int, Power]:
        """Return start and power (n_frames, n_mels) of a slice that is not silent."""
        for _ in range(6):
            start = int(rng.integers(max(1, len(frames) - self._config.n_frames + 1)))
            power = self._cut(frames, start)
            if mean_square(power, self._config).mean() > QUIET * TARGET_RMS**2:
                break
        return start, power

    def _cut(self, frames: ByteMels, start: int) -> Power:
        """Return a segment's power, silent where the recording has ended."""
        piece = to_power(frames[start : start + self._config.n_frames])
        return np.pad(piece, ((0, self._config.n_frames - len(piece)), (0, 0)))

    def _leveled(self, power: Power) -> Power:
        level = max(float(mean_square(power, self._config).mean()), SILENCE)
        return np.asarray(power * np.float32(TARGET_RMS**2 / level), dtype=np.float32)

    def _as_heard(self, power: Power, rng: np.random.Generator) -> Power:
        """Return the log-mel (n_mels, n_frames) of power after what happens on the way."""
        if rng.random() < SMALL_CHANGE[0]:
            power = power * random_equaliser(self._config.n_mels, SMALL_CHANGE[1], rng)
        if rng.random() < 0.25:
            power = random_band_limit(power, rng)
        if rng.random() < 0.2:
            power = random_room(power, rng)
        gain = np.float32(10 ** (rng.uniform(-4, 4) / 10))
        return np.ascontiguousarray(to_log_mel(self._leveled(power) * gain).T)


def _singers(
    source: Mapping[str, Sequence[Voice]], count: int, rng: np.random.Generator
) -> list[_Singer]:
    """Draw different voices of a source; singers come again only when all had their turn."""
    names = sorted(source)
    drawn: dict[tuple[str, float], _Singer] = {}
    order = rng.permutation(len(names))
    ratios = {name: _ratios(source[name]) for name in names}
    for turn in range(min(count, len(names) * min(map(len, ratios.values())))):
        name = names[order[turn % len(names)]]
        ratio = 1.0 if rng.random() < AS_RECORDED else float(rng.choice(ratios[name]))
        while (name, ratio) in drawn:
            ratio = float(rng.choice(ratios[name]))
        drawn[name, ratio] = _Singer(source[name], name, ratio)
    return list(drawn.values())


def _ratios(voices: Sequence[Voice]) -> list[float]:
    """Return the ratios at which all recordings of a singer are there."""
    return sorted(set.intersection(*(set(voice.versions) for voice in voices)))


def _sources(voices: Sequence[Voice]) -> list[dict[str, list[Voice]]]:
    """Return voices by singer, for each source; small ones, of one kind, are put together."""
    sources: dict[tuple[str, bool], dict[str, list[Voice]]] = {}
    for voice in voices:
        own = sources.setdefault((voice.source, voice.speech), defaultdict(list))
        own[voice.singer].append(voice)
    large = [source for source in sources.values() if len(source) >= MIN_GROUP]
    small: dict[bool, dict[str, list[Voice]]] = {}
    for (_, speech), source in sources.items():
        if len(source) < MIN_GROUP:
            together = small.setdefault(speech, defaultdict(list))
            for singer, voices_of_singer in source.items():
                together[singer].extend(voices_of_singer)
    return large + list(small.values())


def _weight(source: Mapping[str, Sequence[Voice]]) -> float:
    speech = next(iter(source.values()))[0].speech
    return float(np.sqrt(len(source))) * (SPEECH_WEIGHT if speech else 1.0)
