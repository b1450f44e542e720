"""How vocals and another song's accompaniment are brought together in time, key and level."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.records.mashups import Alignment, Fit, Moved
from vocal_explorer.base.records.music import Music
from vocal_explorer.mashups.music_fit import semitones_between
from vocal_explorer.mashups.placement import Placement, place

LARGEST_STRETCH = 1.12  # of vocals, where the program decides
LARGEST_SHIFT = 3  # semitones, of vocals, where the program decides
LEAST_CONFIDENCE = 0.05  # of both keys, to transpose anything
BARS_BEFORE = 2  # of accompaniment before the first phrase
BARS_BEHIND = 2  # of accompaniment behind the last phrase
BEATS_PER_BAR = 4
CLOSEST = 0.05  # s between beats that fall together; a tracker may find two in one place
LEAST_BEATS = 2  # that fall together, to lay anything by beats
ASSUMED_BEAT = 0.5  # s; what a beat is where there is none

Times = NDArray[np.float64]


def align(vocals: Music, accompaniment: Music, fit: Fit) -> Alignment:
    """Return where both are heard, and how they are changed.

    The vocals' bars fall on bars of the accompaniment, with one shift for the whole song. A
    mashup begins two bars before the singing, and ends two bars behind it or with the
    accompaniment. Without beats, both simply begin together.

    Parameters
    ----------
    vocals, accompaniment
        The music of the tracks that give them.
    fit
        What the user decided.
    """
    found = place(vocals, accompaniment)
    if found is None:
        return _plain(vocals, accompaniment, fit)
    moved = fit.moved if fit.stretch else Moved.NOTHING
    common = _common_beats(vocals, accompaniment, found, fit)
    if len(common.sung) < LEAST_BEATS:
        return _plain(vocals, accompaniment, fit)
    anchors = _anchors(common, moved)
    anchors[:, 1] = _later(anchors[:, 0], anchors[:, 1], fit.nudge)
    return _alignment(vocals, accompaniment, fit, anchors)


def overlap(vocals: Music, accompaniment: Music) -> float | None:
    """Return how well the singing would fall in the accompaniment, 0 to 1, None if unknown."""
    found = place(vocals, accompaniment)
    return None if found is None else found.overlap


@dataclass(frozen=True)
class _Common:
    """The moments that fall together: of the vocals and of the accompaniment, in s, (n,)."""

    sung: Times
    played: Times
    entry: int  # which of them is that of the first bar that is sung


def _common_beats(vocals: Music, accompaniment: Music, found: Placement, fit: Fit) -> _Common:
    p, q = found.ratio
    played = found.played + fit.bars * BEATS_PER_BAR + fit.beats
    before = BARS_BEFORE * BEATS_PER_BAR // q
    last = _index_at(vocals.beats, vocals.phrases[-1].stop)
    behind = int(np.ceil((last - found.sung) / p)) + BARS_BEHIND * BEATS_PER_BAR // q
    first = max(-before, int(np.ceil((_index_at(accompaniment.beats, 0.0) - played) / q)))
    end = _index_at(accompaniment.beats, accompaniment.seconds)
    behind = max(min(behind, int(np.floor((end - played) / q))), first + 1)
    steps = np.arange(first, behind + 1)
    sung = _times_at(vocals.beats, found.sung + p * steps)
    heard = _times_at(accompaniment.beats, played + q * steps)
    apart = np.minimum(np.diff(sung, prepend=-np.inf), np.diff(heard, prepend=-np.inf)) > CLOSEST
    return _Common(sung[apart], heard[apart], int(apart[: max(-first, 0)].sum()))


def _anchors(common: _Common, moved: Moved) -> Times:
    """Return mashup, vocals' and accompaniment's times, (n, 3)."""
    sung, played = np.diff(common.sung), np.diff(common.played)
    if moved is Moved.NOTHING:
        return _overlaid(common)
    if moved is Moved.VOCALS:
        heard = played
    elif moved is Moved.ACCOMPANIMENT:
        heard = sung
    else:
        heard = np.clip(played, sung / LARGEST_STRETCH, sung * LARGEST_STRETCH)
    times = np.concatenate(([0.0], np.cumsum(heard)))
    return np.stack([times, common.sung, common.played], axis=1)


def _overlaid(common: _Common) -> Times:
    """Return anchors that stretch nothing; the first bar that is sung falls on its bar."""
    times = common.played - common.played[0]
    entry = common.entry
    sung = common.sung[entry] + common.played - common.played[entry]
    return np.stack([times, sung, common.played], axis=1)


def _later(times: Times, sung: Times, seconds: float) -> Times:
    """Return what of the vocals is heard at `times` if all of it comes so much later."""
    (begin, end), (first, last) = times[[0, -1]], np.diff(sung)[[0, -1]] / np.diff(times)[[0, -1]]
    moments = times - seconds
    heard = np.interp(moments, times, sung)
    heard += np.minimum(moments - begin, 0) * first + np.maximum(moments - end, 0) * last
    return np.asarray(heard)


def _plain(vocals: Music, accompaniment: Music, fit: Fit) -> Alignment:
    """Begin both together; the vocals later or earlier as the user says."""
    beat = 60 / accompaniment.tempo if accompaniment.tempo else ASSUMED_BEAT
    late = (fit.bars * BEATS_PER_BAR + fit.beats) * beat + fit.nudge
    times = np.array([0.0, max(accompaniment.seconds, vocals.seconds + late, beat)])
    anchors = np.stack([times, times - late, times], axis=1)
    return _alignment(vocals, accompaniment, fit, anchors)


def _alignment(vocals: Music, accompaniment: Music, fit: Fit, anchors: Times) -> Alignment:
    inside = (accompaniment.beats >= anchors[0, 2]) & (accompaniment.beats <= anchors[-1, 2])
    numbers = np.flatnonzero(inside)
    beats = np.interp(accompaniment.beats[numbers], anchors[:, 2], anchors[:, 0])
    downbeats = np.flatnonzero(np.isin(numbers, accompaniment.downbeats))
    of_vocals, of_accompaniment = _semitones(vocals, accompaniment, fit)
    return Alignment(
        seconds=float(anchors[-1, 0]),
        anchors=anchors,
        beats=beats,
        downbeats=downbeats,
        vocals_semitones=of_vocals,
        accompaniment_semitones=of_accompaniment,
        vocals_gain_db=fit.vocals_gain_db,
        accompaniment_gain_db=_level(vocals, accompaniment) + fit.accompaniment_gain_db,
    )


def _semitones(vocals: Music, accompaniment: Music, fit: Fit) -> tuple[float, float]:
    """Return by how much vocals and accompaniment become higher."""
    wanted = _wanted_semitones(vocals, accompaniment, fit)
    if fit.moved is Moved.NOTHING:
        return 0.0, 0.0
    if fit.moved is Moved.VOCALS:
        return float(wanted), 0.0
    if fit.moved is Moved.ACCOMPANIMENT:
        return 0.0, float(-wanted)
    of_vocals = min(max(wanted, -LARGEST_SHIFT), LARGEST_SHIFT)
    return float(of_vocals), float(of_vocals - wanted)


def _wanted_semitones(vocals: Music, accompaniment: Music, fit: Fit) -> int:
    if fit.semitones is not None:
        return fit.semitones
    keys = (vocals.key, accompaniment.key)
    if not fit.transpose or keys[0] is None or keys[1] is None:
        return 0
    if min(keys[0].confidence, keys[1].confidence) < LEAST_CONFIDENCE:
        return 0
    return semitones_between(keys[0], keys[1])


def _level(vocals: Music, accompaniment: Music) -> float:
    """Return the gain in dB that makes the accompaniment as loud as the vocals."""
    difference = vocals.vocals_loudness - accompaniment.accompaniment_loudness
    return float(difference) if np.isfinite(difference) else 0.0


def _index_at(beats: Times, seconds: float) -> float:
    """Return the number of the beat at a moment, going on evenly outside."""
    step = _step(beats)
    if seconds < beats[0]:
        return float((seconds - beats[0]) / step)
    if seconds > beats[-1]:
        return float(len(beats) - 1 + (seconds - beats[-1]) / step)
    return float(np.interp(seconds, beats, np.arange(len(beats))))


def _times_at(beats: Times, numbers: NDArray[np.int64]) -> Times:
    """Return the moments of numbered beats, going on evenly outside."""
    inside = np.clip(numbers, 0, len(beats) - 1)
    return np.asarray(beats[inside] + (numbers - inside) * _step(beats))


def _step(beats: Times) -> float:
    return float(np.median(np.diff(beats))) if len(beats) > 1 else ASSUMED_BEAT
