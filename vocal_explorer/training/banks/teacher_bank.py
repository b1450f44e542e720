"""Songs without stems, taken apart by a teacher: rough labels, but of real mixes."""

import dataclasses
import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from vocal_explorer.audio.files import read_audio
from vocal_explorer.base.progress import Progress
from vocal_explorer.datasets.manifest import Recording
from vocal_explorer.separation.separator import Separator, separate
from vocal_explorer.training.banks.audio_bank import Clip, to_samples


def taught_clips(
    songs: Sequence[Recording], teacher: Separator, cache: Path, progress: Progress
) -> tuple[list[Clip], list[Clip]]:
    """Return the vocals and the accompaniments that `teacher` hears in `songs`, in stereo.

    Parameters
    ----------
    songs
        Mixes; the clips of one song pair up again in the StemMixer.
    teacher
        Separator whose stems sum to the mix.
    cache
        Folder of results of earlier calls.
    progress
        Reported at each song.
    """
    cache.mkdir(parents=True, exist_ok=True)
    vocals: list[Clip] = []
    accompaniment: list[Clip] = []
    for number, song in enumerate(songs):
        part = progress.part(number / len(songs), (number + 1) / len(songs))
        part.report(0.0, f"the teacher listens to {song.path.name}")
        key = f"{song.path}|{teacher.name}|{teacher.version}"
        file = cache / (hashlib.sha256(key.encode()).hexdigest()[:20] + ".npy")
        if not file.exists():
            stems = separate(teacher, *read_audio(song.path), part)
            np.save(file, to_samples(np.stack((stems.vocals, stems.accompaniment))))
        parts = np.load(file, mmap_mode="r")
        for domain, clips, samples in zip(
            ("vocals", "accompaniment"), (vocals, accompaniment), parts, strict=True
        ):
            clips.append(Clip(dataclasses.replace(song, domain=domain), samples))
    return vocals, accompaniment
