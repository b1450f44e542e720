"""Where in an accompaniment the vocals of another song enter: bar upon bar, phrase upon phrase."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.records.music import Music, Phrase
from vocal_explorer.mashups.music_fit import BEAT_RATIOS, fit_tempo

USED, OWN, SECTIONS = 1.0, 0.5, 0.5  # what counts how much; see Placement
LATENESS = 0.05  # how much worse the last bar is than the first, when both fit alike

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Placement:
    """Which beats fall together: vocals' `sung` + p k and accompaniment's `played` + q k.

    Attributes
    ----------
    sung, played
        Indices of two downbeats that fall together: the bar in which the singing begins.
    ratio
        p and q: how many beats of the vocals go with how many of the accompaniment.
    used
        Share of the singing that falls inside the accompaniment.
    own
        Share of it that falls where the accompaniment's own singer sang; None where
        nobody does.
    same_bars
        Whether bars of both have as many beats.
    """

    sung: int
    played: int
    ratio: tuple[int, int]
    used: float
    own: float | None
    same_bars: bool = True

    @property
    def overlap(self) -> float:
        """How well the singing falls, 0 to 1; half of that where bars have other lengths."""
        share = self.used if self.own is None else (self.used + self.own) / 2
        return share if self.same_bars else share / 2


def place(vocals: Music, accompaniment: Music) -> Placement | None:
    """Find the bar of the accompaniment in which the vocals of another song enter best.

    Returns None where one of them has no beat, or nobody sings.
    """
    if not (len(vocals.downbeats) and len(accompaniment.downbeats) and vocals.phrases):
        return None
    tempi = (np.array([music.tempo]) for music in (vocals, accompaniment))
    ratio = BEAT_RATIOS[int(fit_tempo(*tempi).ratios[0])]
    sung = first_sung_bar(vocals)
    found = _Shifts.of(vocals, accompaniment, sung, ratio)
    best = int(found.scores.argmax())
    own = float(found.own[best]) if accompaniment.phrases else None
    played = int(accompaniment.downbeats[best])
    same_bars = _beats_per_bar(vocals) == _beats_per_bar(accompaniment)
    return Placement(sung, played, ratio, float(found.used[best]), own, same_bars)


def _beats_per_bar(music: Music) -> float:
    return float(np.median(np.diff(music.downbeats))) if len(music.downbeats) > 1 else 4.0


def first_sung_bar(vocals: Music) -> int:
    """Return the index of the last downbeat that is not behind the first phrase's start."""
    starts = vocals.beats[vocals.downbeats]
    upbeat = 60 / max(vocals.tempo, 1e-9)  # singers come in a little before their bar
    bar = int(np.searchsorted(starts, vocals.phrases[0].start + upbeat, side="right")) - 1
    return int(vocals.downbeats[max(bar, 0)])


@dataclass(frozen=True)
class _Shifts:
    """What becomes of the vocals when they enter at each bar of the accompaniment, (n_bars,)."""

    used: Values
    own: Values
    scores: Values

    @classmethod
    def of(
        cls, vocals: Music, accompaniment: Music, sung: int, ratio: tuple[int, int]
    ) -> "_Shifts":
        p, q = ratio
        singing = _by_steps(_covered(vocals.beats, vocals.phrases), sung % p, p)
        own = _covered(accompaniment.beats, accompaniment.phrases)
        entry = sung // p
        total = max(float(singing.sum()), 1e-9)
        there = np.ones(len(own))
        used = _at_bars(singing, there, entry, accompaniment, q) / total
        shared = _at_bars(singing, own, entry, accompaniment, q) / total
        phrases = _by_steps(_marks(vocals), sung % p, p, highest=True)
        sections = _at_bars(phrases, _marks(accompaniment), entry, accompaniment, q)
        agreeing = sections / max(float(phrases.sum()), 1.0)
        late = np.linspace(0, LATENESS, len(used))
        return cls(used, shared, USED * used + OWN * shared + SECTIONS * agreeing - late)


def _at_bars(sung: Values, played: Values, entry: int, accompaniment: Music, q: int) -> Values:
    """Return the sum of products for each bar of the accompaniment, (n_bars,).

    `sung` is given by steps of the vocals, of which `entry` falls on the bar; `played` by
    beats of the accompaniment, of which `q` are a step.
    """
    sums = np.zeros(len(accompaniment.downbeats))
    for phase in range(q):
        steps = _by_steps(played, phase, q)
        if not len(steps):
            continue
        products = np.correlate(steps, sung, "full")  # at n: sung begins at step n - len + 1
        bars = np.flatnonzero(accompaniment.downbeats % q == phase)
        begins = accompaniment.downbeats[bars] // q - entry
        places = begins + len(sung) - 1
        inside = (places >= 0) & (places < len(products))
        sums[bars[inside]] = products[places[inside]]
    return sums


def _by_steps(values: Values, phase: int, step: int, *, highest: bool = False) -> Values:
    """Return the mean (or the highest) of `step` values each, from `phase` on."""
    rest = values[phase:]
    rows = rest[: len(rest) // step * step].reshape(-1, step)
    return np.asarray(rows.max(axis=1, initial=0.0) if highest else rows.mean(axis=1))


def _covered(beats: Values, phrases: tuple[Phrase, ...]) -> Values:
    """Return which share of each beat is sung, (n_beats,)."""
    ends = np.append(beats, 2 * beats[-1] - beats[-2] if len(beats) > 1 else beats[-1] + 1)
    if not phrases:
        return np.zeros(len(beats))
    edges = np.array([(phrase.start, phrase.stop) for phrase in phrases]).ravel()
    sung = np.concatenate(([0.0], np.cumsum(np.diff(edges) * (np.arange(len(edges) - 1) % 2 == 0))))
    until = np.interp(ends, edges, sung)
    return np.asarray(np.diff(until) / np.maximum(np.diff(ends), 1e-9))


def _marks(music: Music) -> Values:
    """Return 1 for each beat that begins a section, else 0, (n_beats,)."""
    marks = np.zeros(len(music.beats))
    marks[music.downbeats[music.sections]] = 1.0
    return marks
