"""Voices as the app will hear them: mixed with music, then separated again."""

import numpy as np

from vocal_explorer.audio.files import resample
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Waveform
from vocal_explorer.separation.separator import Separator, separate
from vocal_explorer.training.sampling.augment import SILENCE, rms

VOICE_OVER_MUSIC = (-3.0, 7.0)  # dB
PEAK = 0.7


def separated_voice(
    voice: Waveform,
    music: Waveform,
    separator: Separator,
    sample_rate: int,
    rng: np.random.Generator,
) -> Waveform:
    """Return what a separator finds of a voice in music, mono (n_samples,).

    Parameters
    ----------
    voice
        Mono, (n_samples,).
    music
        Mono, of any length: it is cut, or repeated.
    separator
        Its artefacts are what the vocal encoder must learn to ignore.
    sample_rate
        Of both, in Hz.
    rng
        Draws how loud the music is.
    """
    music = np.resize(music, len(voice))
    loudness = max(rms(voice), SILENCE) / max(rms(music), SILENCE)
    mix = voice + music * loudness * 10 ** (-rng.uniform(*VOICE_OVER_MUSIC) / 20)
    mix = np.asarray(mix * (PEAK / max(float(np.abs(mix).max()), SILENCE)), dtype=np.float32)
    stems = separate(separator, mix[None], sample_rate, Progress())
    found = stems.vocals.mean(axis=0, keepdims=True)
    separated: Waveform = resample(found, stems.sample_rate, sample_rate)[0]
    return separated
