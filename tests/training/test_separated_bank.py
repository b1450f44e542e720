from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from voices import RATE, noises, tones

from vocal_explorer.progress import Progress
from vocal_explorer.records import Stems, Waveform
from vocal_explorer.training.separated_bank import separated_clips


class HalfSeparator:
    """Takes half of the mix for the vocals, and counts its calls."""

    name = "half"
    version = "1"

    def __init__(self) -> None:
        self.calls = 0

    def stream(
        self, mix: Iterable[Waveform], n_samples: int, progress: Progress
    ) -> Iterator[Stems]:
        self.calls += 1
        for piece in mix:
            yield Stems(piece / 2, piece / 2, 44_100)


def test_voices_come_back_mixed_and_separated_and_are_kept(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    vocals, music, separator = list(tones(2, 1)), noises(rng), HalfSeparator()
    first, again = (
        separated_clips(vocals, music, separator, RATE, tmp_path, seed=0, progress=Progress())
        for _ in range(2)
    )
    assert separator.calls == len(vocals)
    for clip in vocals:
        separated = first[clip.recording.path]
        assert separated.n_samples == clip.n_samples
        assert np.array_equal(separated.samples, again[clip.recording.path].samples)
        voice, heard = clip.slice(0, 3 * RATE)[0], separated.slice(0, 3 * RATE)[0]
        assert 0.3 < np.corrcoef(voice, heard)[0, 1] < 0.999  # the voice, and some music
