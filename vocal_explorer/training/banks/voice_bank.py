"""All that is prepared of a manifest's recordings before batches are drawn from them."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np
from scipy.signal import resample_poly

from vocal_explorer.audio.content_id import content_id
from vocal_explorer.audio.files import read_audio
from vocal_explorer.audio.resample import to_channels
from vocal_explorer.base.config import MelConfig
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Embedding, Waveform
from vocal_explorer.datasets.manifest import Recording
from vocal_explorer.features.mel import LogMel
from vocal_explorer.separation.separator import Separator
from vocal_explorer.synthesis.songs import synthetic_song
from vocal_explorer.training.banks.array_cache import ArrayCache
from vocal_explorer.training.banks.byte_mels import ByteMels, to_byte_mels
from vocal_explorer.training.banks.parallel_blocks import in_blocks
from vocal_explorer.training.banks.separated_voice import separated_voice

RATIOS = (0.8, 0.9, 1.0, 1.1, 1.25)  # of speed and pitch: other voices
SPEECH_RATIOS = (1.0,)  # of speakers there are many anyway
TEACHER_SECONDS = 5.0  # from one of a teacher's embeddings to the next
MAX_SUNG, MAX_SPOKEN = 60.0, 12.0  # seconds of a recording
MAX_SEPARATED = 30.0  # seconds of a sung recording
MAX_SEPARATED_SPEECH = 8.0  # seconds of the first recording of one speaker in SEPARATED_SPEAKERS
SEPARATED_SPEAKERS = 4
OWN_ACCOMPANIMENT = 0.4  # how often a voice is separated from what it was sung to
N_BANDS = 160
BAND_SECONDS = 24.0
BAND_SEED = 4242  # another world than those that anything is measured on


class Teacher(Protocol):
    """Knows a voice: a VoiceTeacher, or an OwnTeacher."""

    version: str
    sample_rate: int

    def listen(self, waveform: Waveform, seconds: float) -> Embedding:
        """Return unit-length rows (n_rows, d), one every `seconds` of vocals (n_samples,)."""


@dataclass(frozen=True)
class Version:
    """A recorded voice played at a ratio of its speed.

    `clean` and `separated` are what was recorded, and what a separator finds of it in a
    mix; `separated` may end sooner. `taught` has each teacher's mean embedding, (d,).
    """

    clean: ByteMels
    separated: ByteMels | None = None
    taught: tuple[Embedding, ...] = ()


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


@dataclass(frozen=True)
class _Task:
    """A voice to prepare: how much of it is separated, and from its own music or any other."""

    recording: Recording
    number: int
    separated_seconds: float
    own_music: Recording | None
    music: tuple[Recording, ...]
    all_music: str  # stands for `music` in keys

    @property
    def speech(self) -> bool:
        return self.recording.domain == "speech"

    @property
    def ratios(self) -> tuple[float, ...]:
        return ratios_of(self.speech)


def ratios_of(speech: bool) -> tuple[float, ...]:
    """Return the ratios at which a voice is played, speaking or singing."""
    return SPEECH_RATIOS if speech else RATIOS


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
    teachers
        Who say what each voice is like; none are needed.
    seed
        Of the music that voices are mixed with before separation, and how loud it is.
    n_workers
        How many processes prepare voices; 1 for this one.
    """

    def __init__(
        self,
        folder: Path,
        config: MelConfig,
        separator: Separator,
        teachers: Sequence[Teacher],
        seed: int,
        n_workers: int = 1,
    ) -> None:
        self._cache = ArrayCache(folder)
        self._config = config
        self._front_end = LogMel(config)
        self._separator = separator
        self._teachers = tuple(teachers)
        self._seed = seed
        self._n_workers = n_workers
        self._sounds: dict[Path, str] = {}

    def voices(
        self, voices: Sequence[Recording], music: Sequence[Recording], progress: Progress
    ) -> list[Voice]:
        """Return `voices`, also as separated from their own accompaniment or any of `music`."""
        tasks = self._tasks(voices, tuple(music))
        stages = (self._versions, self._taught, self._separated)
        for number, stage in enumerate(stages):
            part = progress.part(number / len(stages), (number + 1) / len(stages))
            work = partial(_do_each, stage)
            in_blocks(work, tasks, self._n_workers, part, f"preparing voices, {number + 1} of 3")
        return [self._voice(task) for task in tasks]

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

    def _tasks(self, voices: Sequence[Recording], music: tuple[Recording, ...]) -> list[_Task]:
        own = {recording.song: recording for recording in music}
        keys = "".join(sorted(map(self._key, music)))
        all_music = hashlib.sha256(keys.encode()).hexdigest()[:16]
        heard: set[str] = set()
        tasks = []
        for number, voice in enumerate(voices):
            seconds = MAX_SEPARATED
            if voice.domain == "speech":
                first = voice.singer not in heard and len(heard) % SEPARATED_SPEAKERS == 0
                seconds = MAX_SEPARATED_SPEECH if first else 0.0
                heard.add(voice.singer)
            tasks.append(_Task(voice, number, seconds, own.get(voice.song), music, all_music))
        return tasks

    def _music(self, recording: Recording) -> dict[str, ByteMels]:
        waveform = _read(recording, self._config.sample_rate)
        return {"mels": to_byte_mels(waveform, self._front_end)}

    def _band(self, number: int) -> dict[str, ByteMels]:
        rate = self._config.sample_rate
        song = synthetic_song(number, 0, seconds=BAND_SECONDS, sample_rate=rate, seed=BAND_SEED)
        return {"mels": to_byte_mels(song.accompaniment.mean(axis=0), self._front_end)}

    def _voice(self, task: _Task) -> Voice:
        clean, separated = self._versions(task), self._separated(task)
        taught = [self._heard_by(teacher, task) for teacher in self._teachers]
        versions = {
            ratio: Version(
                clean[str(ratio)],
                separated.get(str(ratio)),
                tuple(rows[str(ratio)] for rows in taught),
            )
            for ratio in task.ratios
        }
        recording = task.recording
        return Voice(recording.singer, recording.song, recording.source, task.speech, versions)

    def _versions(self, task: _Task) -> dict[str, ByteMels]:
        key = f"clean|{self._key(task.recording)}|{task.ratios}|{_longest(task)}|{self._config}"
        rate = self._config.sample_rate
        return self._cache.get(
            key, lambda: self._played(_read(task.recording, rate, _longest(task)), task.ratios)
        )

    def _separated(self, task: _Task) -> dict[str, ByteMels]:
        if not task.separated_seconds:
            return {}
        rate = self._config.sample_rate

        def pick(place: slice, rng: np.random.Generator) -> Waveform:
            if task.own_music is not None and rng.random() < OWN_ACCOMPANIMENT:
                music = read_audio(task.own_music.path, rate)[0][:, place]
            else:
                music = read_audio(task.music[int(rng.integers(len(task.music)))].path, rate)[0]
                music = music[:, int(rng.integers(max(1, music.shape[1] // 2))) :]
            return to_channels(music, 2)

        def separate_it() -> dict[str, ByteMels]:
            voice = _read(task.recording, rate, task.separated_seconds)
            rng = np.random.default_rng((self._seed, task.number))
            return self._played(
                separated_voice(voice, pick, self._separator, rate, rng), task.ratios
            )

        key = f"separated|{self._key(task.recording)}|{task.all_music}|{self._separator.version}"
        rules = f"{task.ratios}|{task.separated_seconds}|{task.number}|{self._config}"
        return self._cache.get(f"{key}|{self._seed}|{rules}", separate_it)

    def _played(self, waveform: Waveform, ratios: Sequence[float]) -> dict[str, ByteMels]:
        """Return the log-mels of a recording at several ratios."""
        return {
            str(ratio): to_byte_mels(_faster(waveform, ratio), self._front_end) for ratio in ratios
        }

    def _taught(self, task: _Task) -> None:
        for teacher in self._teachers:
            self._heard_by(teacher, task)

    def _heard_by(self, teacher: Teacher, task: _Task) -> dict[str, Embedding]:
        """Return a teacher's mean embedding, (d,), of a voice at each ratio."""

        def ask() -> dict[str, Embedding]:
            waveform = _read(task.recording, teacher.sample_rate, _longest(task))
            return {
                str(ratio): teacher.listen(_faster(waveform, ratio), TEACHER_SECONDS / ratio).mean(
                    axis=0
                )
                for ratio in task.ratios
            }

        key = f"taught mean|{self._key(task.recording)}|{teacher.version}"
        rules = f"{task.ratios}|{_longest(task)}|{TEACHER_SECONDS}"
        return self._cache.get(f"{key}|{rules}", ask)

    def _key(self, recording: Recording) -> str:
        """Recognise a recording by its sound: another copy of it is as good."""
        if recording.path not in self._sounds:
            self._sounds[recording.path] = content_id(recording.path)
        return self._sounds[recording.path]


def _do_each(work: Callable[[_Task], object], tasks: Sequence[_Task]) -> None:
    for task in tasks:
        work(task)


def _longest(task: _Task) -> float:
    return MAX_SPOKEN if task.speech else MAX_SUNG


def _faster(waveform: Waveform, ratio: float) -> Waveform:
    """Play a recording faster: all frequencies are multiplied by `ratio`."""
    if ratio == 1.0:
        return waveform
    speed = Fraction(ratio).limit_denominator(40)
    faster = resample_poly(waveform, speed.denominator, speed.numerator)
    return np.asarray(faster, dtype=np.float32)


def _read(recording: Recording, sample_rate: int, seconds: float = np.inf) -> Waveform:
    """Return the beginning of a recording, mono (n_samples,)."""
    waveform: Waveform = read_audio(recording.path, sample_rate, 1)[0][0]
    return waveform[: int(min(seconds * sample_rate, len(waveform)))]
