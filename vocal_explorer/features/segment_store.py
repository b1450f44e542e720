"""A long recording on disk: its levels are known at once, its segments are read back."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.errors import StorageError
from vocal_explorer.base.records.signals import Waveform

IN_MEMORY = 1 << 25  # bytes, 6 minutes at 22 kHz; longer sound goes to a temporary file
SAMPLE_BYTES = 4


class SegmentStore:
    """Takes mono sound piece by piece and cuts it into segments that overlap by half.

    All sound is covered; the last segment is filled up with zeros. Used as a context
    manager, it leaves nothing on the disk.

    Parameters
    ----------
    half
        Samples of half a segment.
    """

    def __init__(self, half: int) -> None:
        self._half = half
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - see __exit__
        self._powers: list[NDArray[np.float64]] = []
        self._waiting = np.zeros(0, np.float32)

    def __enter__(self) -> "SegmentStore":
        return self

    def __exit__(self, *_exception: object) -> None:
        self._file.close()

    def write(self, mono: Waveform) -> None:
        """Append sound of shape (n_samples,).

        Raises
        ------
        StorageError
            If there is no room for temporary files.
        """
        with _reported():
            self._file.write(np.ascontiguousarray(mono, dtype=np.float32).data)
        sound = np.concatenate((self._waiting, mono))
        n_whole = len(sound) // self._half * self._half
        self._powers.append(self._power_of(sound[:n_whole]))
        self._waiting = sound[n_whole:].copy()

    def half_levels(self) -> NDArray[np.float64]:
        """Return the root mean square of each half segment, (n_segments + 1,)."""
        return np.asarray(np.sqrt(self._power()))

    def levels(self) -> NDArray[np.float64]:
        """Return the root mean square of each segment, (n_segments,)."""
        power = self._power()
        return np.asarray(np.sqrt((power[:-1] + power[1:]) / 2))

    def read(self, segments: NDArray[np.int64]) -> Waveform:
        """Return the segments of these indices, (len(segments), 2 * half)."""
        sound = np.zeros((len(segments), 2 * self._half), np.float32)
        for row, index in zip(sound, segments.tolist(), strict=True):
            with _reported():
                self._file.seek(index * self._half * SAMPLE_BYTES)
                found = np.frombuffer(self._file.read(row.nbytes), np.float32)
            row[: len(found)] = found
        return sound

    def _power(self) -> NDArray[np.float64]:
        n_lacking = -len(self._waiting) % self._half
        power = np.concatenate(
            [*self._powers, self._power_of(np.pad(self._waiting, (0, n_lacking)))]
        )
        return np.pad(power, (0, max(0, 2 - len(power))))

    def _power_of(self, sound: Waveform) -> NDArray[np.float64]:
        windows = sound.reshape(-1, self._half)
        return np.asarray(np.square(windows, dtype=np.float64).mean(axis=1))


@contextmanager
def _reported() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        folder = Path(tempfile.gettempdir())
        raise StorageError(
            f"Temporary files cannot be kept in {folder}: {error.strerror}."
        ) from error
