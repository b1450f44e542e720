"""Voices as the app will hear them: mixed with music, then separated again."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from vocal_explorer.audio.io import resample
from vocal_explorer.progress import Progress
from vocal_explorer.records import Waveform
from vocal_explorer.separation.separator import Separator, separate
from vocal_explorer.training.audio_bank import FULL_SCALE, Clip
from vocal_explorer.training.augment import SILENCE, rms

MAX_SECONDS = 45  # of each clip


def separated_clips(
    vocals: Sequence[Clip],
    accompaniment: Sequence[Clip],
    separator: Separator,
    sample_rate: int,
    cache: Path,
    *,
    seed: int,
    progress: Progress,
) -> dict[Path, Clip]:
    """Return, by path, each clip mixed at -3 to 9 dB with random music and separated.

    Parameters
    ----------
    vocals, accompaniment
        Mono clips at `sample_rate` Hz.
    separator
        Its artefacts are what the vocal encoder must learn to ignore.
    cache
        Folder of results of earlier calls.
    seed
        Of music and level.
    """
    cache.mkdir(parents=True, exist_ok=True)
    partner = {clip.recording.song: clip for clip in accompaniment}
    result: dict[Path, Clip] = {}
    for number, clip in enumerate(vocals):
        progress.report(number / len(vocals), f"separating {clip.recording.path.name}")
        rng = np.random.default_rng((seed, number))
        key = f"{clip.recording.path}|{separator.version}|{seed}|{number}"
        file = cache / (hashlib.sha256(key.encode()).hexdigest()[:20] + ".npy")
        if not file.exists():
            music = partner.get(clip.recording.song)
            if music is None:
                music = accompaniment[int(rng.integers(len(accompaniment)))]
            length = min(clip.n_samples, MAX_SECONDS * sample_rate)
            mix = _mix(clip.slice(0, length), _from_anywhere(music, length, rng, clip), rng)
            stems = separate(separator, mix, sample_rate, Progress())
            voice = resample(
                stems.vocals.mean(axis=0, keepdims=True), stems.sample_rate, sample_rate
            )
            samples = np.clip(voice * FULL_SCALE, -FULL_SCALE, FULL_SCALE).astype(np.int16)
            np.save(file, samples)
        result[clip.recording.path] = Clip(clip.recording, np.load(file))
    return result


def _from_anywhere(music: Clip, length: int, rng: np.random.Generator, clip: Clip) -> Waveform:
    if music.recording.song == clip.recording.song:
        return music.slice(0, length)
    start = int(rng.integers(max(1, music.n_samples - length)))
    piece = music.slice(start, min(length, music.n_samples))
    return np.tile(piece, -(-length // piece.shape[1]))[:, :length]


def _mix(voice: Waveform, music: Waveform, rng: np.random.Generator) -> Waveform:
    loudness = max(rms(voice), SILENCE) / max(rms(music), SILENCE)
    mix = voice + music * loudness * 10 ** (-rng.uniform(-3, 9) / 20)
    return np.asarray(mix * (0.7 / max(float(np.abs(mix).max()), SILENCE)), dtype=np.float32)
