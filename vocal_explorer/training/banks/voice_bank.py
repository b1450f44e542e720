"""All that is prepared of a manifest's recordings before batches are drawn from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

from vocal_explorer.audio.content_id import content_id
from vocal_explorer.audio.files import read_audio
from vocal_explorer.base.config import MelConfig
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Embedding, Waveform
from vocal_explorer.datasets.manifest import Recording
from vocal_explorer.features.mel import LogMel
from vocal_explorer.separation.separator import Separator
from vocal_explorer.synthesis.songs import synthetic_song
from vocal_explorer.training.banks.array_cache import ArrayCache
from vocal_explorer.training.banks.byte_mels import ByteMels, to_byte_mels
from vocal_explorer.training.banks.separated_voice import separated_voice
from vocal_explorer.training.banks.voice_teacher import SAMPLE_RATE, VoiceTeacher

RATIOS = (0.8, 0.87, 0.93, 1.0, 1.075, 1.16, 1.25)  # of speed and pitch: other voices
TEACHER_SECONDS = 0.75  # from one of the teacher's embeddings to the next
MAX_SEPARATED = 100  # seconds of a recording
N_BANDS = 160
BAND_SECONDS = 24.0
BAND_SEED = 4242  # another world than those that anything is measured on


@dataclass(frozen=True)
class Version:
    """A recorded voice played at a ratio of its speed.

    `clean` and `separated` are what was recorded, and what a separator finds of it in a
    mix; `separated` may end sooner. `taught` has a teacher's unit-length rows for every
    TEACHER_SECONDS as recorded, (n_rows, n_dimensions).
    """

    clean: ByteMels
    separated: ByteMels | None = None
    taught: Embedding | None = None


@dataclass(frozen=True)
class Voice:
    """A recorded voice in all its versions, by ratio."""

    singer: str
    song: str
    source: str
    speech: bool
    versions: Mapping[float, Version]


@dataclass(frozen=True)
class Music:
    """An accompaniment, and the song that it belongs to: none if it is synthetic."""

    song: str
    mels: ByteMels


class VoiceBank:
    """Prepares recordings once and keeps what it made.

    Parameters
    ----------
    folder
        Where it is kept.
    config
        The front end.
    separator
        Of the separated voices.
    teacher
        If there is one.
    seed
        Of the music that voices are mixed with before separation, and how loud it is.
    """

    def __init__(
        self,
        folder: Path,
        config: MelConfig,
        separator: Separator,
        teacher: VoiceTeacher | None,
        seed: int,
    ) -> None:
        self._cache = ArrayCache(folder)
        self._config = config
        self._front_end = LogMel(config)
        self._separator = separator
        self._teacher = teacher
        self._seed = seed
        self._sounds: dict[Path, str] = {}

    def voices(
        self, voices: Sequence[Recording], music: Sequence[Recording], progress: Progress
    ) -> list[Voice]:
        """Return `voices`, after a mix with their own accompaniment or any of `music`."""
        partner = {recording.song: recording for recording in music}
        result = []
        for number, recording in enumerate(voices):
            progress.report(number / len(voices), f"preparing {recording.path.name}")
            rng = np.random.default_rng((self._seed, number))
            other = music[int(rng.integers(len(music)))]
            result.append(self._voice(recording, partner.get(recording.song, other), rng))
        return result

    def music(self, recordings: Sequence[Recording], progress: Progress) -> list[Music]:
        """Return accompaniments."""
        result = []
        for number, recording in enumerate(recordings):
            progress.report(number / len(recordings), f"preparing {recording.path.name}")
            key = f"music|{self._key(recording)}|{self._config}"
            mels = self._cache.get(key, partial(self._music, recording))["mels"]
            result.append(Music(recording.song, mels))
        return result

    def bands(self, progress: Progress) -> list[Music]:
        """Return the accompaniments of synthetic songs."""
        result = []
        for number in range(N_BANDS):
            progress.report(number / N_BANDS, "playing synthetic bands")
            key = f"band|{number}|{BAND_SECONDS}|{BAND_SEED}|{self._config}"
            result.append(Music("", self._cache.get(key, partial(self._band, number))["mels"]))
        return result

    def _music(self, recording: Recording) -> dict[str, ByteMels]:
        waveform = _read(recording, self._config.sample_rate)
        return {"mels": to_byte_mels(waveform, self._front_end)}

    def _band(self, number: int) -> dict[str, ByteMels]:
        rate = self._config.sample_rate
        song = synthetic_song(number, 0, seconds=BAND_SECONDS, sample_rate=rate, seed=BAND_SEED)
        return {"mels": to_byte_mels(song.accompaniment.mean(axis=0), self._front_end)}

    def _voice(self, recording: Recording, music: Recording, rng: np.random.Generator) -> Voice:
        clean = self._versions(recording)
        separated = self._separated(recording, music, rng)
        taught = self._taught(recording)
        versions = {
            ratio: Version(
                clean[str(ratio)],
                separated[str(ratio)],
                taught[str(ratio)] if taught else None,
            )
            for ratio in RATIOS
        }
        return Voice(
            recording.singer,
            recording.song,
            recording.source,
            recording.domain == "speech",
            versions,
        )

    def _versions(self, recording: Recording) -> dict[str, ByteMels]:
        key = f"clean|{self._key(recording)}|{RATIOS}|{self._config}"
        rate = self._config.sample_rate
        return self._cache.get(key, lambda: self._played(_read(recording, rate)))

    def _separated(
        self, recording: Recording, music: Recording, rng: np.random.Generator
    ) -> dict[str, ByteMels]:
        rate = self._config.sample_rate

        def separate_it() -> dict[str, ByteMels]:
            voice, accompaniment = (
                _read(r, rate)[: MAX_SEPARATED * rate] for r in (recording, music)
            )
            return self._played(separated_voice(voice, accompaniment, self._separator, rate, rng))

        sounds = f"{self._key(recording)}|{self._key(music)}"
        key = f"separated|{sounds}|{self._separator.version}"
        return self._cache.get(f"{key}|{self._seed}|{RATIOS}|{self._config}", separate_it)

    def _played(self, waveform: Waveform) -> dict[str, ByteMels]:
        """Return the log-mels of a recording at all ratios."""
        return {
            str(ratio): to_byte_mels(_faster(waveform, ratio), self._front_end) for ratio in RATIOS
        }

    def _taught(self, recording: Recording) -> dict[str, Embedding]:
        teacher = self._teacher
        if teacher is None:
            return {}

        def ask() -> dict[str, Embedding]:
            waveform = _read(recording, SAMPLE_RATE)
            return {
                str(ratio): teacher.listen(
                    _faster(waveform, ratio), TEACHER_SECONDS / ratio
                ).astype(np.float16)
                for ratio in RATIOS
            }

        key = f"taught|{self._key(recording)}|{teacher.version}|{RATIOS}|{TEACHER_SECONDS}"
        return self._cache.get(key, ask)

    def _key(self, recording: Recording) -> str:
        """Recognise a recording by its sound: another copy of it is as good."""
        if recording.path not in self._sounds:
            self._sounds[recording.path] = content_id(recording.path)
        return self._sounds[recording.path]


def _faster(waveform: Waveform, ratio: float) -> Waveform:
    """Play a recording faster: all frequencies are multiplied by `ratio`."""
    if ratio == 1.0:
        return waveform
    speed = Fraction(ratio).limit_denominator(40)
    faster = resample_poly(waveform, speed.denominator, speed.numerator)
    return np.asarray(faster, dtype=np.float32)


def _read(recording: Recording, sample_rate: int) -> Waveform:
    waveform: Waveform = read_audio(recording.path, sample_rate, 1)[0][0]
    return waveform
