"""The band of a synthetic artist: drums, bass and chords rendered from a score."""

from collections.abc import Callable, Iterator

import numpy as np
from scipy import signal

from vocal_explorer.base.records.signals import Waveform
from vocal_explorer.synthesis.score import BEATS_PER_BAR, Chord, Score
from vocal_explorer.synthesis.sound import add_at, midi_to_hz, reverberate, rms
from vocal_explorer.synthesis.style import (
    BASS_PATTERNS,
    CHORD_PATTERNS,
    DRUM_PATTERNS,
    STEPS_PER_BAR,
    ArtistStyle,
    Timbre,
)

_LOWEST_BASS = 28  # MIDI
_N_PARTIALS = 14
_HIGHEST_PARTIAL = 9000.0  # Hz
_RELEASE = 0.03  # s
_DRUMS_LEVEL, _BASS_LEVEL, _CHORDS_LEVEL = 0.07, 0.06, 0.05  # root mean squares


def play_band(
    score: Score, style: ArtistStyle, n_samples: int, sample_rate: int, rng: np.random.Generator
) -> Waveform:
    """Play the accompaniment of a song.

    Parameters
    ----------
    score
        Chords and beats.
    style
        How the band plays.
    n_samples, sample_rate
        Length and rate (Hz) of the result.
    rng
        Makes noises, the room and small inaccuracies.

    Returns
    -------
    Waveform
        (2, n_samples), drums, bass and chords together.
    """
    chords = _play_chords(score, style, n_samples, sample_rate)
    centre = _at_level(_play_drums(score, style, n_samples, sample_rate, rng), _DRUMS_LEVEL)
    centre = style.drum_level * centre
    bass = _at_level(_play_bass(score, style, n_samples, sample_rate), _BASS_LEVEL)
    band = style.chord_level * _at_level(chords, _CHORDS_LEVEL) + centre
    room = reverberate(band, sample_rate, rng, decay=style.room_decay, level=style.room_level)
    return room + style.bass_level * bass


def _at_level(sound: Waveform, level: float) -> Waveform:
    return sound * np.float32(level / max(rms(sound), 1e-6))


def _step_time(score: Score, style: ArtistStyle, bar: float, step: int) -> float:
    """When a sixteenth of a bar sounds; swing delays every second eighth."""
    sixteenth = score.beat_seconds * BEATS_PER_BAR / STEPS_PER_BAR
    late = style.swing * 2 * sixteenth if step % 4 == 2 else 0.0
    return bar + step * sixteenth + late


def _hits(pattern: str) -> Iterator[tuple[int, str]]:
    return ((step, sign) for step, sign in enumerate(pattern) if sign != ".")


def _play_drums(
    score: Score, style: ArtistStyle, n_samples: int, sample_rate: int, rng: np.random.Generator
) -> Waveform:
    drums = np.zeros(n_samples, dtype=np.float32)
    kit = (
        _kick(style.kick_pitch, sample_rate),
        _snare(style, sample_rate, rng),
        _hat(style.hat_brightness, sample_rate, rng),
    )
    for chord in score.chords:
        for sound, pattern in zip(kit, DRUM_PATTERNS[style.drums], strict=True):
            for step, _ in _hits(pattern):
                start = _step_time(score, style, chord.start, step)
                accent = np.float32(rng.uniform(0.85, 1.0) * (1.0 if step % 4 == 0 else 0.75))
                add_at(drums, accent * sound, start, sample_rate)
    return drums


def _kick(pitch: float, sample_rate: int) -> Waveform:
    time = np.arange(int(0.25 * sample_rate)) / sample_rate
    phase = 2 * np.pi * (pitch * time + 3.5 * pitch * 0.03 * (1 - np.exp(-time / 0.03)))
    click = np.exp(-time / 0.002)
    body = np.sin(phase) * np.exp(-time / 0.07)
    return np.asarray(1.2 * body + 0.3 * click * np.sin(20 * phase), dtype=np.float32)


def _snare(style: ArtistStyle, sample_rate: int, rng: np.random.Generator) -> Waveform:
    time = np.arange(int(0.22 * sample_rate)) / sample_rate
    tone = np.sin(2 * np.pi * style.snare_pitch * time) * np.exp(-time / 0.05)
    high = signal.butter(2, 900, "highpass", fs=sample_rate, output="sos")
    noise = signal.sosfilt(high, rng.standard_normal(time.size)) * np.exp(-time / 0.06)
    return np.asarray(0.5 * tone + 0.4 * style.snare_noise * noise, dtype=np.float32)


