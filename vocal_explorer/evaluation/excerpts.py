"""Excerpts of songs that no separator has learned from, with their true stems."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from vocal_explorer.audio.files import read_audio
from vocal_explorer.base.config import STEM_SAMPLE_RATE
from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.records.signals import Stems, Waveform
from vocal_explorer.datasets.manifest import (
    Recording,
    is_validation,
    load_manifest,
    split_for_training,
)

EXCERPT_SECONDS = 30
SONG_SECONDS = 60  # recordings of vocals alone that are shorter are exercises, not songs
POP_BALANCE = -1.6  # dB, of the vocals to the accompaniment
TINY = 1e-12


class Group(StrEnum):
    """What is new to a separator in an excerpt."""

    SINGERS = "unseen singers"
    SONGS = "unseen songs"
    POP = "pop"


@dataclass(frozen=True)
class Excerpt:
    """Where the stems of one excerpt lie; `load` reads them.

    Parameters
    ----------
    name
        Of the song, below the dataset's folder; for pop both songs.
    group
        POP: vocals and accompaniment of different songs, mixed at POP_BALANCE.
    vocals, accompaniment
        Files of the stems.
    position
        Where in the accompaniment a POP excerpt begins: 0 start, 1 as late as possible.
    """

    name: str
    group: Group
    vocals: Path
    accompaniment: Path
    position: float = 0.0

    def load(self) -> Stems:
        """Return the 30 s (or less) in which the vocals are loudest, 44.1 kHz stereo."""
        vocals, music = (
            read_audio(path, STEM_SAMPLE_RATE, 2)[0] for path in (self.vocals, self.accompaniment)
        )
        length = min(vocals.shape[1], music.shape[1], EXCERPT_SECONDS * STEM_SAMPLE_RATE)
        if self.group is Group.POP:
            start = loudest_start(vocals, length)
            music_start = int(self.position * (music.shape[1] - length))
        else:
            start = loudest_start(vocals[:, : music.shape[1]], length)
            music_start = start
        vocals = vocals[:, start : start + length]
        music = music[:, music_start : music_start + length]
        if self.group is Group.POP:
            vocals, music = _balanced(vocals, music)
        return Stems(vocals, music, STEM_SAMPLE_RATE)


def find_excerpts(data: Path) -> list[Excerpt]:
    """Return the excerpts that judge separators on `data`/manifest.csv.

    These are the validation songs (see split_for_training) that have both stems, and
    each song of which a validation singer has the vocals alone, over each accompaniment
    that was kept back.

    Raises
    ------
    VocalExplorerError
        If there is no validation song with both stems.
    """
    _, validation = split_for_training(load_manifest(data))
    music = {r.song: r for r in validation if r.domain == "accompaniment"}
    vocals = [r for r in validation if r.domain == "vocals"]
    paired = [_paired(voice, music[voice.song], data) for voice in vocals if voice.song in music]
    if not paired:
        raise VocalExplorerError(f"No validation song in {data} has both stems.")
    alone = [r for r in vocals if r.song not in music and r.seconds >= SONG_SECONDS]
    kept_back = [r for r in music.values() if not is_validation(r.singer)]
    return paired + _pop(alone, kept_back, data)


def loudest_start(waveform: Waveform, length: int) -> int:
    """Return where the `length` samples with the most energy begin, to a second."""
    energy = np.square(waveform, dtype=np.float64).sum(axis=0).cumsum()
    starts = np.arange(0, waveform.shape[1] - length + 1, STEM_SAMPLE_RATE)
    before = np.where(starts > 0, energy[starts - 1], 0.0)
    return int(starts[np.argmax(energy[starts + length - 1] - before)])


def _paired(vocals: Recording, music: Recording, data: Path) -> Excerpt:
    group = Group.SINGERS if is_validation(vocals.singer) else Group.SONGS
    return Excerpt(_name(vocals, data), group, vocals.path, music.path)


def _pop(vocals: Sequence[Recording], music: Sequence[Recording], data: Path) -> list[Excerpt]:
    return [
        Excerpt(
            f"{_name(voice, data)} over {_name(other, data)}",
            Group.POP,
            voice.path,
            other.path,
            number / len(vocals),
        )
        for number, voice in enumerate(vocals)
        for other in music
    ]


def _name(recording: Recording, data: Path) -> str:
    return Path(recording.song).relative_to(data).as_posix()


def _balanced(vocals: Waveform, music: Waveform) -> tuple[Waveform, Waveform]:
    """Scale `music` so that the vocals are POP_BALANCE above it, and both below full scale."""
    ratio = np.mean(np.square(vocals)) / (np.mean(np.square(music)) + TINY)
    music = music * np.float32(np.sqrt(ratio) * 10 ** (-POP_BALANCE / 20))
    gain = np.float32(1 / max(1.0, float(np.abs(vocals + music).max())))
    return vocals * gain, music * gain
