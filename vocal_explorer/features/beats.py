"""Beats and bars of a recording, from how much begins at each moment.

The beats are those of librosa (dynamic programming, Ellis 2007). As a mashup must stay on the
beat through a whole song, they are then moved to the onsets near them and smoothed over
several bars: music that is played to a click gets an even grid, live music its own pace.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.features.onsets import CHROMA_HOP, FINE, HOP, SAMPLE_RATE, Frames, Onsets

FRAME_RATE = SAMPLE_RATE / HOP  # Hz
CHROMA_RATE = SAMPLE_RATE / CHROMA_HOP  # Hz
TIGHTNESS = 300.0  # of librosa's tracker: music that is mixed keeps its tempo
TYPICAL_TEMPO = 115.0  # beats per minute
FEWEST_BEATS = 8
PULSE = 1.15  # how much stronger onsets at beats are than between them, where there is a beat
WEAKEST = 0.1  # dB a band, that begin at beats
SLOW, FAST = 80.0, 150.0  # beats per minute that are usual
BETWEEN = 0.03  # of what begins at the beats: so much between them makes it twice as fast
DEEPER, OFF_BEAT = 1.5, 0.4  # basses and all that begins between beats, to move the beats there
UNEVEN = 2.0  # every other beat so much stronger makes it half as fast
NEAR = 0.06  # s around a beat in which its onset is sought
SMOOTHED = 12  # beats on both sides that say where a beat is
ROUNDS = 3
ONSET_DELAY = 0.002  # s by which a frame shows an onset too early
BAR_LENGTHS = (4, 3)
THREE_IS_BETTER = 1.3  # a bar has three beats only if that explains so much more
STEADY = 0.02  # relative change of tempo that makes stability fall to 1/e
SECTION_BARS = 4

Times = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Beats:
    """Times of beats in s, (n_beats,), and which of them begin bars and which bars sections.

    `tempo` is in beats per minute, `stability` from 0 to 1; see music.Music.
    """

    times: Times
    downbeats: Indices
    sections: Indices
    tempo: float
    stability: float


def find_beats(onsets: Onsets, chroma: Frames, entries: Times) -> Beats:
    """Return the beats; none, and a tempo of 0, where there is no pulse.

    Parameters
    ----------
    onsets, chroma
        What was heard; chroma is (n_chroma_frames, 36).
    entries
        When vocal phrases begin, in s: a section often begins there.
    """
    times = _settled(_tracked(onsets.strength), onsets.strength)
    if not _is_pulse(times, onsets.strength):
        nothing = np.zeros(0, np.int64)
        return Beats(np.zeros(0), nothing, nothing, 0.0, 0.0)
    times = _on_the_bass(_at_usual_tempo(times, onsets.strength), onsets)
    times = _settled(times, onsets.strength)
    downbeats = _downbeats(times, onsets, chroma)
    tempo = 60 / float(np.median(np.diff(times)))
    sections = _sections(times[downbeats], chroma, entries)
    return Beats(times + ONSET_DELAY, downbeats, sections, tempo, _stability(times))


def _settled(times: Times, strength: Frames) -> Times:
    """Move beats to the onsets near them, and smooth them, until they rest."""
    for _ in range(ROUNDS):
        times = _smoothed(*_at_onsets(times, strength))
    return times


def _tracked(strength: Frames) -> Times:
    from librosa.beat import beat_track

    if len(strength) < FRAME_RATE or strength.max() <= 0:
        return np.zeros(0)
    _, frames = beat_track(
        onset_envelope=strength,
        sr=SAMPLE_RATE,
        hop_length=HOP,
        start_bpm=TYPICAL_TEMPO,
        tightness=TIGHTNESS,
        trim=False,
    )
    return np.asarray(frames / FRAME_RATE, np.float64)


def _at_onsets(times: Times, strength: Frames) -> tuple[Times, Times]:
    """Return where the strongest onset near each beat is, and how strong it is."""
    reach = round(NEAR * FRAME_RATE)
    padded = np.pad(strength, reach + 1)
    centres = np.clip((times * FRAME_RATE).round().astype(np.int64), 0, max(len(strength) - 1, 0))
    around = padded[centres[:, None] + np.arange(2 * reach + 1) + 1]
    distance = np.arange(-reach, reach + 1) / max(reach, 1)
    peaks = (around * (1 - 0.5 * np.square(distance))).argmax(axis=1)
    frames = centres + peaks - reach
    left, top, right = (padded[frames + reach + 1 + side] for side in (-1, 0, 1))
    bend = left - 2 * top + right
    shift = np.where(bend < 0, 0.5 * (left - right) / np.minimum(bend, -1e-9), 0.0)
    return (frames + np.clip(shift, -0.5, 0.5)) / FRAME_RATE, np.asarray(top, np.float64)


def _smoothed(times: Times, weights: Times) -> Times:
    """Put each beat on the straight line through those around it; strong onsets count more."""
    if len(times) < FEWEST_BEATS:
        return times
    steps = np.arange(-SMOOTHED, SMOOTHED + 1)
    numbers = np.arange(len(times))[:, None] + steps
    there = (numbers >= 0) & (numbers < len(times))
    near = np.where(there, times[np.clip(numbers, 0, len(times) - 1)] - times[:, None], 0.0)
    trust = there * weights[np.clip(numbers, 0, len(times) - 1)] + 1e-6 * there
    trust = trust * (1 - np.abs(steps) / (SMOOTHED + 1))
    offset = np.zeros(len(times))
    for _ in range(2):
        offset, slope = _lines(steps, near, trust)
        off = np.abs(near - offset[:, None] - slope[:, None] * steps)
        typical = np.nanmedian(np.where(there, off, np.nan), axis=1)
        trust = trust / (1 + np.square(off / np.maximum(typical, 0.003)[:, None]))
    return np.maximum.accumulate(times + offset)


def _lines(steps: Indices, values: Times, weights: Times) -> tuple[Times, Times]:
    """Return offset and slope of the weighted straight line through each row, (n_rows,) both."""
    total = weights.sum(axis=1)
    middle = (weights * steps).sum(axis=1) / total
    mean = (weights * values).sum(axis=1) / total
    distance = steps - middle[:, None]
    spread = (weights * np.square(distance)).sum(axis=1)
    slope = (weights * distance * values).sum(axis=1) / np.maximum(spread, 1e-12)
    return mean - slope * middle, slope


def _is_pulse(times: Times, strength: Frames) -> bool:
    """Return whether more begins at the beats than between them."""
    if len(times) < FEWEST_BEATS:
        return False
    at_beats = _mean_at(times, strength)
    between = _mean_at((times[:-1] + times[1:]) / 2, strength)
    return at_beats >= max(WEAKEST, PULSE * between)


def _at_usual_tempo(times: Times, strength: Frames) -> Times:
    """Double a slow tempo if much begins between its beats, halve a fast one of uneven beats."""
    tempo = 60 / float(np.median(np.diff(times)))
    middles = (times[:-1] + times[1:]) / 2
    if tempo < SLOW and _mean_at(middles, strength) > BETWEEN * _mean_at(times, strength):
        return np.sort(np.concatenate((times, middles)))
    means = [_mean_at(times[phase::2], strength) for phase in (0, 1)]
    if tempo > FAST and max(means) > UNEVEN * min(means):
        return times[int(np.argmax(means)) :: 2]
    return times


def _on_the_bass(times: Times, onsets: Onsets) -> Times:
    """Move beats between themselves if the basses are there: guitars may play off the beat."""
    middles = (times[:-1] + times[1:]) / 2
    deeper = _mean_at(middles, onsets.low) > DEEPER * _mean_at(times, onsets.low)
    strong = _mean_at(middles, onsets.strength) > OFF_BEAT * _mean_at(times, onsets.strength)
    return middles if deeper and strong else times


def _mean_at(times: Times, strength: Frames) -> float:
    """Return the mean at some moments; a few that stand out count no more than others."""
    values = np.interp(times * FRAME_RATE, np.arange(len(strength)), strength)
    return float(np.minimum(values, np.quantile(values, 0.8)).mean())


def _stability(times: Times) -> float:
    """Return how steady the tempo is: 1 for a machine, 0.37 where it wanders by 2 %."""
    bars = times[4::4] - times[:-4:4]
    typical = float(np.median(bars))
    wandering = float(np.median(np.abs(bars / typical - 1))) * 1.4826
    return float(np.exp(-wandering / STEADY))


def _downbeats(times: Times, onsets: Onsets, chroma: Frames) -> Indices:
    """Return which beats begin bars: where basses enter and chords change."""
    low = _per_beat(times, onsets.low, FRAME_RATE)
    change = _novelty(times, chroma)
    evidence = _standardised(low) + 1.5 * _standardised(change)
    leads = {}
    for length in BAR_LENGTHS:
        means = [float(evidence[phase::length].mean()) for phase in range(length)]
        leads[length] = (max(means) * np.sqrt(len(evidence) / length), int(np.argmax(means)))
    length = 3 if leads[3][0] > THREE_IS_BETTER * leads[4][0] else 4
    return np.arange(leads[length][1], len(times), length)


def _sections(bars: Times, chroma: Frames, entries: Times) -> Indices:
    """Return which bars begin a phrase: every fourth, where most changes and singers enter."""
    if len(bars) < 2 * SECTION_BARS:
        return np.arange(min(len(bars), 1))
    change = _standardised(_novelty(bars, chroma))
    width = float(np.median(np.diff(bars)))
    sung = np.zeros(len(bars))
    nearest = np.abs(entries[:, None] - bars).argmin(axis=1) if len(entries) else []
    for entry, bar in zip(entries, nearest, strict=True):
        sung[bar] += max(0.0, 1 - abs(entry - bars[bar]) / width)
    evidence = change + 2 * _standardised(sung)
    means = [float(evidence[phase::SECTION_BARS].mean()) for phase in range(SECTION_BARS)]
    return np.arange(int(np.argmax(means)), len(bars), SECTION_BARS)


def _per_beat(times: Times, strength: Frames, rate: float) -> Times:
    """Return the strongest value near each beat."""
    reach = round(NEAR * rate)
    padded = np.pad(strength, reach)
    centres = np.clip((times * rate).round().astype(np.int64), 0, max(len(strength) - 1, 0))
    return np.asarray(padded[centres[:, None] + np.arange(2 * reach + 1)].max(axis=1), np.float64)


def _novelty(times: Times, chroma: Frames) -> Times:
    """Return how much the pitches between two moments differ from those before, (n_times,)."""
    pitches = chroma.reshape(len(chroma), 12, FINE).sum(axis=2)
    sums = np.concatenate((np.zeros((1, 12)), np.cumsum(pitches, axis=0, dtype=np.float64)))
    edges = np.append(times, 2 * times[-1] - times[-2])
    places = np.clip((edges * CHROMA_RATE).round().astype(np.int64), 0, len(pitches))
    between = np.diff(sums[places], axis=0)
    lengths = np.linalg.norm(between, axis=1)
    unit = between / np.maximum(lengths, 1e-9)[:, None]
    likeness = (unit[1:] * unit[:-1]).sum(axis=1)
    return np.concatenate(([0.0], np.where((lengths > 0)[1:], 1 - likeness, 0.0)))


def _standardised(values: Times) -> Times:
    deviation = float(values.std())
    return (values - values.mean()) / deviation if deviation > 0 else np.zeros(len(values))
