"""How well the music of two tracks goes together: tempo, key and energy, for many at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.records.music import Key, MusicSummary

Parts = NDArray[np.float64]
"""From 0 to 1, one for each track; NaN where it is not known."""

BEAT_RATIOS = ((1, 1), (1, 2), (2, 1), (3, 2), (2, 3))
"""How many beats of the vocals go with how many of the accompaniment."""

_AWKWARD = (1.0, 0.9, 0.9, 0.5, 0.5)  # what a perfect tempo is worth at each ratio
_WORST_STRETCH = (1.25, 1.25, 1.25, 1.08, 1.08)  # with this factor it is worth nothing
_FARTHEST = 6  # semitones
_FIFTHS = (0, 7, -7)  # semitones to the scales that have all notes, and all but one, in common
_OTHER_NOTE = 1.5  # semitones of transposition that are as bad as a note that is not shared
_MINOR_THIRD = 3  # semitones from a minor key up to its relative major
_UNDECIDED = 0.5  # what a key is worth that is not known


@dataclass(frozen=True)
class TempoFit:
    """How vocals of one tempo go over accompaniments, n of them.

    `ratios` are indices into BEAT_RATIOS, `stretches` how much faster the vocals become.
    """

    parts: Parts
    ratios: NDArray[np.int64]
    stretches: Parts


def fit_tempo(vocals: Parts, accompaniments: Parts) -> TempoFit:
    """Find the beat ratio that is worth most.

    Parameters
    ----------
    vocals, accompaniments
        Tempi in beats per minute, each (n,) or (1,); NaN or 0 where there is none.
    """
    vocals, accompaniments = np.broadcast_arrays(vocals, accompaniments)
    known = (vocals > 0) & (accompaniments > 0)
    sung, played = np.where(known, vocals, 1.0), np.where(known, accompaniments, 1.0)
    factors = np.array([v / a for v, a in BEAT_RATIOS])
    stretches = played / sung * factors[:, None]
    effort = np.abs(np.log(stretches)) / np.log(_WORST_STRETCH)[:, None]
    worth = np.array(_AWKWARD)[:, None] * np.clip(1 - effort, 0, 1)
    ratios = np.lexsort((effort, -worth), axis=0)[0]
    rows = np.arange(len(ratios))
    unknown = np.where(known, 0.0, np.nan)
    return TempoFit(worth[ratios, rows] + unknown, ratios, stretches[ratios, rows] + unknown)


def semitones_between(vocals: Key, accompaniment: Key) -> int:
    """Return by how much vocals must become higher to fit a key, -6 to 5.

    They fit in the key itself, in its relative, and in the neighbours of both on the circle
    of fifths, with which they share six of seven notes (a step on the Camelot wheel).
    """
    steps, _ = _steps(np.array([_scale(vocals)], float), np.array([_scale(accompaniment)], float))
    return int(steps[0])


@dataclass(frozen=True)
class KeyFit:
    """How keys go together once the vocals are higher by `semitones`, (n,), NaN if unknown."""

    parts: Parts
    semitones: Parts


def fit_keys(vocals: "MusicColumns", accompaniments: "MusicColumns") -> KeyFit:
    """Judge keys, one of both sides being of one track: the fewer semitones, the better.

    A key that was not clearly heard pulls the part to one half.
    """
    steps, costs = _steps(*np.broadcast_arrays(vocals.scale, accompaniments.scale))
    sure = np.minimum(vocals.confidence, accompaniments.confidence)
    parts = sure * (1 - costs / _FARTHEST) + (1 - sure) * _UNDECIDED
    return KeyFit(parts, steps)


def fit_energy(query: float, energies: Parts) -> Parts:
    """Judge how alike energies are: 1 for the same, 0 for those as far as the farthest tenth."""
    distances = np.abs(energies - query)
    known = distances[np.isfinite(distances)]
    farthest = float(np.quantile(known, 0.9)) if len(known) else 0.0
    return np.clip(1 - distances / farthest, 0, 1) if farthest > 0 else 1 - 0 * distances


@dataclass(frozen=True, eq=False)
class MusicColumns:
    """Tempo, key and energy of n tracks, each (n,); NaN where they are not known.

    `scale` is the tonic of a major key, or of a minor key's relative, in semitones above C.
    """

    tempo: Parts
    scale: Parts
    confidence: Parts
    energy: Parts

    @classmethod
    def of(cls, summaries: Sequence[MusicSummary | None]) -> "MusicColumns":
        """Put summaries into columns."""
        rows = [_NOTHING if summary is None else _numbers(summary) for summary in summaries]
        return cls(*np.array(rows, dtype=np.float64).reshape(-1, len(_NOTHING)).T)

    def updated(self, n: int, rows: NDArray[np.int64], new: "MusicColumns") -> "MusicColumns":
        """Return n rows, with new values in some of them; these columns stay as they are."""
        return MusicColumns(
            *(
                _updated(old, values, n, rows)
                for old, values in zip(vars(self).values(), vars(new).values(), strict=True)
            )
        )

    def row(self, index: int) -> "MusicColumns":
        """Return the columns of one track."""
        one = slice(index, index + 1)
        return MusicColumns(
            self.tempo[one], self.scale[one], self.confidence[one], self.energy[one]
        )


_NOTHING = (np.nan,) * 4


def _updated(old: Parts, values: Parts, n: int, rows: NDArray[np.int64]) -> Parts:
    column = np.full(n, np.nan)
    column[: len(old)] = old
    column[rows] = values
    return column


def _numbers(summary: MusicSummary) -> tuple[float, float, float, float]:
    key = summary.key
    scale, confidence = (float(_scale(key)), key.confidence) if key else (np.nan, np.nan)
    return summary.tempo or np.nan, scale, confidence, summary.energy


def _scale(key: Key) -> int:
    return (key.tonic + (_MINOR_THIRD if key.minor else 0)) % 12


def _steps(vocals: Parts, accompaniments: Parts) -> tuple[Parts, Parts]:
    """Return the least semitones to the same scale or its neighbours, and what they cost."""
    options = [(accompaniments - vocals + fifth + _FARTHEST) % 12 - _FARTHEST for fifth in _FIFTHS]
    costs = [
        np.abs(steps) + _OTHER_NOTE * (fifth != 0)
        for steps, fifth in zip(options, _FIFTHS, strict=True)
    ]
    best = np.argmin(np.stack(costs), axis=0)
    rows = np.arange(best.shape[0])
    return np.stack(options)[best, rows], np.stack(costs)[best, rows]
