"""How well labels are found: macro AUC, F1, precision, recall, and accuracy."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from vocal_explorer.datasets.examples import Probabilities, Targets

NAMES = ("auc", "f1", "precision", "recall", "accuracy")


@dataclass(frozen=True)
class Judged:
    """What a classifier said about segments, excerpts or songs that it had never heard.

    Parameters
    ----------
    targets
        The truth, bool (n, n_labels).
    probabilities
        Float (n, n_labels).
    decisions
        The labels that it gave, bool (n, n_labels).
    units
        What is drawn as a whole for confidence intervals, integers (n,): the singer or
        the song.
    """

    targets: Targets
    probabilities: Probabilities
    decisions: NDArray[np.bool_]
    units: NDArray[np.intp]

    def take(self, rows: NDArray[np.intp]) -> "Judged":
        """Return these rows, in this order."""
        return replace(
            self,
            targets=self.targets[rows],
            probabilities=self.probabilities[rows],
            decisions=self.decisions[rows],
            units=self.units[rows],
        )


def judgeable(targets: Targets) -> NDArray[np.bool_]:
    """Return which labels have both positives and negatives in (n, n_labels), (n_labels,)."""
    return np.asarray(targets.any(axis=0) & ~targets.all(axis=0))


def scores(judged: Judged) -> dict[str, float]:
    """Return the NAMES.

    AUC, F1, precision and recall are macro: means over labels. Labels without positives
    or without negatives are left out; without any label they are NaN. Precision is 0
    where a label is never given. Accuracy is the share of rows whose labels are all right.
    """
    kept = judgeable(judged.targets)
    accuracy = float((judged.targets == judged.decisions).all(axis=1).mean())
    if not kept.any():
        return dict.fromkeys(NAMES, float("nan")) | {"accuracy": accuracy}
    targets, decisions = judged.targets[:, kept], judged.decisions[:, kept]
    hits = (targets & decisions).sum(axis=0)
    given, true = decisions.sum(axis=0), targets.sum(axis=0)
    return {
        "auc": float(area_under_curve(targets, judged.probabilities[:, kept]).mean()),
        "f1": float(f1(hits, given, true).mean()),
        "precision": float((hits / np.maximum(given, 1)).mean()),
        "recall": float((hits / true).mean()),
        "accuracy": accuracy,
    }


def f1(
    hits: NDArray[np.int_], given: NDArray[np.int_], true: NDArray[np.int_]
) -> NDArray[np.float64]:
    """Return 2 hits / (given + true): counts of right, of given and of true labels."""
    return np.asarray(2 * hits / np.maximum(given + true, 1), dtype=np.float64)


def area_under_curve(targets: Targets, probabilities: Probabilities) -> NDArray[np.float64]:
    """Return the ROC's area for each label with positives and negatives, (n_labels,).

    By the ranks of the positives (Mann and Whitney): the chance that a positive gets the
    higher probability; equal ones count half.
    """
    n_positive = targets.sum(axis=0, dtype=np.float64)
    n_negative = len(targets) - n_positive
    ranks = (rankdata(probabilities, axis=0) * targets).sum(axis=0)
    return np.asarray((ranks - n_positive * (n_positive + 1) / 2) / (n_positive * n_negative))


def best_thresholds(targets: Targets, probabilities: Probabilities) -> NDArray[np.float32]:
    """Return the threshold of each label with the highest F1 here, (n_labels,).

    A label is given from its threshold on. It lies halfway between the lowest probability
    that is given the label and the highest that is not; of equally good ones the highest
    is taken, and a label without positives gets 0.5.
    """
    order = np.argsort(-probabilities, axis=0, kind="stable")
    ranked = np.take_along_axis(probabilities, order, axis=0)
    hits = np.take_along_axis(targets, order, axis=0).cumsum(axis=0)
    given = np.arange(1, len(ranked) + 1)[:, None]
    reached = f1(hits, given, targets.sum(axis=0))
    reached[:-1][ranked[:-1] == ranked[1:]] = -1.0  # equal ones are given together
    last = reached.argmax(axis=0)[None]
    below = np.minimum(last + 1, len(ranked) - 1)
    edges = [np.take_along_axis(ranked, place, axis=0)[0] for place in (last, below)]
    return np.asarray(np.where(targets.any(axis=0), sum(edges) / 2, 0.5), dtype=np.float32)