def _hat(brightness: float, sample_rate: int, rng: np.random.Generator) -> Waveform:
    time = np.arange(int(0.09 * sample_rate)) / sample_rate
    edge = min(4000 + 4500 * brightness, 0.4 * sample_rate)
    high = signal.butter(3, edge, "highpass", fs=sample_rate, output="sos")
    noise = signal.sosfilt(high, rng.standard_normal(time.size))
    level = 0.1 + 0.2 * brightness
    return np.asarray(level * noise * np.exp(-time / (0.015 + 0.02 * brightness)), np.float32)


def _play_bass(score: Score, style: ArtistStyle, n_samples: int, sample_rate: int) -> Waveform:
    bass = np.zeros(n_samples, dtype=np.float32)
    pattern, length = BASS_PATTERNS[style.bass]
    tone = _instrument(style.bass_timbre, _steps_seconds(score, length), sample_rate)
    for chord in score.chords:
        root = _LOWEST_BASS + (chord.pitches[0] - _LOWEST_BASS) % 12
        fifth = _LOWEST_BASS + (chord.pitches[2] - _LOWEST_BASS) % 12
        pitches = {"0": root, "5": fifth, "o": root + 12}
        for step, sign in _hits(pattern):
            start = _step_time(score, style, chord.start, step)
            add_at(bass, tone(pitches[sign]), start, sample_rate)
    return bass


def _play_chords(score: Score, style: ArtistStyle, n_samples: int, sample_rate: int) -> Waveform:
    """Play the chords, low tones more to the left and high ones to the right: (2, n_samples)."""
    sides = np.zeros((2, n_samples), dtype=np.float32)
    pattern, length = CHORD_PATTERNS[style.chords]
    tone = _instrument(style.chord_timbre, _steps_seconds(score, length), sample_rate)
    for chord in score.chords:
        voicing = _voicing(chord, style.chord_octave)
        for number, (step, sign) in enumerate(_hits(pattern)):
            start = _step_time(score, style, chord.start, step)
            places = range(len(voicing)) if sign == "x" else [number % len(voicing)]
            for place in places:
                left = np.float32(0.7 - 0.2 * place)
                sound = tone(voicing[place])
                add_at(sides[0], left * sound, start, sample_rate)
                add_at(sides[1], (1 - left) * sound, start, sample_rate)
    return sides


def _voicing(chord: Chord, lowest: int) -> list[int]:
    """Return the chord's pitches within the octave above `lowest`, as MIDI numbers."""
    return sorted(lowest + (pitch - lowest) % 12 for pitch in chord.pitches)


def _steps_seconds(score: Score, n_steps: int) -> float:
    return n_steps * score.beat_seconds * BEATS_PER_BAR / STEPS_PER_BAR


def _instrument(timbre: Timbre, seconds: float, sample_rate: int) -> Callable[[int], Waveform]:
    """Return a player of tones that remembers every pitch it has played."""
    played: dict[int, Waveform] = {}

    def tone(pitch: int) -> Waveform:
        if pitch not in played:
            played[pitch] = _tone(timbre, pitch, seconds, sample_rate)
        return played[pitch]

    return tone


def _tone(timbre: Timbre, pitch: int, seconds: float, sample_rate: int) -> Waveform:
    """One tone: partials of which the higher ones fade sooner."""
    time = np.arange(int((seconds + _RELEASE) * sample_rate), dtype=np.float32) / sample_rate
    frequency = float(midi_to_hz(pitch))
    sound = np.zeros(time.size, dtype=np.float32)
    for partial in range(1, _N_PARTIALS + 1):
        if partial * frequency > min(_HIGHEST_PARTIAL, 0.45 * sample_rate):
            break
        level = partial**-timbre.rolloff * (timbre.even if partial % 2 == 0 else 1.0)
        fade = np.exp(time * np.float32(-(1 + 0.15 * partial) / timbre.decay))
        angle = np.float32(2 * np.pi * frequency * partial) * time
        sound += np.float32(level) * fade * np.sin(angle)
        if timbre.detune:
            sound += np.float32(0.7 * level) * fade * np.sin(angle * np.float32(1 + timbre.detune))
    rise = np.minimum(time / np.float32(timbre.attack), 1)
    fall = np.clip((seconds + _RELEASE - time) / _RELEASE, 0, 1)
    return np.asarray(sound * rise * fall, dtype=np.float32)
