"""Transfer learning with frozen encoders: train on folds, judge what was never heard."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.datasets.examples import Examples, Fit, Probabilities, Targets
from vocal_explorer.evaluation.bootstrap import Estimate
from vocal_explorer.evaluation.label_scores import Judged, scores
from vocal_explorer.progress import Progress

FEWEST_FOLDS = 3  # to test, to stop the training early, to train
RESAMPLES = 500


@dataclass(frozen=True)
class Answers:
    """What a classifier says about segments.

    Parameters
    ----------
    examples
        The segments, with the truth.
    probabilities
        Float (n_segments, n_labels).
    """

    examples: Examples
    probabilities: Probabilities

    def by_item(self) -> "Answers":
        """Return one row an excerpt or song: the mean over its segments (paper, 4.5)."""
        items, first, owner = np.unique(self.examples.items, return_index=True, return_inverse=True)
        total = np.zeros((len(items), self.probabilities.shape[1]))
        np.add.at(total, owner, self.probabilities)
        mean = (total / np.bincount(owner)[:, None]).astype(np.float32)
        found = self.examples
        return Answers(Examples(found.inputs[first], found.targets[first], items), mean)


def cross_validate(
    fit: Fit, examples: Examples, folds: NDArray[np.intp], seed: int, progress: Progress
) -> Iterator[tuple[Answers, Answers]]:
    """Yield the answers on the validation and on the test part, fold after fold.

    Fold k is the test part of round k, the fold after it stops the training early, and
    all others train: nothing of one fold is ever in two parts.

    Parameters
    ----------
    fit
        Trains a classifier.
    examples
        All segments.
    folds
        The fold of each item, from 0, (n_items,); three or more of them.
    seed
        Of the first round; each has its own.
    progress
        Reported at each round.
    """
    n_folds = int(folds.max()) + 1
    own = folds[examples.items]
    for fold in range(n_folds):
        progress.report(fold / n_folds, f"fold {fold + 1} of {n_folds}")
        parts = own == fold, own == (fold + 1) % n_folds
        test, validation = map(examples.take, parts)
        predict = fit(examples.take(~(parts[0] | parts[1])), validation, seed + fold)
        yield (
            Answers(validation, predict(validation.inputs)),
            Answers(test, predict(test.inputs)),
        )


def one_hot(labels: NDArray[np.intp], n_labels: int) -> Targets:
    """Return bool (n, n_labels), one label a row."""
    return np.eye(n_labels, dtype=np.bool_)[labels]


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
