"""Source-filter singing: a glottal pulse and breath through a moving vocal tract."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, uniform_filter1d

from vocal_explorer.base.records.signals import Waveform
from vocal_explorer.synthesis.score import Consonant, Note
from vocal_explorer.synthesis.sound import (
    add_at,
    frame_spectra,
    frame_times,
    midi_to_hz,
    overlap_add,
    rms,
)
from vocal_explorer.synthesis.voice import SingerVoice

Curve = NDArray[np.float64]  # one value a frame

_VOWELS = np.array(
    [
        [750, 1150, 2500],  # a
        [480, 1800, 2500],  # e
        [290, 2200, 2900],  # i
        [480, 850, 2450],  # o
        [320, 780, 2350],  # u
        [660, 1700, 2400],  # æ
        [500, 1400, 2450],  # ə
    ],
    dtype=np.float64,
)  # Hz, for a tract of _NEUTRAL_TRACT m
_NEUTRAL_TRACT = 0.175  # m
_WIDTHS = np.array([70.0, 90.0, 130.0])  # Hz
_UPPER_FORMANTS = tuple((3500.0 + 1000 * k, 200.0 + 70 * k) for k in range(9))  # Hz: centre, width
_SIBILANTS = (3600.0, 5200.0, 7000.0)  # Hz
_MARGIN = 0.35  # s of room around a phrase: consonants before, the release after
_LEVEL = 0.1  # root mean square of a phrase
_LEVELLING = 0.5  # how much of the vowels' loudness differences (in dB) is evened out


@dataclass
class _Gesture:
    """What throat and mouth do, frame by frame."""

    time: Curve  # s
    voicing: Curve  # amplitude
    aspiration: Curve  # amplitude
    frication: Curve  # amplitude
    sibilance: Curve  # Hz
    formants: NDArray[np.float64]  # (n_frames, 3), Hz

    def within(self, start: float, stop: float) -> NDArray[np.bool_]:
        """Return which frames lie between two times."""
        return (self.time >= start) & (self.time < stop)


def sing(
    voice: SingerVoice,
    phrases: tuple[tuple[Note, ...], ...],
    n_samples: int,
    sample_rate: int,
    rng: np.random.Generator,
) -> Waveform:
    """Sing a melody.

    Parameters
    ----------
    voice
        Who sings.
    phrases
        The melody; between phrases there is silence.
    n_samples, sample_rate
        Length and rate (Hz) of the result.
    rng
        Makes breath, jitter and accents.

    Returns
    -------
    Waveform
        (n_samples,), with a root mean square of 0.1 while it sounds.
    """
    vocals = np.zeros(n_samples, dtype=np.float32)
    for notes in phrases:
        start = max(0.0, notes[0].start - _MARGIN)
        length = round((notes[-1].stop + _MARGIN - start) * sample_rate)
        local = tuple(replace(note, start=note.start - start) for note in notes)
        sound = _sing_phrase(voice, local, length, sample_rate, rng)
        add_at(vocals, sound, start, sample_rate)
    return vocals


def sounding(
    phrases: tuple[tuple[Note, ...], ...], n_samples: int, sample_rate: int
) -> NDArray[np.bool_]:
    """Tell for every sample whether a note is being sung."""
    sung = np.zeros(n_samples, dtype=np.bool_)
    for notes in phrases:
        for note in notes:
            sung[round(note.start * sample_rate) : round(note.stop * sample_rate)] = True
    return sung


def _sing_phrase(
    voice: SingerVoice,
    notes: tuple[Note, ...],
    n_samples: int,
    sample_rate: int,
    rng: np.random.Generator,
) -> Waveform:
    n_fft = 1024 if sample_rate > 32_000 else 512
    time = frame_times(n_samples, n_fft, sample_rate)
    pitch = _pitch_curve(voice, notes, time, rng)
    gesture = _articulate(voice, notes, time, rng)
    gesture.formants[:, 0] = np.maximum(gesture.formants[:, 0], 1.05 * pitch)
    flow, noise = _throat(voice, pitch, gesture, n_samples, sample_rate, rng)
    frequency = np.fft.rfftfreq(n_fft, 1 / sample_rate).astype(np.float32)
    tract = _tract(gesture.formants, voice, frequency)
    voiced = frame_spectra(flow, n_fft) * _fixed_voiced(voice, frequency) * tract
    breath = tract * gesture.aspiration[:, None].astype(np.float32)
    hiss = _hiss(gesture.sibilance, frequency) * gesture.frication[:, None].astype(np.float32)
    sound = overlap_add(voiced + frame_spectra(noise, n_fft) * (breath + hiss), n_samples)
    return _levelled(sound, sounding((notes,), n_samples, sample_rate), sample_rate)


def _levelled(sound: Waveform, sung: NDArray[np.bool_], sample_rate: int) -> Waveform:
    """Even out loud and soft vowels as a singer and a compressor do; 0.1 RMS while sung."""
    size = sample_rate // 8
    energy = uniform_filter1d(np.square(sound), size)
    reference = float(np.mean(energy[sung]))
    floor = 0.05 * reference
    even = sound * (np.maximum(energy, floor) / reference) ** (-_LEVELLING / 2)
    return np.asarray(even * (_LEVEL / rms(even[sung])), dtype=np.float32)


def _pitch_curve(
    voice: SingerVoice, notes: tuple[Note, ...], time: Curve, rng: np.random.Generator
) -> Curve:
    """Fundamental frequency in Hz: notes, glides, vibrato, drift and jitter."""
    index = np.clip(np.searchsorted([note.start for note in notes], time, "right") - 1, 0, None)
    pitch = np.array([note.pitch for note in notes], dtype=np.float64)[index]
    frame = time[1] - time[0]
    pitch = gaussian_filter1d(pitch, voice.glide / 2 / frame)
    age = time - np.array([note.start for note in notes])[index]
    onset = np.clip((age - voice.vibrato_delay) / 0.25, 0, 1)
    phase = 2 * np.pi * voice.vibrato_rate * time + rng.uniform(0, 2 * np.pi)
    pitch += voice.vibrato_depth * onset * np.sin(phase)
    wander = gaussian_filter1d(rng.standard_normal(time.size), 0.15 / frame)
    pitch += voice.drift * wander / (np.std(wander) + 1e-9)
    hertz = midi_to_hz(pitch)
    return np.asarray(hertz * (1 + voice.jitter * rng.standard_normal(time.size)))


def _articulate(
    voice: SingerVoice, notes: tuple[Note, ...], time: Curve, rng: np.random.Generator
) -> _Gesture:
    """Turn syllables into movements: vowels glide, consonants close or narrow the mouth."""
    frame = time[1] - time[0]
    starts = np.array([note.start for note in notes])
    index = np.clip(np.searchsorted(starts, time, "right") - 1, 0, None)
    vowels = _VOWELS * (_NEUTRAL_TRACT / voice.tract_length)
    vowels[:, :2] *= np.array(voice.accent)
    sung = (time >= notes[0].start) & (time < notes[-1].stop - 0.05)
    stress = rng.uniform(0.75, 1.0, len(notes))
    gesture = _Gesture(
        time=time,
        voicing=sung * stress[index],
        aspiration=np.where(sung, voice.breath, 0.0),
        frication=np.zeros(time.size),
        sibilance=np.full(time.size, _SIBILANTS[1]),
        formants=vowels[np.array([note.vowel for note in notes])[index]],
    )
    for note in notes:
        _start_syllable(gesture, note, voice.diction, rng)
    gesture.formants = gaussian_filter1d(gesture.formants, 0.018 / frame, axis=0)
    gesture.voicing = gaussian_filter1d(gesture.voicing, 0.012 / frame)
    gesture.voicing *= 1 + voice.shimmer * rng.standard_normal(time.size)
    gesture.aspiration = gaussian_filter1d(gesture.aspiration, 0.015 / frame)
    gesture.frication = gaussian_filter1d(gesture.frication, 0.008 / frame)
    return gesture


def _start_syllable(
    gesture: _Gesture, note: Note, diction: float, rng: np.random.Generator
) -> None:
    start = note.start
    before = gesture.within(start - 0.07, start)
    after = gesture.within(start, start + 0.06)
    if note.consonant is Consonant.STOP:
        gesture.voicing[before] = 0
        gesture.aspiration[before] = 0
        gesture.frication[gesture.within(start - 0.012, start + 0.012)] = 0.5 * diction
        gesture.sibilance[before | after] = rng.choice((900.0, 2000.0, 3800.0))
    elif note.consonant is Consonant.FRICATIVE:
        narrow = gesture.within(start - 0.09, start + 0.01)
        gesture.voicing[narrow] *= rng.choice((0.0, 0.3))
        gesture.frication[narrow] = 0.25 * diction
        gesture.sibilance[narrow] = rng.choice(_SIBILANTS)
    elif note.consonant is Consonant.BREATHED:
        gesture.voicing[before] = 0
        gesture.aspiration[before] = 0.12 * diction
    elif note.consonant is Consonant.NASAL:
        gesture.voicing[before] *= 0.4
        gesture.formants[before] = (260.0, 1100.0, 2300.0)
    elif note.consonant is Consonant.LIQUID:
        gesture.voicing[before] *= 0.7
        gesture.formants[before] *= (0.7, 0.8, 0.75)


def _throat(
    voice: SingerVoice,
    pitch: Curve,
    gesture: _Gesture,
    n_samples: int,
    sample_rate: int,
    rng: np.random.Generator,
) -> tuple[Waveform, Waveform]:
    """Glottal flow, and noise that is stronger while the glottis is open."""
    seconds = np.arange(n_samples) / sample_rate
    phase = np.cumsum(np.interp(seconds, gesture.time, pitch) / sample_rate)
    flow = glottal_flow((phase % 1.0).astype(np.float32), voice.open_quotient, voice.skew)
    voicing = np.interp(seconds, gesture.time, gesture.voicing).astype(np.float32)
    noise = rng.standard_normal(n_samples, dtype=np.float32)
    return flow * voicing, noise * (1 - voicing * (1 - flow) * 0.8)


def glottal_flow(phase: Waveform, open_quotient: float, skew: float) -> Waveform:
    """Flow through the glottis after Rosenberg: rises smoothly, falls faster, then stays shut.

    Parameters
    ----------
    phase
        Place in the cycle, [0, 1).
    open_quotient
        Part of the cycle in which the glottis is open.
    skew
        Part of the open time in which the flow rises.

    Returns
    -------
    Waveform
        Flow in [0, 1], shape of `phase`.
    """
    peak = open_quotient * skew
    rise = phase / peak
    fall = (phase - peak) / (open_quotient - peak)
    rising = rise * rise * (3 - 2 * rise)
    falling = np.maximum(1 - fall * fall, 0)
    return np.asarray(np.where(phase < peak, rising, falling), dtype=np.float32)


def _resonance(
    frequency: Waveform, centre: Waveform | np.float32, width: np.float32
) -> NDArray[np.complex64]:
    """Second-order resonance with gain 1 at 0 Hz."""
    square = centre * centre
    response: NDArray[np.complex64] = square / (
        square - frequency * frequency + 1j * frequency * width
    )
    return response


def _tract(
    formants: NDArray[np.float64], voice: SingerVoice, frequency: Waveform
) -> NDArray[np.complex64]:
    """Response of the whole tract, (n_frames, n_bins): three moving formants, then fixed ones."""
    response = np.broadcast_to(_upper_tract(voice, frequency), (len(formants), frequency.size))
    for place, width in enumerate(_WIDTHS * voice.formant_width):
        centre = formants[:, place : place + 1].astype(np.float32)
        resonance = _resonance(frequency, centre, np.float32(width))
        response = np.multiply(response, resonance, dtype=np.complex64)
    return response


def _upper_tract(voice: SingerVoice, frequency: Waveform) -> NDArray[np.complex64]:
    scale = _NEUTRAL_TRACT / voice.tract_length
    response = np.ones(frequency.size, dtype=np.complex64)
    for centre, width in _UPPER_FORMANTS:
        response *= _resonance(
            frequency, np.float32(centre * scale), np.float32(width * voice.formant_width)
        )
    ring = voice.ring * np.exp(-(((frequency - 2900 * scale) / 450) ** 2))
    nose = voice.nasality * np.exp(-(((frequency - 1000 * scale) / 180) ** 2))
    presence = 2 * frequency**2 / (frequency**2 + 2500.0**2)  # as engineers lift the treble
    return np.asarray(response * (1 + ring) * (1 - nose) * (1 + presence), dtype=np.complex64)


def _fixed_voiced(voice: SingerVoice, frequency: Waveform) -> NDArray[np.complex64]:
    """Radiation at the lips (6 dB an octave up), tilt of the source, nothing below 60 Hz."""
    radiation = 1j * frequency / 200
    tilt = 1 / (1 + 1j * frequency / voice.tilt_frequency)
    audible = frequency**2 / (frequency**2 + 60.0**2)
    return np.asarray(radiation * tilt * audible, dtype=np.complex64)


def _hiss(sibilance: Curve, frequency: Waveform) -> Waveform:
    octaves = np.log2((frequency[None, :] + 1) / sibilance[:, None].astype(np.float32))
    return np.asarray(np.exp(-((octaves / 0.45) ** 2)), dtype=np.float32)
