"""Voices as the app will hear them: mixed with music, then separated again."""

from collections.abc import Callable

import numpy as np

from vocal_explorer.audio.files import resample
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Waveform
from vocal_explorer.separation.separator import Separator, separate
from vocal_explorer.training.sampling.augment import SILENCE, rms

VOICE_OVER_MUSIC = (-5.0, 5.0)  # dB
PEAK = 0.7
PIECE_SECONDS = 12  # after which other music plays, at another level

PickMusic = Callable[[slice, np.random.Generator], Waveform]
"""Return stereo music, (2, any length), for the samples of a voice that are in the slice."""


def separated_voice(
    voice: Waveform,
    pick_music: PickMusic,
    separator: Separator,
    sample_rate: int,
    rng: np.random.Generator,
) -> Waveform:
    """Return what a separator finds of a voice in music, mono (n_samples,).

    Parameters
    ----------
    voice
        Mono, (n_samples,); it is in the middle of the stereo image.
    pick_music
        Asked every PIECE_SECONDS; what it returns is cut, or repeated.
    separator
        Its artefacts are what the vocal encoder must learn to ignore.
    sample_rate
        Of both, in Hz.
    rng
        Draws the music, and how loud it is.
    """
    loudness = max(rms(voice), SILENCE)
    mix = np.stack([voice, voice]).astype(np.float32)
    for start in range(0, len(voice), PIECE_SECONDS * sample_rate):
        place = slice(start, min(start + PIECE_SECONDS * sample_rate, len(voice)))
        music = _as_long(pick_music(place, rng), place.stop - start)
        gain = loudness / max(rms(music), SILENCE) * 10 ** (-rng.uniform(*VOICE_OVER_MUSIC) / 20)
        mix[:, place] += np.float32(gain) * music
    mix *= np.float32(PEAK / max(float(np.abs(mix).max()), SILENCE))
    stems = separate(separator, mix, sample_rate, Progress())
    found = stems.vocals.mean(axis=0, keepdims=True)
    separated: Waveform = resample(found, stems.sample_rate, sample_rate)[0]
    return separated


def _as_long(music: Waveform, n_samples: int) -> Waveform:
    """Cut or repeat music (2, any length) to `n_samples`."""
    times = -(-n_samples // max(music.shape[1], 1))
    return np.asarray(np.tile(music, times)[:, :n_samples], dtype=np.float32)
