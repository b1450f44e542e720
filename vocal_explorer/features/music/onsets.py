"""What a beat tracker hears: how much begins at each moment, and which pitches sound."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.records.signals import Waveform

SAMPLE_RATE = 22_050  # Hz
HOP = 256  # samples between frames of onsets: 11.6 ms
FRAME = 1024  # samples
N_MELS = 64
LOW = 150.0  # Hz; kick drums and basses are below
CHROMA_HOP = 2048  # samples
CHROMA_FRAME = 8192  # samples
FINE = 3  # bins a semitone, so that the tuning can be corrected afterwards
PITCHES = (55.0, 1760.0)  # Hz; between them pitches are heard
QUIET = 60.0  # dB under full scale; what is softer counts as nothing

Frames = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Onsets:
    """How much begins when, in dB a band, (n_frames,): in all bands, and below 150 Hz."""

    strength: Frames
    low: Frames


class OnsetListener:
    """Hears mono sound at 22.05 kHz piece by piece."""

    def __init__(self) -> None:
        import librosa

        self._mel = librosa.filters.mel(sr=SAMPLE_RATE, n_fft=FRAME, n_mels=N_MELS, fmin=30.0)
        centres = librosa.mel_frequencies(N_MELS + 2, fmin=30.0, fmax=SAMPLE_RATE / 2)[1:-1]
        self._n_low = int(np.searchsorted(centres, LOW))
        self._before = np.full((1, N_MELS), -QUIET, np.float32)
        self._frames = _Framer(FRAME, HOP, self._hear)
        self._strength, self._low = bytearray(), bytearray()  # small arrays would tear the memory

    def add(self, mono: Waveform) -> None:
        """Hear the next piece, (any length,)."""
        self._frames.add(mono)

    def onsets(self) -> Onsets:
        """Return what was heard, once all of it was."""
        self._frames.finish()
        return Onsets(np.frombuffer(self._strength, "f4"), np.frombuffer(self._low, "f4"))

    def _hear(self, spectra: Frames) -> None:
        levels = 10 * np.log10(np.square(spectra) @ self._mel.T + 10 ** (-QUIET / 10))
        rise = np.maximum(np.diff(levels, axis=0, prepend=self._before), 0)
        self._before = levels[-1:].copy()
        self._strength += rise.mean(axis=1).astype("f4").tobytes()
        self._low += rise[:, : self._n_low].mean(axis=1).astype("f4").tobytes()


class ChromaListener:
    """Hears which pitches sound in mono sound at 22.05 kHz."""

    def __init__(self) -> None:
        bins = _fine_chroma()
        heard = np.flatnonzero(bins.any(axis=0))
        self._heard = slice(heard[0], heard[-1] + 1)  # a sixth of all bins
        self._bins = np.ascontiguousarray(bins[:, self._heard].T)
        self._frames = _Framer(CHROMA_FRAME, CHROMA_HOP, self._hear)
        self._pitches = bytearray()

    def add(self, mono: Waveform) -> None:
        """Hear the next piece, (any length,)."""
        self._frames.add(mono)

    def chroma(self) -> Frames:
        """Return the energy of each third of a semitone, from C on, (n_frames, 36)."""
        self._frames.finish()
        return np.frombuffer(self._pitches, "f4").reshape(-1, 12 * FINE)

    def _hear(self, spectra: Frames) -> None:
        self._pitches += (spectra[:, self._heard] @ self._bins).astype("f4").tobytes()


class _Framer:
    """Cuts sound into frames around every hop's beginning, and gives their magnitudes on."""

    def __init__(self, frame: int, hop: int, take: Callable[[Frames], None]) -> None:
        self._window = np.hanning(frame + 1)[:-1].astype(np.float32) * 2 / frame
        self._frame, self._hop = frame, hop
        self._take = take
        self._rest = np.zeros(frame // 2, np.float32)

    def add(self, mono: Waveform) -> None:
        from scipy.fft import rfft

        samples = np.concatenate((self._rest, mono))
        n_frames = max(0, (len(samples) - self._frame) // self._hop + 1)
        if n_frames:
            every = np.lib.stride_tricks.sliding_window_view(samples, self._frame)
            frames = every[:: self._hop][:n_frames] * self._window
            self._take(np.abs(rfft(frames, axis=1)).astype(np.float32))
        self._rest = samples[n_frames * self._hop :].copy()

    def finish(self) -> None:
        self.add(np.zeros(self._frame // 2, np.float32))


def _fine_chroma() -> Frames:
    """Return which thirds of a semitone each bin belongs to, (36, n_bins)."""
    frequencies = np.fft.rfftfreq(CHROMA_FRAME, 1 / SAMPLE_RATE)
    heard = (frequencies >= PITCHES[0]) & (frequencies <= PITCHES[1])
    n_fine = 12 * FINE
    places = n_fine * np.log2(np.maximum(frequencies, 1.0) / 440.0) + 9 * FINE  # from C on
    distances = (places - np.arange(n_fine)[:, None] + n_fine / 2) % n_fine - n_fine / 2
    return np.asarray(np.exp(-0.5 * np.square(distances / 0.7)) * heard, np.float32)
