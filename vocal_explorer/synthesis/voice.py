"""Synthetic singers: who they are, as numbers, and how much they change from song to song."""

from dataclasses import dataclass, replace

import numpy as np

from vocal_explorer.synthesis.score import N_VOWELS

_SHORTEST_TRACT, _LONGEST_TRACT = 0.138, 0.182  # m


@dataclass(frozen=True)
class SingerVoice:
    """What makes a synthetic voice.

    Parameters
    ----------
    tract_length
        Vocal-tract length in m: it scales all formants.
    centre_pitch, half_range
        Middle of the melodies and how far they go to either side, in semitones (MIDI).
    open_quotient
        Part of the glottal cycle in which air flows; small is pressed, large is soft.
    skew
        Part of the open phase in which the flow rises.
    tilt_frequency
        Hz above which the source loses another 6 dB per octave.
    breath
        Level of the aspiration noise against the voice, amplitude.
    vibrato_rate, vibrato_depth, vibrato_delay
        Hz, semitones, and the s a note lasts before its vibrato.
    jitter, shimmer
        Irregularity of the period and of the amplitude, relative.
    drift
        Slow wandering of the pitch, semitones.
    glide
        s that the pitch takes from note to note.
    formant_width
        Factor on the formants' bandwidths.
    ring
        Gain of the singer's formant near 3 kHz, amplitude added.
    nasality
        Depth of the nose's zero near 1 kHz, 0 to 1.
    diction
        Strength of the consonants.
    accent
        Own pronunciation: factors on the first two formants of each vowel.
    """

    tract_length: float
    centre_pitch: float
    half_range: float
    open_quotient: float
    skew: float
    tilt_frequency: float
    breath: float
    vibrato_rate: float
    vibrato_depth: float
    vibrato_delay: float
    jitter: float
    shimmer: float
    drift: float
    glide: float
    formant_width: float
    ring: float
    nasality: float
    diction: float
    accent: tuple[tuple[float, float], ...]

    @property
    def pitch_range(self) -> tuple[int, int]:
        """Lowest and highest MIDI number of the singer's melodies."""
        lowest = round(self.centre_pitch - self.half_range)
        return lowest, round(self.centre_pitch + self.half_range)


def singer_voice(singer: int, seed: int = 0) -> SingerVoice:
    """Draw the voice of a singer: the same numbers give the same voice."""
    rng = np.random.default_rng([seed, singer, 1])
    size = float(rng.uniform())  # 0 is a small and high voice, 1 a large and low one
    tract = _SHORTEST_TRACT + size * (_LONGEST_TRACT - _SHORTEST_TRACT)
    return SingerVoice(
        tract_length=float(np.clip(tract + rng.normal(0, 0.004), 0.134, 0.188)),
        centre_pitch=float(np.clip(69 - 16 * size + rng.normal(0, 2), 52, 71)),
        half_range=float(rng.uniform(6, 8)),
        open_quotient=float(rng.uniform(0.45, 0.85)),
        skew=float(rng.uniform(0.6, 0.82)),
        tilt_frequency=_log_uniform(rng, 1800, 9000),
        breath=_log_uniform(rng, 0.03, 0.5),
        vibrato_rate=float(rng.uniform(4.6, 6.8)),
        vibrato_depth=_log_uniform(rng, 0.15, 0.9),
        vibrato_delay=float(rng.uniform(0.05, 0.3)),
        jitter=_log_uniform(rng, 0.001, 0.008),
        shimmer=float(rng.uniform(0.02, 0.12)),
        drift=float(rng.uniform(0.05, 0.2)),
        glide=float(rng.uniform(0.02, 0.07)),
        formant_width=_log_uniform(rng, 0.8, 1.6),
        ring=float(rng.uniform(0, 1.8)),
        nasality=float(rng.uniform(0, 0.7)),
        diction=float(rng.uniform(0.5, 1.3)),
        accent=tuple(
            (float(first), float(second)) for first, second in rng.normal(1, 0.06, (N_VOWELS, 2))
        ),
    )


def varied_voice(voice: SingerVoice, rng: np.random.Generator) -> SingerVoice:
    """Return the voice as it is on one song: mood, microphone and day change it a little."""
    return replace(
        voice,
        tract_length=voice.tract_length * _spread(rng, 0.012),
        centre_pitch=voice.centre_pitch + float(rng.normal(0, 1.2)),
        open_quotient=min(0.92, voice.open_quotient * _spread(rng, 0.08)),
        tilt_frequency=voice.tilt_frequency * _spread(rng, 0.25),
        breath=voice.breath * _spread(rng, 0.3),
        vibrato_rate=voice.vibrato_rate * _spread(rng, 0.04),
        vibrato_depth=voice.vibrato_depth * _spread(rng, 0.25),
        formant_width=voice.formant_width * _spread(rng, 0.08),
        ring=voice.ring * _spread(rng, 0.2),
        diction=voice.diction * _spread(rng, 0.15),
    )


def _log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _spread(rng: np.random.Generator, deviation: float) -> float:
    return float(np.exp(rng.normal(0, deviation)))
