"""Beats and bars of a recording, from how much begins at each moment.

The beats are those of librosa (dynamic programming, Ellis 2007). As a mashup must stay on the
beat through a whole song, they are then moved to the onsets near them and smoothed over
several bars: music that is played to a click gets an even grid, live music its own pace.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.features.music.onsets import CHROMA_HOP, FINE, HOP, SAMPLE_RATE, Frames, Onsets

FRAME_RATE = SAMPLE_RATE / HOP  # Hz
CHROMA_RATE = SAMPLE_RATE / CHROMA_HOP  # Hz
TIGHTNESS = 300.0  # of librosa's tracker: music that is mixed keeps its tempo
TYPICAL_TEMPO = 115.0  # beats per minute
PIECE = round(600 * FRAME_RATE)  # frames; ten minutes
TEMPO_WINDOW, TEMPO_PART = 8.0, 30.0  # s
CLOSEST = 0.15  # s between beats
FEWEST_BEATS = 8
PULSE = 1.15  # how much stronger onsets at beats are than between them, where there is a beat
WEAKEST = 0.1  # dB a band, that begin at beats
SLOW, FAST = 80.0, 150.0  # beats per minute that are usual
BETWEEN = 0.03  # of what begins at the beats: so much between them makes it twice as fast
DEEPER, OFF_BEAT = 1.5, 0.4  # basses and all that begins between beats, to move the beats there
UNEVEN = 2.0  # every other beat so much stronger makes it half as fast
LOW_WEIGHT = 1.2  # of what begins below 150 Hz, in deviations of what begins at all
NEAR = 0.06  # s around a beat in which its onset is sought
SMOOTHED = 12  # beats on both sides that say where a beat is
ROUNDS = 3
ONSET_DELAY = 0.002  # s by which a frame shows an onset too early
BAR_LENGTHS = (4, 3)
CHORD_BEATS = (2, 4)  # for how many beats a chord may last
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
    rhythm = _rhythm(onsets)
    times = _settled(_tracked(rhythm), rhythm)
    if not _is_pulse(times, rhythm):
        nothing = np.zeros(0, np.int64)
        return Beats(np.zeros(0), nothing, nothing, 0.0, 0.0)
    times = _settled(_on_the_bass(_at_usual_tempo(times, rhythm), onsets), rhythm)
    downbeats = _downbeats(times, onsets, chroma)
    tempo = 60 / float(np.median(np.diff(times)))
    sections = _sections(times[downbeats], chroma, entries)
    return Beats(times + ONSET_DELAY, downbeats, sections, tempo, _stability(times))


def _rhythm(onsets: Onsets) -> Frames:
    """Return how much begins at each frame, with more weight on basses and kick drums."""
    deviation = float(onsets.strength.std()) if len(onsets.strength) else 0.0
    low = float(onsets.low.std()) if len(onsets.low) else 0.0
    if not (deviation and low):
        return onsets.strength
    return np.asarray(onsets.strength + LOW_WEIGHT * deviation / low * onsets.low, np.float32)


def _settled(times: Times, strength: Frames) -> Times:
    """Move beats to the onsets near them, and smooth them, until they rest."""
    for _ in range(ROUNDS):
        times = _smoothed(*_at_onsets(times, strength))
    return times[np.diff(times, prepend=-np.inf) > CLOSEST]


def _tracked(strength: Frames) -> Times:
    """Return librosa's beats; of a long recording, piece by piece, each at its own tempo."""
    pieces = [_tracked_piece(strength, start) for start in range(0, len(strength), PIECE)]
    times = np.concatenate([np.zeros(0), *pieces])
    return times[np.diff(times, prepend=-np.inf) > CLOSEST]


def _tracked_piece(strength: Frames, start: int) -> Times:
    from librosa.beat import beat_track

    piece = strength[start : start + PIECE]
    if len(piece) < FRAME_RATE or piece.max() <= 0:
        return np.zeros(0)
    _, frames = beat_track(
        onset_envelope=piece,
        sr=SAMPLE_RATE,
        hop_length=HOP,
        bpm=_typical_tempo(piece),
        tightness=TIGHTNESS,
        trim=False,
    )
    return np.asarray((frames + start) / FRAME_RATE, np.float64)


def _typical_tempo(strength: Frames) -> float:
    """Return librosa's tempo, from a tempogram that is made in parts: all of it takes gigabytes."""
    from librosa.feature import tempo, tempogram

    length = round(TEMPO_WINDOW * FRAME_RATE)
    total, part = np.zeros(length), round(TEMPO_PART * FRAME_RATE)
    for start in range(0, len(strength), part):
        total += tempogram(
            onset_envelope=strength[start : start + part],
            sr=SAMPLE_RATE,
            hop_length=HOP,
            win_length=length,
        ).sum(axis=1)
    mean = total[:, None] / len(strength)
    found = tempo(tg=mean, sr=SAMPLE_RATE, hop_length=HOP, start_bpm=TYPICAL_TEMPO, aggregate=None)
    return float(np.ravel(found)[0])


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
    """Return which beats begin bars: where chords change and basses enter."""
    change = sum(_standardised(_novelty(times, chroma, width)) for width in CHORD_BEATS)
    evidence = change + 0.5 * _standardised(_per_beat(times, onsets.low, FRAME_RATE))
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
    change = _standardised(_novelty(bars, chroma, 1))
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


def _novelty(times: Times, chroma: Frames, width: int) -> Times:
    """Return how much the pitches behind each moment differ from those before, (n_times,).

    `width` is how many steps between moments are heard on both sides.
    """
    pitches = np.sqrt(chroma.reshape(len(chroma), 12, FINE).sum(axis=2))
    sums = np.concatenate((np.zeros((1, 12)), np.cumsum(pitches, axis=0, dtype=np.float64)))
    reach = width * float(np.median(np.diff(times)))
    before, here, behind = (
        sums[np.clip((moments * CHROMA_RATE).round().astype(np.int64), 0, len(pitches))]
        for moments in (times - reach, times, times + reach)
    )
    old, new = here - before, behind - here
    lengths = np.linalg.norm(old, axis=1) * np.linalg.norm(new, axis=1)
    likeness = (old * new).sum(axis=1) / np.maximum(lengths, 1e-9)
    return np.asarray(np.where(lengths > 0, 1 - likeness, 0.0))


def _standardised(values: Times) -> Times:
    deviation = float(values.std())
    return (values - values.mean()) / deviation if deviation > 0 else np.zeros(len(values))
