import numpy as np
import pytest

from vocal_explorer.base.progress import Progress
from vocal_explorer.evaluation.statistics.separation_metrics import sdr
from vocal_explorer.separation.repet_sim import RepetSim
from vocal_explorer.separation.separator import separate

RATE = 44_100


def test_what_repeats_is_accompaniment_and_what_does_not_is_vocals(
    rng: np.random.Generator,
) -> None:
    bar = np.tile(rng.normal(0, 0.05, (2, 8 * 2048)), 22)[:, : 8 * RATE].astype(np.float32)
    time = np.arange(RATE) / RATE
    sweep = 0.3 * np.sin(2 * np.pi * (300 * time + 200 * time**2)) * np.hanning(RATE)
    vocals = np.zeros_like(bar)
    vocals[:, 3 * RATE : 4 * RATE] = sweep
    stems = separate(RepetSim(), vocals + bar, RATE, Progress())
    assert sdr(vocals, stems.vocals) > sdr(vocals, vocals + bar) + 6
    assert sdr(bar, stems.accompaniment) > sdr(bar, vocals + bar) + 3


@pytest.mark.parametrize("n_samples", [0, 1, 5000, 44_100])
def test_stems_are_as_long_as_the_mix(rng: np.random.Generator, n_samples: int) -> None:
    mix = rng.uniform(-0.5, 0.5, (2, n_samples)).astype(np.float32)
    stems = separate(RepetSim(), mix, RATE, Progress())
    assert stems.vocals.shape == stems.accompaniment.shape == (2, n_samples)
    assert stems.vocals.dtype == np.float32
    assert np.isfinite(stems.vocals).all()


def test_silence_stays_silent() -> None:
    stems = separate(RepetSim(), np.zeros((2, RATE), np.float32), RATE, Progress())
    assert not stems.vocals.any()
    assert not stems.accompaniment.any()
