"""The separator on songs of validation singers, beside the mix itself."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vocal_explorer.audio.io import read_audio
from vocal_explorer.config import STEM_SAMPLE_RATE
from vocal_explorer.datasets.manifest import Recording, load_manifest, split_by_singer
from vocal_explorer.errors import VocalExplorerError
from vocal_explorer.evaluation.metrics import sdr
from vocal_explorer.progress import Progress
from vocal_explorer.separation.separator import Separator

EXCERPT_SECONDS = 30


@dataclass(frozen=True)
class SeparationScore:
    """SDR of one song's stems in dB, and of the mix taken for the vocals."""

    song: str
    vocals: float
    accompaniment: float
    mix: float


@dataclass(frozen=True)
class SeparationReport:
    """Scores of all songs; `speed` is seconds of audio a second."""

    scores: tuple[SeparationScore, ...]
    speed: float

    def mean(self) -> dict[str, float]:
        """Return the means over songs, in dB, and the speed."""
        names = ("vocals", "accompaniment", "mix")
        means = {name: float(np.mean([getattr(s, name) for s in self.scores])) for name in names}
        return means | {"speed": self.speed}


def evaluate_separation(separator: Separator, data: Path, progress: Progress) -> SeparationReport:
    """Separate the first 30 s of each validation song that has both stems.

    Parameters
    ----------
    separator
        What is measured.
    data
        Folder with a manifest.csv.
    progress
        Reported at each song.

    Raises
    ------
    VocalExplorerError
        If no validation singer has a song with both stems.
    """
    _, validation = split_by_singer(load_manifest(data))
    pairs = _pairs(validation)
    if not pairs:
        raise VocalExplorerError(f"No validation singer in {data} has both stems of a song.")
    scores: list[SeparationScore] = []
    spent = seconds = 0.0
    for number, (vocals_file, music_file) in enumerate(pairs):
        progress.report(number / len(pairs), vocals_file.song)
        length = EXCERPT_SECONDS * STEM_SAMPLE_RATE
        vocals, music = (
            read_audio(r.path, STEM_SAMPLE_RATE, 2)[0][:, :length]
            for r in (vocals_file, music_file)
        )
        length = min(vocals.shape[1], music.shape[1])
        vocals, music = vocals[:, :length], music[:, :length]
        started = time.perf_counter()
        stems = separator.separate(vocals + music, STEM_SAMPLE_RATE, Progress())
        spent += time.perf_counter() - started
        seconds += length / STEM_SAMPLE_RATE
        name = Path(vocals_file.song).relative_to(data).as_posix()
        scores.append(
            SeparationScore(
                name,
                vocals=sdr(vocals, stems.vocals),
                accompaniment=sdr(music, stems.accompaniment),
                mix=sdr(vocals, vocals + music),
            )
        )
    return SeparationReport(tuple(scores), seconds / spent)


def _pairs(recordings: Sequence[Recording]) -> list[tuple[Recording, Recording]]:
    music = {r.song: r for r in recordings if r.domain == "accompaniment"}
    voices = [r for r in recordings if r.domain == "vocals"]
    return [(voice, music[voice.song]) for voice in voices if voice.song in music]
