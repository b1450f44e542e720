"""Play one waveform at a time, with seeking, over any stream that asks for samples."""

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.audio.convert import to_channels
from vocal_explorer.errors import DeviceError
from vocal_explorer.records import Waveform

_N_CHANNELS = 2
_LATENCY = 0.15  # s; long enough for a process that is busy with an analysis
_TAIL = 0.2  # s of silence after the end, so that the sound card has played all it was given

FillBuffer = Callable[[NDArray[np.float32]], None]
"""Fills an array of shape (n_samples, n_channels) with what is to be heard next."""


class OutputStream(Protocol):
    """A running connection to a sound card, which calls FillBuffer from its own thread."""

    @property
    def active(self) -> bool:
        """Whether it still asks for samples."""

    def close(self) -> None:
        """Stop at once and give the sound card back."""


OpenStream = Callable[[int, int, FillBuffer], OutputStream]
"""Starts a stream, given a sample rate in Hz, a number of channels, and who fills its buffers."""


def open_sound_card(sample_rate: int, n_channels: int, fill: FillBuffer) -> OutputStream:
    """Start a stream to the system's default output.

    Raises
    ------
    DeviceError
        If PortAudio is not installed, or there is no output that takes this format.
    """
    try:
        import sounddevice
    except OSError as error:
        raise DeviceError(
            "Nothing can be played because PortAudio is missing: install your system's"
            " package for it (Debian and Ubuntu: libportaudio2)."
        ) from error
    try:
        stream = sounddevice.OutputStream(
            samplerate=sample_rate,
            channels=n_channels,
            dtype="float32",
            latency=_LATENCY,
            callback=lambda buffer, _n_samples, _time, _status: fill(buffer),
        )
        stream.start()
    except (sounddevice.PortAudioError, ValueError) as error:
        raise DeviceError(
            "No sound output can be used: connect headphones or speakers, choose them as the"
            " system's output, and start Vocal Explorer again."
        ) from error
    started: OutputStream = stream
    return started


class _Reel:
    """Samples with a reading head that only the stream's thread moves."""

    def __init__(self, samples: NDArray[np.float32], sample_rate: int, head: int = 0) -> None:
        self.samples = samples
        self.sample_rate = sample_rate
        self.head = min(max(head, 0), len(samples))

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.sample_rate

    @property
    def ended(self) -> bool:
        return self.head >= len(self.samples) + _TAIL * self.sample_rate

    def wound_to(self, seconds: float) -> "_Reel":
        return _Reel(self.samples, self.sample_rate, round(seconds * self.sample_rate))


class Player:
    """Plays, pauses and seeks one waveform; to be polled for where it is.

    Changes are made by putting another reel in place of the old one, which the stream's thread
    sees at its next buffer: it never waits for anybody.

    Parameters
    ----------
    open_stream
        How to reach a sound card; called at the first `play`, and when the sample rate changes.
    """

    def __init__(self, open_stream: OpenStream = open_sound_card) -> None:
        self._open_stream = open_stream
        self._stream: OutputStream | None = None
        self._stream_rate = 0
        self._reel = _Reel(np.zeros((0, _N_CHANNELS), np.float32), 1)
        self._wanted = False

    @property
    def playing(self) -> bool:
        """Whether something is to be heard now."""
        return self._wanted and not self._reel.ended and self._stream_is_active()

    @property
    def finished(self) -> bool:
        """Whether a loaded waveform was played to its end."""
        return self._reel.ended and len(self._reel.samples) > 0

    @property
    def position(self) -> float:
        """Where the reading head is, in seconds."""
        return min(self._reel.head / self._reel.sample_rate, self.duration)

    @property
    def duration(self) -> float:
        """Length of what is loaded, in seconds."""
        return self._reel.seconds

    def load(self, waveform: Waveform, sample_rate: int, *, keep_position: bool = False) -> None:
        """Put in another waveform; if one is playing, the new one goes on playing.

        Parameters
        ----------
        waveform
            Shape (n_channels, n_samples) or (n_samples,); heard in stereo.
        sample_rate
            Hz.
        keep_position
            Go on at the same second instead of at the beginning.

        Raises
        ------
        DeviceError
            If something is playing and the sound card does not take the new sample rate.
        """
        was_playing = self.playing
        position = self.position if keep_position else 0.0
        samples = np.ascontiguousarray(to_channels(waveform, _N_CHANNELS).T, dtype=np.float32)
        if sample_rate != self._stream_rate:
            self._release_stream()
        self._reel = _Reel(samples, sample_rate).wound_to(position)
        self._wanted = was_playing
        if was_playing:
            self._ensure_stream()

    def play(self) -> None:
        """Go on from where it is, or from the beginning if it is at its end.

        With nothing loaded, nothing happens.

        Raises
        ------
        DeviceError
            If there is no sound card that can be used.
        """
        if not len(self._reel.samples):
            return
        if self.finished:
            self._reel = self._reel.wound_to(0.0)
        self._ensure_stream()
        self._wanted = True

    def pause(self) -> None:
        """Be silent, and stay where it is."""
        self._wanted = False

    def stop(self) -> None:
        """Be silent, go back to the beginning, and give the sound card back."""
        self.close()
        self._reel = self._reel.wound_to(0.0)

    def seek(self, seconds: float) -> None:
        """Go to a second, at most to the end."""
        self._wanted = self.playing
        self._reel = self._reel.wound_to(seconds)

    def close(self) -> None:
        """Be silent and give the sound card back; `play` takes it again."""
        self._wanted = False
        self._release_stream()

    def _release_stream(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()

    def _stream_is_active(self) -> bool:
        return self._stream is not None and self._stream.active

    def _ensure_stream(self) -> None:
        if not self._stream_is_active():
            self._release_stream()
            self._stream_rate = self._reel.sample_rate
            self._stream = self._open_stream(self._stream_rate, _N_CHANNELS, self._fill)

    def _fill(self, buffer: NDArray[np.float32]) -> None:
        reel = self._reel
        n_wanted = len(buffer) if self._wanted else 0
        played = reel.samples[reel.head : reel.head + n_wanted]
        buffer[: len(played)] = played
        buffer[len(played) :] = 0
        reel.head += n_wanted
