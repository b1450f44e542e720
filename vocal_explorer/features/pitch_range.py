"""How low and how high a voice sings, from the fundamental frequency of isolated vocals.

Frames are 46 ms. YIN (de Cheveigné & Kawahara 2002, librosa.yin) proposes a period for each;
a frame counts when it is loud, really repeats after that period, and is one of three in a row
at about the same pitch: breath, consonants, most leaks and most octave errors are not.
"""

import librosa
import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.records.signals import Waveform
from vocal_explorer.base.records.tracks import PitchRange

LOWEST = 65.0  # Hz, C2
HIGHEST = 1_100.0  # Hz, a little above C6
FRAME_SECONDS = 1024 / 22_050
PERIODICITY = 0.8  # correlation of a frame with itself one period later
BELOW_LOUD = 10 ** (-25 / 20)  # a frame this far under the loud ones is no singing
LOUD_PERCENTILE = 90
STEADY = 1.5  # semitones that a voice moves at most from one frame to the next
FEWEST_SECONDS = 1.0  # with less singing than this there is no range
RANGE_PERCENTILES = (5, 50, 95)  # what is left out is ornament and error

Pitches = NDArray[np.float64]


def pitch_range(segments: Waveform, sample_rate: int) -> PitchRange | None:
    """Return between which pitches the voice in segments of isolated vocals moves.

    Parameters
    ----------
    segments
        Of one recording at one level, (n_segments, n_samples).
    sample_rate
        Hz.

    Returns
    -------
    The 5th, 50th and 95th percentile of the sung time as MIDI note numbers, None when
    hardly any of it has a pitch, or samples are not numbers.
    """
    n_frame = round(FRAME_SECONDS * sample_rate)
    if not segments.size or segments.shape[1] < n_frame or not np.isfinite(segments).all():
        return None
    pitches = sung_pitches(segments, sample_rate)
    sung = pitches[np.isfinite(pitches)]
    if len(sung) * FRAME_SECONDS < FEWEST_SECONDS:
        return None
    low, median, high = np.percentile(sung, RANGE_PERCENTILES).tolist()
    return PitchRange(low, median, high)


def sung_pitches(segments: Waveform, sample_rate: int) -> Pitches:
    """Return the pitch of each frame, (n_segments, n_frames) MIDI note numbers; NaN: not sung.

    Parameters
    ----------
    segments
        Of one recording at one level, (n_segments, n_samples).
    sample_rate
        Hz.
    """
    n_frame = round(FRAME_SECONDS * sample_rate)
    frames = librosa.util.frame(segments, frame_length=n_frame, hop_length=n_frame, axis=-1)
    frames = np.ascontiguousarray(np.swapaxes(frames, -1, -2), dtype=np.float32)
    frequencies = librosa.yin(
        segments, fmin=LOWEST, fmax=HIGHEST, sr=sample_rate,
        frame_length=n_frame, hop_length=n_frame, center=False,
    )  # fmt: skip
    pitches = np.asarray(librosa.hz_to_midi(frequencies), dtype=np.float64)
    levels = np.sqrt(np.mean(np.square(frames), axis=-1))
    loud = levels >= max(BELOW_LOUD * np.percentile(levels, LOUD_PERCENTILE), 1e-6)
    periodic = periodicity(frames, sample_rate / frequencies) >= PERIODICITY
    pitches[~(loud & periodic)] = np.nan
    pitches[~_steady(pitches)] = np.nan
    return pitches


def periodicity(frames: Waveform, periods: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how well frames (..., n_samples) repeat after `periods` (...) samples, -1 to 1.

    The part of a frame that fits is correlated with what lies one period (rounded either
    way, whichever fits better) later.
    """
    whole = np.floor(periods).astype(np.int64)
    n_compared = frames.shape[-1] - int(whole.max()) - 1
    first = frames[..., :n_compared]
    later = whole[..., np.newaxis] + np.arange(n_compared + 1)
    shifted = np.take_along_axis(frames, later, axis=-1)
    return np.asarray(
        np.maximum(_correlation(first, shifted[..., :-1]), _correlation(first, shifted[..., 1:])),
        dtype=np.float64,
    )


def _correlation(first: Waveform, second: Waveform) -> Waveform:
    product = np.einsum("...i,...i->...", first, second)
    powers = np.einsum("...i,...i->...", first, first) * np.einsum("...i,...i->...", second, second)
    return np.asarray(product / np.maximum(np.sqrt(powers), 1e-12))


def _steady(pitches: Pitches) -> NDArray[np.bool_]:
    """Return which frames are among three in a row that are sung at about the same pitch."""
    close = np.abs(np.diff(pitches, axis=-1)) <= STEADY
    begins = np.pad(close[:, :-1] & close[:, 1:], ((0, 0), (2, 2)))
    return np.asarray(begins[:, 2:] | begins[:, 1:-1] | begins[:, :-2])
