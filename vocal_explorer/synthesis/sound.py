"""Small signal tools that synthetic voices and bands share."""

import numpy as np
from numpy.typing import NDArray
from scipy import fft, signal

from vocal_explorer.base.records.signals import Waveform

_OVERLAP = 4


def midi_to_hz(pitch: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Frequency in Hz of a MIDI number."""
    return np.asarray(440.0 * 2.0 ** ((np.asarray(pitch) - 69.0) / 12.0), dtype=np.float64)


def rms(waveform: Waveform) -> float:
    """Root mean square over all samples; 0 without any."""
    return float(np.sqrt(np.mean(np.square(waveform), dtype=np.float64))) if waveform.size else 0.0


def frame_spectra(waveform: Waveform, n_fft: int) -> NDArray[np.complex64]:
    """Hann-windowed spectra with hop n_fft / 4: (n_samples,) to (n_frames, n_fft / 2 + 1)."""
    padded = np.pad(waveform, (n_fft, n_fft))
    frames = np.lib.stride_tricks.sliding_window_view(padded, n_fft)[:: n_fft // _OVERLAP]
    spectra: NDArray[np.complex64] = fft.rfft(frames * _window(n_fft), axis=1)
    return spectra


def frame_times(n_samples: int, n_fft: int, sample_rate: int) -> NDArray[np.float64]:
    """Centre of every frame of `frame_spectra`, in s."""
    n_frames = (n_samples + n_fft) // (n_fft // _OVERLAP) + 1
    return (np.arange(n_frames) * (n_fft // _OVERLAP) - n_fft / 2) / sample_rate


def overlap_add(spectra: NDArray[np.complex64], n_samples: int) -> Waveform:
    """Turn (filtered) frame spectra back into a waveform, shape (n_samples,)."""
    n_fft = 2 * (spectra.shape[1] - 1)
    hop = n_fft // _OVERLAP
    frames = fft.irfft(spectra, axis=1) * (_window(n_fft) / 1.5)
    blocks = frames.reshape(len(frames), _OVERLAP, hop)
    total = np.zeros((len(frames) + _OVERLAP - 1, hop), dtype=np.float32)
    for part in range(_OVERLAP):
        total[part : part + len(frames)] += blocks[:, part]
    return total.ravel()[n_fft : n_fft + n_samples]


def reverberate(
    waveform: Waveform,
    sample_rate: int,
    rng: np.random.Generator,
    *,
    decay: float,
    level: float,
) -> Waveform:
    """Add a stereo room to a mono or stereo signal.

    Parameters
    ----------
    waveform
        (n_samples,) or (2, n_samples).
    decay
        Seconds until the room is 60 dB down.
    level
        Amplitude of the room's sound against the direct sound.

    Returns
    -------
    Waveform
        (2, n_samples); the tail is cut at the end.
    """
    time = np.arange(int(decay * sample_rate), dtype=np.float32) / sample_rate
    tail = rng.standard_normal((2, time.size), dtype=np.float32) * np.exp(-6.9 * time / decay)
    tail = signal.lfilter([0.35], [1.0, -0.65], tail, axis=1)  # rooms swallow the highs
    tail *= level / np.sqrt(np.mean(np.sum(np.square(tail), axis=1)))
    tail = tail.astype(np.float32)  # convolves twice as fast
    dry = np.broadcast_to(waveform, (2, waveform.shape[-1]))
    wet = signal.oaconvolve(dry, tail, axes=1)[:, : waveform.shape[-1]]
    return np.asarray(dry + wet, dtype=np.float32)


def add_at(target: Waveform, sound: Waveform, start: float, sample_rate: int) -> None:
    """Add a mono sound to a mono target from `start` s on; what reaches past the end is cut."""
    first = round(start * sample_rate)
    stop = min(first + sound.shape[-1], target.shape[-1])
    if first < stop:
        target[first:stop] += sound[: stop - first]


def _window(n_fft: int) -> Waveform:
    return np.asarray(signal.get_window("hann", n_fft), dtype=np.float32)
