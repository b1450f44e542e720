"""Simple songs as notes: a key, chords, a sung melody with syllables, and the beats."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.records.music import Key

BEATS_PER_BAR = 4
_MAJOR = (0, 2, 4, 5, 7, 9, 11)
_MINOR = (0, 2, 3, 5, 7, 8, 10)
_PROGRESSIONS = {
    False: ((0, 4, 5, 3), (0, 5, 3, 4), (0, 3, 4, 3), (5, 3, 0, 4), (0, 2, 3, 4), (0, 3, 0, 4)),
    True: ((0, 5, 2, 6), (0, 3, 4, 0), (0, 6, 5, 6), (0, 3, 6, 2), (0, 5, 3, 4), (0, 2, 6, 3)),
}  # scale degrees, one a bar, by whether the key is minor
_CELLS: tuple[tuple[float, ...], ...] = (
    (1, 1),
    (0.5, 0.5, 1),
    (1.5, 0.5),
    (1, 0.5, 0.5),
    (0.5, 1, 0.5),
    (0.5, 0.5, 0.5, 0.5),
)  # rhythms of two beats, in beats
_LAST_CELLS: tuple[tuple[float, ...], ...] = ((2.0,), (1.0, 1.0), (0.5, 1.5))
_PHRASE_BARS = 2
_PHRASES_BEFORE_BREAK = 8  # then an instrumental break of one phrase


class Consonant(IntEnum):
    """How a syllable begins."""

    NONE = 0
    STOP = 1
    FRICATIVE = 2
    NASAL = 3
    LIQUID = 4
    BREATHED = 5


_CONSONANT_ODDS = (0.16, 0.26, 0.18, 0.16, 0.14, 0.10)
N_VOWELS = 7


@dataclass(frozen=True)
class Note:
    """One sung syllable: `start` and `seconds` in s, `pitch` as a MIDI number."""

    start: float
    seconds: float
    pitch: int
    vowel: int
    consonant: Consonant

    @property
    def stop(self) -> float:
        """Where the note ends, in s."""
        return self.start + self.seconds


@dataclass(frozen=True)
class Chord:
    """A triad that lasts one bar; `pitches` are its pitch classes, root first."""

    start: float
    pitches: tuple[int, int, int]


@dataclass(frozen=True)
class Score:
    """A song before it sounds. Times in s, `tempo` in beats per minute."""

    tempo: float
    key: str
    beats: NDArray[np.float64]
    chords: tuple[Chord, ...]
    phrases: tuple[tuple[Note, ...], ...]

    @property
    def beat_seconds(self) -> float:
        """Length of one beat in s."""
        return 60.0 / self.tempo


@dataclass(frozen=True)
class _Motif:
    """Rhythm (beats), contour (scale steps from the phrase's start) and syllables."""

    onsets: tuple[float, ...]
    lengths: tuple[float, ...]
    steps: tuple[int, ...]
    vowels: tuple[int, ...]
    consonants: tuple[Consonant, ...]


def compose(
    rng: np.random.Generator,
    *,
    tempo: float,
    minor: bool,
    lowest: int,
    highest: int,
    seconds: float,
) -> Score:
    """Write a song whose melody stays between two MIDI pitches.

    Parameters
    ----------
    rng
        Decides everything that the other arguments leave open.
    tempo
        Beats per minute.
    minor
        Whether the key is minor.
    lowest, highest
        Range of the melody in MIDI numbers, at least an octave.
    seconds
        Length of the song; no beat and no note starts later.
    """
    tonic = int(rng.integers(12))
    scale = np.array(_MINOR if minor else _MAJOR)
    beat = 60.0 / tempo
    lead_in = float(rng.uniform(0.05, 0.3))
    beats = np.arange(lead_in, seconds, beat)
    chords = _harmony(rng, tonic, scale, minor, beats[::BEATS_PER_BAR])
    ladder = np.array([p for p in range(lowest, highest + 1) if (p - tonic) % 12 in scale])
    phrases = _melody(rng, chords, ladder, beat, seconds)
    return Score(tempo, Key(tonic, minor).name, beats, chords, phrases)


def _harmony(
    rng: np.random.Generator,
    tonic: int,
    scale: NDArray[np.int_],
    minor: bool,
    bar_starts: NDArray[np.float64],
) -> tuple[Chord, ...]:
    """Verse and chorus progressions in turn, eight bars each; the first bar holds the tonic."""
    choices = _PROGRESSIONS[minor]
    verse, chorus = rng.choice(len(choices), size=2, replace=False)
    chords = []
    for bar, start in enumerate(bar_starts):
        progression = choices[chorus if (bar // 8) % 2 else verse]
        degree = progression[bar % len(progression)] if bar else 0
        triad = [int(tonic + scale[(degree + third) % 7]) % 12 for third in (0, 2, 4)]
        chords.append(Chord(float(start), (triad[0], triad[1], triad[2])))
    return tuple(chords)


def _melody(
    rng: np.random.Generator,
    chords: tuple[Chord, ...],
    ladder: NDArray[np.int_],
    beat: float,
    seconds: float,
) -> tuple[tuple[Note, ...], ...]:
    motifs = [_motif(rng) for _ in range(4)]
    form = (0, 1, 0, 1, 2, 3, 2, 3)
    first_bar = 1 if seconds > 8 * beat else 0
    phrases = []
    for number, bar in enumerate(range(first_bar, len(chords), _PHRASE_BARS)):
        if number % (_PHRASES_BEFORE_BREAK + 1) == _PHRASES_BEFORE_BREAK:
            continue
        motif = motifs[form[number % len(form)]]
        home = int(len(ladder) * (0.5 if motif in motifs[2:] else 0.35))
        notes = _phrase(motif, chords[bar : bar + _PHRASE_BARS], ladder, home, beat)
        phrases.append(tuple(note for note in notes if note.stop < seconds - 0.1))
    return tuple(phrase for phrase in phrases if phrase)


def _motif(rng: np.random.Generator) -> _Motif:
    cells = [_CELLS[i] for i in rng.integers(len(_CELLS), size=2)]
    cells.append(_LAST_CELLS[int(rng.integers(len(_LAST_CELLS)))])
    lengths = tuple(float(length) for cell in cells for length in cell)
    onsets = np.concatenate(([0.0], np.cumsum(lengths)[:-1])) + rng.choice((0.0, 0.0, 0.5))
    n_notes = len(lengths)
    steps = np.cumsum(rng.choice((-2, -1, -1, 0, 1, 1, 2, 3), size=n_notes))
    odds = rng.choice(len(Consonant), size=n_notes, p=_CONSONANT_ODDS)
    return _Motif(
        onsets=tuple(float(onset) for onset in onsets),
        lengths=lengths,
        steps=tuple(int(step) for step in steps),
        vowels=tuple(int(vowel) for vowel in rng.integers(N_VOWELS, size=n_notes)),
        consonants=tuple(Consonant(int(kind)) for kind in odds),
    )


def _phrase(
    motif: _Motif,
    chords: tuple[Chord, ...],
    ladder: NDArray[np.int_],
    home: int,
    beat: float,
) -> list[Note]:
    """Fit a motif to two bars: notes on strong beats and the last note are chord tones."""
    notes = []
    last = len(motif.onsets) - 1
    for index, onset in enumerate(motif.onsets):
        chord = chords[min(int(onset) // BEATS_PER_BAR, len(chords) - 1)]
        place = _folded(home + motif.steps[index], len(ladder))
        if index == last or onset % 2 == 0:
            place = _nearest_chord_tone(ladder, place, chord)
        notes.append(
            Note(
                start=chords[0].start + onset * beat,
                seconds=motif.lengths[index] * beat,
                pitch=int(ladder[place]),
                vowel=motif.vowels[index],
                consonant=motif.consonants[index],
            )
        )
    return notes


def _folded(place: int, size: int) -> int:
    """Reflect a place at the ends of the ladder."""
    period = 2 * (size - 1)
    place %= period
    return min(place, period - place)


def _nearest_chord_tone(ladder: NDArray[np.int_], place: int, chord: Chord) -> int:
    tones = np.flatnonzero(np.isin(ladder % 12, chord.pitches))
    return int(tones[np.argmin(np.abs(tones - place))])
