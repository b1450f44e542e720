"""A hand-written stand-in for mashups.library_mashups.Mashups."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.mashups import (
    Alignment,
    Fit,
    Mashup,
    Match,
    MatchTerms,
    MatchWeights,
)
from vocal_explorer.base.records.music import Key, Music, MusicSummary, Phrase
from vocal_explorer.base.records.signals import Stem, Stems, Waveform
from vocal_explorer.base.records.tracks import Track

RATE = 8_000
SECONDS = 24.0
BAR = 2.0  # s: 120 beats per minute


class FakeSound:
    """A mashup of 24 s of two tones, made a second at a time."""

    sample_rate = RATE
    n_samples = round(SECONDS * RATE)

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.finished = False
        self.closed = False

    def pieces(self, first: int) -> Iterator[tuple[int, Stems]]:
        self.asked.append(first)
        for start in range(first, self.n_samples, RATE):
            n = min(RATE, self.n_samples - start)
            yield start, Stems(tone(220, n), tone(110, n), RATE)

    def finish(self) -> None:
        self.finished = True

    def close(self) -> None:
        self.closed = True


class FakeMashups:
    """Matches of a library in memory; all tracks have 120 beats per minute."""

    def __init__(
        self,
        calls: list[tuple[object, ...]],
        saved: list[Path],
        others: Callable[[str], list[Track]],
    ) -> None:
        self._calls = calls
        self._saved = saved
        self._others = others
        self.sounds: list[FakeSound] = []
        self.fits: list[Fit] = []
        self.weights: list[MatchWeights | None] = []
        self.gives: list[Stem] = []
        self.make_sound = FakeSound

    def rank(
        self,
        track_id: str,
        top_n: int,
        *,
        gives: Stem,
        weights: MatchWeights | None,
        all_versions: bool,
    ) -> list[Match]:
        self._calls.append(("match", track_id))
        self.weights.append(weights)
        self.gives.append(gives)
        others = self._others(track_id)[::-1][:top_n]
        return [
            Match(
                i + 1,
                replace(track, music=MusicSummary(123.6, 0.98, Key(9, True, 0.8), 0.5)),
                0.61 - 0.04 * i,
                score=0.9 - 0.05 * i,
                parts=MatchTerms(
                    similarity=1 - 0.1 * i,
                    tempo=0.9,
                    key=0.8,
                    overlap=0.7,
                    energy=None if i == 1 else 0.6,
                    beats=(1, 1),
                    stretch=1.03,
                    semitones=i - 2,
                ),
            )
            for i, track in enumerate(others)
        ]

    def music(self, track_id: str, progress: Progress) -> Music:
        beats = np.arange(0.5, SECONDS, BAR / 4)
        bars = np.arange(0, len(beats), 4)
        return Music(
            beats=beats,
            downbeats=bars,
            sections=np.arange(0, len(bars), 4),
            tempo=120.0,
            stability=0.98,
            key=Key(9, True, 0.8),
            phrases=(Phrase(2.5, 8.0), Phrase(10.5, 20.0)),
            vocals_loudness=-18.0,
            accompaniment_loudness=-15.0,
            energy=0.5,
            seconds=SECONDS,
        )

    def align(
        self, vocals_id: str, accompaniment_id: str, fit: Fit, progress: Progress
    ) -> Alignment:
        self._calls.append(("align", vocals_id, accompaniment_id))
        self.fits.append(fit)
        shift = fit.bars * BAR + fit.beats * BAR / 4 + fit.nudge
        beats = np.arange(0.5, SECONDS, BAR / 4)
        return Alignment(
            seconds=SECONDS,
            anchors=np.array([[0.0, -shift, 0.0], [SECONDS, SECONDS - shift, SECONDS]]),
            beats=beats,
            downbeats=np.arange(0, len(beats), 4),
            vocals_semitones=float(fit.semitones or 0),
            accompaniment_semitones=0.0,
            vocals_gain_db=fit.vocals_gain_db,
            accompaniment_gain_db=fit.accompaniment_gain_db - 3.0,
        )

    def sound(
        self, vocals_id: str, accompaniment_id: str, alignment: Alignment, progress: Progress
    ) -> FakeSound:
        self._calls.append(("sound", vocals_id, accompaniment_id))
        self.sounds.append(self.make_sound())
        return self.sounds[-1]

    def render(self, vocals_id: str, accompaniment_id: str, fit: Fit, progress: Progress) -> Mashup:
        self._calls.append(("render", vocals_id, accompaniment_id))
        self.fits.append(fit)
        progress.report(0.5, "mixing")
        n_samples = 4 * RATE
        stems = Stems(tone(220, n_samples), tone(110, n_samples), RATE)
        return Mashup(stems, {"vocals": vocals_id})

    def save(self, mashup: Mashup, folder: Path, name: str, suffix: str, *, stems: bool) -> Path:
        self._saved.append(folder / f"{name}{suffix}")
        return self._saved[-1]


def tone(frequency: float, n_samples: int) -> Waveform:
    wave = 0.2 * np.sin(2 * np.pi * frequency * np.arange(n_samples) / RATE)
    return np.stack([wave, wave]).astype(np.float32)
