"""How the bands of synthetic singers play: patterns and sounds, as numbers."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

STEPS_PER_BAR = 16

DRUM_PATTERNS = (
    ("x.......x.......", "....x.......x...", "x.x.x.x.x.x.x.x."),  # rock
    ("x...x...x...x...", "....x.......x...", "..x...x...x...x."),  # four on the floor
    ("x.....x.........", "........x.......", "x...x...x...x..."),  # half time
    ("x..x....x.x.....", "....x.......x..x", "x.x.x.x.x.xxx.x."),  # broken
    ("x.....xxx.....x.", "...x..x....x..x.", "x.xxx.xxx.xxx.xx"),  # bossa
    ("x.........x.....", "....x.......x...", "xxxxxxxxxxxxxxxx"),  # sixteenths
    ("x.......x.......", "............x...", "x...x...x...x..."),  # ballad
)  # kick, snare, hat
BASS_PATTERNS = (
    ("0...............", 14),
    ("0.......0.......", 7),
    ("0.0.0.0.0.0.0.0.", 2),
    ("0.......5.......", 6),
    ("0...o...0...o...", 3),
    ("0.....0.5.....5.", 4),
    ("0...0...5...o...", 4),
)  # 0 root, 5 fifth, o octave; length in steps
CHORD_PATTERNS = (
    ("x...............", 16),
    ("x.......x.......", 8),
    ("x...x...x...x...", 3),
    ("..x...x...x...x.", 2),
    ("x.....x.....x...", 5),
    ("a.a.a.a.a.a.a.a.", 3),
    ("a...a...a...a...", 5),
)  # x the whole chord, a one tone after the other; length in steps


@dataclass(frozen=True)
class Timbre:
    """The sound of one instrument.

    Parameters
    ----------
    rolloff
        Exponent with which the partials' amplitudes fall.
    even
        Level of the even partials against the odd ones.
    attack, decay
        Seconds until a tone is full, and until it has fallen to 1/e.
    detune
        Distance of the two voices of a tone, relative.
    """

    rolloff: float
    even: float
    attack: float
    decay: float
    detune: float


@dataclass(frozen=True)
class ArtistStyle:
    """What a synthetic artist's band sounds like.

    Parameters
    ----------
    tempo
        Beats per minute.
    minor_odds
        How often songs are in minor.
    drums, bass, chords
        Which of the patterns above the band plays.
    swing
        How late every second eighth comes, in eighths.
    kick_pitch, snare_pitch
        Hz.
    snare_noise, hat_brightness
        0 to 1.
    bass_timbre, chord_timbre
        The instruments.
    drum_level, bass_level, chord_level
        Amplitudes in the band.
    chord_octave
        MIDI number at which chords start.
    room_decay, room_level
        Seconds, and amplitude against the direct sound.
    """

    tempo: float
    minor_odds: float
    drums: int
    bass: int
    chords: int
    swing: float
    kick_pitch: float
    snare_pitch: float
    snare_noise: float
    hat_brightness: float
    bass_timbre: Timbre
    chord_timbre: Timbre
    drum_level: float
    bass_level: float
    chord_level: float
    chord_octave: int
    room_decay: float
    room_level: float


def artist_style(singer: int, seed: int = 0) -> ArtistStyle:
    """Draw the usual style of a singer's band: the same numbers give the same style."""
    return _random_style(np.random.default_rng([seed, singer, 2]))


def varied_style(style: ArtistStyle, rng: np.random.Generator) -> ArtistStyle:
    """Return the style of one song: every part of it may be exchanged or shifted."""
    other = _random_style(rng)
    exchanged: dict[str, Any] = {
        name: getattr(other, name)
        for names in (("drums", "swing"), ("bass",), ("chords",), ("chord_timbre", "chord_octave"))
        if rng.uniform() < 0.35
        for name in names
    }
    moved: dict[str, Any] = {
        name: _between(getattr(style, name), getattr(other, name), float(rng.uniform(0, 0.6)))
        for name in ("drum_level", "bass_level", "chord_level", "room_decay", "room_level",
                     "kick_pitch", "snare_pitch", "snare_noise", "hat_brightness")
    }  # fmt: skip
    tempo = float(np.clip(style.tempo * np.exp(rng.normal(0, 0.12)), 62, 172))
    return replace(style, tempo=tempo, **moved, **exchanged)


def _random_style(rng: np.random.Generator) -> ArtistStyle:
    return ArtistStyle(
        tempo=float(rng.uniform(72, 150)),
        minor_odds=float(rng.uniform(0.1, 0.9)),
        drums=int(rng.integers(len(DRUM_PATTERNS))),
        bass=int(rng.integers(len(BASS_PATTERNS))),
        chords=int(rng.integers(len(CHORD_PATTERNS))),
        swing=float(rng.choice((0.0, 0.0, 0.15, 0.33))),
        kick_pitch=float(rng.uniform(42, 70)),
        snare_pitch=float(rng.uniform(160, 280)),
        snare_noise=float(rng.uniform(0.3, 1.0)),
        hat_brightness=float(rng.uniform(0.2, 1.0)),
        bass_timbre=_random_timbre(rng, rolloff=(1.2, 2.6), decay=(0.3, 1.5)),
        chord_timbre=_random_timbre(rng, rolloff=(0.8, 2.2), decay=(0.25, 3.0)),
        drum_level=float(rng.uniform(0.5, 1.3)),
        bass_level=float(rng.uniform(0.6, 1.2)),
        chord_level=float(rng.uniform(0.6, 1.4)),
        chord_octave=int(rng.integers(46, 64)),
        room_decay=float(rng.uniform(0.25, 1.4)),
        room_level=float(rng.uniform(0.08, 0.4)),
    )


def _random_timbre(
    rng: np.random.Generator, *, rolloff: tuple[float, float], decay: tuple[float, float]
) -> Timbre:
    return Timbre(
        rolloff=float(rng.uniform(*rolloff)),
        even=float(rng.uniform(0.05, 1.0)),
        attack=float(rng.choice((0.004, 0.008, 0.02, 0.08))),
        decay=float(rng.uniform(*decay)),
        detune=float(rng.choice((0.0, 0.0015, 0.004))),
    )


def _between(first: float, second: float, share: float) -> float:
    return first + share * (second - first)
