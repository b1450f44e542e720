from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocal_explorer.evaluation.statistics.bootstrap import bootstrap_mean
from vocal_explorer.evaluation.statistics.separation_metrics import sdr, si_sdr

SEEDS = st.integers(0, 1000)
SCALES = st.floats(1e-3, 1e3)


def noise(seed: int, level: float = 1.0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, level, (2, 200)).astype(np.float32)


def naive_si_sdr(reference: np.ndarray, estimate: np.ndarray) -> float:
    """Equations 3 and 5 of Le Roux et al., sample by sample."""
    s = [x - np.mean(row) for row in reference.astype(float) for x in row]
    e = [x - np.mean(row) for row in estimate.astype(float) for x in row]
    scale = sum(a * b for a, b in zip(e, s, strict=True)) / sum(a * a for a in s)
    target = sum((scale * a) ** 2 for a in s)
    error = sum((scale * a - b) ** 2 for a, b in zip(s, e, strict=True))
    return 10 * np.log10(target / error)


@given(seed=SEEDS, level=st.floats(0.01, 10))
def test_si_sdr_is_the_papers(seed: int, level: float) -> None:
    reference = noise(seed)
    estimate = reference + noise(seed + 1, level) + np.float32(0.3)
    assert si_sdr(reference, estimate) == pytest.approx(naive_si_sdr(reference, estimate), abs=1e-3)


@given(seed=SEEDS, scale=SCALES, other=SCALES)
def test_si_sdr_does_not_depend_on_loudness(seed: int, scale: float, other: float) -> None:
    reference, estimate = noise(seed), noise(seed) + noise(seed + 1, 0.5)
    scaled = si_sdr(np.float32(other) * reference, np.float32(scale) * estimate)
    assert scaled == pytest.approx(si_sdr(reference, estimate), abs=1e-3)


@given(seed=SEEDS, scale=SCALES)
def test_sdr_does_not_depend_on_the_loudness_of_both(seed: int, scale: float) -> None:
    reference, estimate = noise(seed), noise(seed) + noise(seed + 1, 0.5)
    both = sdr(np.float32(scale) * reference, np.float32(scale) * estimate)
    assert both == pytest.approx(sdr(reference, estimate), abs=1e-3)


def test_an_offset_costs_sdr_but_no_si_sdr() -> None:
    reference = noise(0)
    estimate = reference + noise(1, 0.1)
    shifted = estimate + np.array([[0.5], [-0.2]], np.float32)
    assert sdr(reference, shifted) < sdr(reference, estimate) - 5
    assert si_sdr(reference, shifted) == pytest.approx(si_sdr(reference, estimate), abs=1e-3)


@pytest.mark.parametrize(("decibels", "level"), [(0, 1.0), (20, 0.1), (-20, 10.0)])
def test_si_sdr_of_orthogonal_noise_is_the_ratio_of_the_powers(
    decibels: float, level: float
) -> None:
    time = np.arange(1000) / 1000
    signal = np.sin(2 * np.pi * 5 * time)[None].astype(np.float32)
    error = np.cos(2 * np.pi * 5 * time)[None].astype(np.float32)
    assert si_sdr(signal, signal + np.float32(level) * error) == pytest.approx(decibels, abs=1e-3)


def test_the_best_and_the_worst_are_finite() -> None:
    signal, silence = noise(0), np.zeros((2, 200), np.float32)
    assert si_sdr(signal, 3 * signal) == pytest.approx(100, abs=1)
    for reference, estimate in ((signal, silence), (silence, signal), (silence, silence)):
        assert si_sdr(reference, estimate) == pytest.approx(-100)
        assert np.isfinite(sdr(reference, estimate))


def test_the_interval_of_a_mean_is_the_normal_one_for_many_values() -> None:
    values = np.random.default_rng(0).normal(5, 2, 400)
    found = bootstrap_mean(values)
    assert found.mean == pytest.approx(values.mean())
    half = 1.96 * values.std() / np.sqrt(400)
    assert found.low == pytest.approx(values.mean() - half, abs=0.03)
    assert found.high == pytest.approx(values.mean() + half, abs=0.03)


def test_the_interval_depends_on_the_seed_alone() -> None:
    values = noise(0)[0].tolist()
    assert bootstrap_mean(values, seed=1) == bootstrap_mean(values, seed=1)
    assert bootstrap_mean(values, seed=1) != bootstrap_mean(values, seed=2)
    assert bootstrap_mean([3.0]).low == bootstrap_mean([3.0]).high == 3.0


@given(decibels=st.floats(-30, 60))
def test_sdr_of_a_known_error(decibels: float) -> None:
    rng = np.random.default_rng(0)
    signal = rng.normal(0, 1, (2, 1000))
    noise = rng.normal(0, 1, (2, 1000))
    noise *= np.sqrt((signal**2).sum() / (noise**2).sum()) * 10 ** (-decibels / 20)
    estimate = (signal + noise).astype(np.float32)
    assert sdr(signal.astype(np.float32), estimate) == pytest.approx(decibels, abs=0.01)


def test_sdr_of_silence_for_the_signal_is_0_db() -> None:
    signal = np.ones((2, 100), np.float32)
    assert sdr(signal, np.zeros_like(signal)) == pytest.approx(0, abs=1e-6)


def test_groups_are_drawn_as_wholes() -> None:
    rng = np.random.default_rng(3)
    by_singer = rng.random(30)
    values = np.repeat(by_singer, 5)
    singers = [f"s{number}" for number in np.repeat(np.arange(30), 5)]
    alone, together = bootstrap_mean(by_singer), bootstrap_mean(values, groups=singers)
    assert together.mean == pytest.approx(alone.mean)
    # five equal queries of a singer tell no more than one
    assert together.high - together.low == pytest.approx(alone.high - alone.low, rel=0.1)
    assert together.high - together.low > 1.8 * np.ptp(astuple(bootstrap_mean(values))[1:])


def test_groups_of_one_are_no_groups() -> None:
    values = np.random.default_rng(4).random(20)
    assert bootstrap_mean(values, groups=range(20)) == bootstrap_mean(values)


def test_large_groups_weigh_more() -> None:
    groups = ["a"] * 9 + ["b"]
    estimate = bootstrap_mean([1.0] * 9 + [0.0], groups=groups)
    assert (estimate.mean, estimate.low, estimate.high) == (0.9, 0.0, 1.0)
