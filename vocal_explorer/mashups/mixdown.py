"""The last step of a mashup: both stems together, as loud as music is, never clipping."""

import numpy as np

from vocal_explorer.base.records.mashups import MASHUP_LOUDNESS
from vocal_explorer.base.records.signals import Stems, Waveform
from vocal_explorer.features.music.loudness import loudness

HIGHEST_PEAK = -1.0  # dBTP (EBU R 128); above it, players and encoders may clip
OVERSAMPLING = 4  # ITU-R BS.1770, annex 2
_BLOCK = 1 << 18  # samples
_CONTEXT = 64  # samples on both sides of a block, longer than the filter that oversamples


def true_peak(waveform: Waveform) -> float:
    """Return the largest absolute value between samples, too, of (n_channels, n_samples).

    The sound is oversampled four times for it (ITU-R BS.1770, annex 2).
    """
    from scipy.signal import resample_poly

    peak = float(np.abs(waveform).max(initial=0.0))
    padded = np.pad(waveform, ((0, 0), (_CONTEXT, _CONTEXT)))
    for start in range(0, waveform.shape[1], _BLOCK):
        block = padded[:, start : start + _BLOCK + 2 * _CONTEXT]
        dense = resample_poly(block, OVERSAMPLING, 1, axis=1)
        inside = dense[:, _CONTEXT * OVERSAMPLING : -_CONTEXT * OVERSAMPLING]
        peak = max(peak, float(np.abs(inside).max(initial=0.0)))
    return peak


def mix_down(stems: Stems, vocals_gain_db: float, accompaniment_gain_db: float) -> Stems:
    """Return the stems at their levels in the mashup, which is their sum.

    It gets a loudness of -14 LUFS, or as much as a true peak of -1 dBTP allows.
    """
    vocals = _amplified(stems.vocals, vocals_gain_db)
    accompaniment = _amplified(stems.accompaniment, accompaniment_gain_db)
    mashup = vocals + accompaniment
    peak, level = true_peak(mashup), loudness(mashup, stems.sample_rate)
    gain_db = MASHUP_LOUDNESS - level if np.isfinite(level) else 0.0
    if peak > 0:
        gain_db = min(gain_db, HIGHEST_PEAK - 20 * float(np.log10(peak)))
    return Stems(_amplified(vocals, gain_db), _amplified(accompaniment, gain_db), stems.sample_rate)


def _amplified(waveform: Waveform, decibels: float) -> Waveform:
    return np.asarray(waveform * np.float32(10 ** (decibels / 20)), np.float32)
