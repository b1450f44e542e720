"""Speed of analysis as ratios against a named reference in the same run.

    python benchmarks/analysis.py

Encoder: PairRuntime (normalisation folded in, channels_last) against the same pair as it
was trained. Separator: seconds of audio a second, against reading the same song.
"""

import copy
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from vocal_explorer.analysis.embedder import DEFAULT_PAIR
from vocal_explorer.analysis.track_listener import BATCH_SIZE
from vocal_explorer.audio.files import read_audio, write_audio
from vocal_explorer.base.paths import models_folder
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.encoders.checkpoint import load_pair
from vocal_explorer.encoders.runtime import PairRuntime
from vocal_explorer.separation.separator import load_separator, separate
from vocal_explorer.synthesis.songs import synthetic_song

ROUNDS = 7
SONG_SECONDS = 60.0


def median_seconds(*jobs: Callable[[], object]) -> list[float]:
    """Run the jobs in turn, so that a machine that slows down slows all of them."""
    for job in jobs:
        job()
    times: list[list[float]] = [[] for _ in jobs]
    for _ in range(ROUNDS):
        for job, taken in zip(jobs, times, strict=True):
            started = time.perf_counter()
            job()
            taken.append(time.perf_counter() - started)
    return [float(np.median(taken)) for taken in times]


def encoder() -> None:
    pair = load_pair(models_folder() / DEFAULT_PAIR)
    runtime = PairRuntime(copy.deepcopy(pair))
    shape = (BATCH_SIZE, pair.config.segment_samples)
    segments = np.random.default_rng(0).normal(0, 0.1, shape).astype(np.float32)

    @torch.inference_mode()
    def plain() -> torch.Tensor:
        return pair.vocal_encoder(torch.from_numpy(segments))

    reference, ours = median_seconds(plain, lambda: runtime.encode(Domain.VOCALS, segments))
    print(f"encoder: {ours / BATCH_SIZE * 1000:.1f} ms a segment, {reference / ours:.2f} times")
    print("         as fast as the pair as trained")


def separator() -> None:
    song = synthetic_song(0, 0, seconds=SONG_SECONDS)
    embedded = load_separator("embedded")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "song.flac"
        write_audio(file, song.mix, song.sample_rate)
        reading, separating = median_seconds(
            lambda: read_audio(file),
            lambda: separate(embedded, song.mix, song.sample_rate, Progress()),
        )
    print(f"separator: {SONG_SECONDS / separating:.0f} times real time, takes")
    print(f"           {separating / reading:.0f} times as long as reading the FLAC file")


if __name__ == "__main__":
    encoder()
    separator()
