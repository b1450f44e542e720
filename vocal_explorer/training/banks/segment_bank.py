"""The vocal-active segments of songs, prepared once and read by memory map ever after."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.analysis.boundary import attempt
from vocal_explorer.analysis.track_listener import choose_segments
from vocal_explorer.audio.files import resample, to_channels
from vocal_explorer.base.config import MelConfig
from vocal_explorer.base.errors import AudioFileError, StorageError
from vocal_explorer.base.files import replacing
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Waveform
from vocal_explorer.base.records.tracks import INSTRUMENTAL_BELOW, Failure
from vocal_explorer.datasets.labelled import LabelledTrack
from vocal_explorer.datasets.signals import Signals, SignalSource
from vocal_explorer.features.segment_store import SegmentStore
from vocal_explorer.features.segments import level
from vocal_explorer.features.vocal_activity import vocal_presence
from vocal_explorer.training.banks.audio_bank import to_samples

INSTRUMENTAL = "there is not enough voice in it to train with"
_FORMAT = 1  # changes whenever the same signals would give another file


@dataclass(frozen=True)
class BankedSong:
    """A song's segments, int16 (n_segments, 2, n_samples): vocals and mix of the same time."""

    track: LabelledTrack
    segments: NDArray[np.int16]


@dataclass(frozen=True)
class Banked:
    """Songs to draw from; instrumentals and songs that failed are named instead."""

    songs: tuple[BankedSong, ...]
    instrumentals: tuple[Failure, ...]
    failures: tuple[Failure, ...]


class SegmentBank:
    """A folder with one file a song: the segments that the app would listen to.

    At most 48 segments of 3 s, spread over the song's vocal-active ones, leveled as the
    encoders hear them: 12.6 MB. An interruption leaves the songs that are done.

    Parameters
    ----------
    source
        Gives mixes and vocals.
    folder
        Where the files lie; one belongs to a source and to files of one size and time of
        change.
    config
        Says how long a segment is.
    """

    def __init__(self, source: SignalSource, folder: Path, config: MelConfig) -> None:
        self._source = source
        self._folder = folder
        self._config = config

    def open(self, tracks: Sequence[LabelledTrack], progress: Progress) -> Banked:
        """Return the segments of `tracks`; what is not there yet is made.

        Raises
        ------
        StorageError
            If they cannot be kept.
        """
        songs: list[BankedSong] = []
        instrumentals: list[Failure] = []
        failures: list[Failure] = []
        for number, track in enumerate(tracks):
            part = progress.part(number / len(tracks), (number + 1) / len(tracks))
            part.report(0.0, f"preparing {track.name}")
            segments = attempt(track.path, partial(self._segments, track, part))
            if isinstance(segments, Failure):
                failures.append(segments)
            elif len(segments):
                songs.append(BankedSong(track, segments))
            else:
                instrumentals.append(Failure(track.path, INSTRUMENTAL))
        return Banked(tuple(songs), tuple(instrumentals), tuple(failures))

    def _segments(self, track: LabelledTrack, progress: Progress) -> NDArray[np.int16]:
        place = self._place(track)
        if not place.exists():
            signals = self._source.load(track, progress)
            _save(place, cut_segments(signals, self._config))
        segments: NDArray[np.int16] = np.load(place, mmap_mode="r")
        return segments

    def _place(self, track: LabelledTrack) -> Path:
        files = [_stamp(path) for path in (track.mix, track.vocals, track.accompaniment)]
        config = [self._config.sample_rate, self._config.segment_samples]
        facts = [_FORMAT, self._source.key, files, track.start, track.seconds, config]
        digest = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:32]
        return self._folder / digest[:2] / f"{digest}.npy"


def cut_segments(signals: Signals, config: MelConfig) -> NDArray[np.int16]:
    """Return what is kept of a song, (n_segments, 2, n_samples); none of an instrumental."""
    half = config.segment_samples // 2
    with SegmentStore(half) as vocals, SegmentStore(half) as mix:
        for store, sound in ((vocals, signals.vocals), (mix, signals.mix)):
            mono = to_channels(sound, 1)
            store.write(resample(mono, signals.sample_rate, config.sample_rate)[0])
        if vocal_presence(vocals.half_levels(), mix.half_levels()) < INSTRUMENTAL_BELOW:
            return np.zeros((0, 2, 2 * half), np.int16)
        chosen = choose_segments(vocals.levels())
        both: Waveform = np.stack([level(store.read(chosen)) for store in (vocals, mix)], axis=1)
    return to_samples(both)


def _stamp(path: Path | None) -> tuple[str, int, int] | None:
    if path is None:
        return None
    try:
        status = path.stat()
    except OSError as error:
        raise AudioFileError(path, f"it cannot be opened ({error.strerror})") from error
    return ascii(str(path.absolute())), status.st_size, status.st_mtime_ns


def _save(place: Path, segments: NDArray[np.int16]) -> None:
    try:
        with replacing(place) as temporary, temporary.open("wb") as file:
            np.save(file, segments)
    except OSError as error:
        raise StorageError(
            f"Segments cannot be kept in {place.parent}: {error.strerror}."
        ) from error
