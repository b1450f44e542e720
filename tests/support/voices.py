"""Toy singers: harmonic tones with a spectral envelope of their own."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from vocal_explorer.base.config import MelConfig
from vocal_explorer.datasets.manifest import Recording
from vocal_explorer.features.mel import LogMel
from vocal_explorer.training.banks.audio_bank import FULL_SCALE, Clip
from vocal_explorer.training.banks.byte_mels import ByteMels, to_byte_mels
from vocal_explorer.training.banks.voice_bank import RATIOS, Music, Version, Voice

RATE = 22_050


def recording(path: str, singer: str, domain: str = "vocals", source: str = "toy") -> Recording:
    return Recording(Path(path), singer, domain, source, "none", 6.0)


def clip(entry: Recording, waveform: np.ndarray) -> Clip:
    return Clip(entry, (waveform * FULL_SCALE).astype(np.int16)[None])


def tones(n_singers: int, n_songs: int, source: str = "toy") -> Iterator[Clip]:
    time = np.arange(6 * RATE) / RATE
    for singer in range(n_singers):
        formant = 500 + 500 * singer
        for song in range(n_songs):
            pitch = 150 + 40 * song
            harmonics = np.arange(1, 40) * pitch
            gains = np.exp(-(((harmonics - formant) / 300) ** 2)) + 0.01
            waveform = sum(
                g * np.sin(2 * np.pi * h * time) for g, h in zip(gains, harmonics, strict=True)
            )
            name = f"{source}/singer{singer}/song{song}/vocals.wav"
            entry = recording(name, f"{source}{singer}", source=source)
            yield clip(entry, 0.3 * waveform / np.abs(waveform).max())


def noises(rng: np.random.Generator, n: int = 2) -> list[Clip]:
    return [
        clip(
            recording(f"music/{i}.wav", f"band{i}", "accompaniment"),
            np.clip(rng.normal(0, 0.1, 6 * RATE), -1, 1),
        )
        for i in range(n)
    ]


def byte_mels(sound: Clip) -> ByteMels:
    return to_byte_mels(sound.slice(0, sound.n_samples)[0], LogMel(MelConfig()))


def voice(sound: Clip) -> Voice:
    entry = sound.recording
    version = Version(byte_mels(sound))
    return Voice(entry.singer, entry.song, entry.source, False, dict.fromkeys(RATIOS, version))


def voices(n_singers: int, n_songs: int, source: str = "toy") -> list[Voice]:
    return [voice(sound) for sound in tones(n_singers, n_songs, source)]


def music(rng: np.random.Generator, n: int = 2) -> list[Music]:
    return [Music(noise.recording.song, byte_mels(noise)) for noise in noises(rng, n)]
