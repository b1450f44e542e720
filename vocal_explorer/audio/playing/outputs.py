"""The sound cards of this machine, by PortAudio."""

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.errors import DeviceError

LATENCY = 0.25  # s from a filled buffer to its sound; threads may wait for a busy processor

FillBuffer = Callable[[NDArray[np.float32]], None]
"""Fills an array of shape (n_samples, n_channels) with what is to be heard next."""


class OutputStream(Protocol):
    """A running connection to a sound card, which calls FillBuffer from its own thread."""

    @property
    def active(self) -> bool:
        """Whether it still asks for samples."""

    def close(self) -> None:
        """Stop at once and give the sound card back."""


class Outputs(Protocol):
    """The outputs that there are; an empty name is the system's default."""

    def names(self, *, refresh: bool) -> list[str]:
        """Return the outputs; looking for new ones (`refresh`) ends all streams."""
        ...

    def open(self, sample_rate: int, n_channels: int, fill: FillBuffer, name: str) -> OutputStream:
        """Start a stream at a sample rate in Hz, and say who fills its buffers."""
        ...


class SoundCards:
    """What PortAudio finds.

    Attributes
    ----------
    n_underruns
        How often a sound card got its samples too late, so that there was a gap.
    """

    def __init__(self) -> None:
        self.n_underruns = 0

    def names(self, *, refresh: bool) -> list[str]:
        """Return the names of the outputs, each once.

        Parameters
        ----------
        refresh
            Look for sound cards that were connected since; no stream may be open then.

        Raises
        ------
        DeviceError
            If PortAudio is not installed.
        """
        sounddevice = _portaudio()
        if refresh:
            sounddevice._terminate()  # PortAudio looks for sound cards only when it starts
            sounddevice._initialize()
        return list(dict.fromkeys(name for _, name in _found(sounddevice)))

    def open(
        self, sample_rate: int, n_channels: int, fill: FillBuffer, name: str = ""
    ) -> OutputStream:
        """Start a stream.

        Parameters
        ----------
        sample_rate
            Hz.
        n_channels
            Of the buffers.
        fill
            Fills them, in the stream's own thread.
        name
            One of `names`; the system's default output if empty.

        Raises
        ------
        DeviceError
            If PortAudio is not installed, or the output is gone or does not take this format.
        """
        sounddevice = _portaudio()

        def take(buffer: NDArray[np.float32], _n_samples: int, _time: Any, status: Any) -> None:
            self.n_underruns += bool(status.output_underflow)
            fill(buffer)

        try:
            stream = sounddevice.OutputStream(
                device=_number(sounddevice, name) if name else None,
                samplerate=sample_rate,
                channels=n_channels,
                dtype="float32",
                latency=LATENCY,
                callback=take,
            )
            stream.start()
        except (sounddevice.PortAudioError, ValueError) as error:
            raise DeviceError(_cannot_be_used(name)) from error
        started: OutputStream = stream
        return started


def _portaudio() -> Any:
    try:
        import sounddevice
    except OSError as error:
        raise DeviceError(
            "Nothing can be played because PortAudio is missing: install your system's"
            " package for it (Debian and Ubuntu: libportaudio2)."
        ) from error
    return sounddevice


def _found(sounddevice: Any) -> list[tuple[int, str]]:
    devices = sounddevice.query_devices()
    return [(i, d["name"]) for i, d in enumerate(devices) if d["max_output_channels"] > 0]


def _number(sounddevice: Any, name: str) -> int:
    for number, found in _found(sounddevice):
        if found == name:
            return number
    raise ValueError(name)


def _cannot_be_used(name: str) -> str:
    if name:
        return f"The output {name} cannot be used: connect it, or choose another one."
    return (
        "No sound output can be used: connect headphones or speakers, choose them as the"
        " system's output, and start Vocal Explorer again."
    )
