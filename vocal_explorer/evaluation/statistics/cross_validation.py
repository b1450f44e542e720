"""Means over the rounds of a cross-validation, and how far they can be trusted."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.evaluation.statistics.bootstrap import Estimate
from vocal_explorer.evaluation.statistics.label_scores import Judged, scores

RESAMPLES = 500


def estimate(
    rounds: Sequence[Judged],
    measure: Callable[[Judged], dict[str, float]] = scores,
    *,
    seed: int = 0,
) -> dict[str, Estimate]:
    """Return means over rounds with 95 % bootstrap intervals, by measure.

    The units (singers or songs) of each round are drawn with replacement, 500 times; a
    round that cannot be measured is left out of a mean.

    Parameters
    ----------
    rounds
        What was judged in each.
    measure
        Its numbers; NaN where there is nothing to measure.
    seed
        Of the draws.
    """
    rng = np.random.default_rng(seed)
    rows = [_rows_of_units(judged.units) for judged in rounds]
    draws = [
        _mean([measure(_resampled(*pair, rng)) for pair in zip(rounds, rows, strict=True)])
        for _ in range(RESAMPLES)
    ]
    found = _mean([measure(judged) for judged in rounds])
    return {
        name: Estimate(value, *_interval([draw[name] for draw in draws]))
        for name, value in found.items()
    }


def _rows_of_units(units: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    return [np.flatnonzero(units == unit) for unit in np.unique(units)]


def _resampled(
    judged: Judged, rows: Sequence[NDArray[np.intp]], rng: np.random.Generator
) -> Judged:
    return judged.take(np.concatenate([rows[i] for i in rng.integers(len(rows), size=len(rows))]))


def _mean(measured: Sequence[dict[str, float]]) -> dict[str, float]:
    columns = {name: [row[name] for row in measured] for name in measured[0]}
    return {name: _known_mean(values) for name, values in columns.items()}


def _known_mean(values: Sequence[float]) -> float:
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else float("nan")


def _interval(values: Sequence[float]) -> tuple[float, float]:
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return float(low), float(high)
