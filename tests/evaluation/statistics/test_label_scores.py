import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from vocal_explorer.evaluation.statistics.label_scores import (
    Judged,
    area_under_curve,
    best_thresholds,
    judgeable,
    scores,
)


def judged(seed: int, n_rows: int = 60, n_labels: int = 5) -> Judged:
    """Answers that are better than chance, with many equal probabilities."""
    rng = np.random.default_rng(seed)
    targets = rng.uniform(size=(n_rows, n_labels)) < rng.uniform(0.1, 0.9, n_labels)
    noise = rng.uniform(size=targets.shape)
    probabilities = ((targets + 2 * noise) / 3).round(1).astype(np.float32)
    return Judged(targets, probabilities, probabilities >= 0.5, np.arange(n_rows))


@settings(max_examples=30)
@given(seed=st.integers(0, 10_000))
def test_macro_scores_are_those_of_scikit_learn(seed: int) -> None:
    found = judged(seed)
    kept = judgeable(found.targets)
    targets, decisions = found.targets[:, kept], found.decisions[:, kept]
    measured = scores(found)
    options = {"average": "macro", "zero_division": 0}
    expected = {
        "auc": np.mean(
            [metrics.roc_auc_score(t, p) for t, p in zip(
                targets.T, found.probabilities[:, kept].T, strict=True)]
        ),
        "f1": metrics.f1_score(targets, decisions, **options),
        "precision": metrics.precision_score(targets, decisions, **options),
        "recall": metrics.recall_score(targets, decisions, **options),
        "accuracy": metrics.accuracy_score(found.targets, found.decisions),
    }  # fmt: skip
    assert measured == pytest.approx(expected)


def test_labels_without_positives_or_negatives_are_left_out() -> None:
    whole = judged(0)
    targets = whole.targets.copy()
    targets[:, 0], targets[:, 3] = True, False
    found = Judged(targets, whole.probabilities, whole.decisions, whole.units)
    assert judgeable(targets).tolist() == [False, True, True, False, True]
    rest = [1, 2, 4]
    part = Judged(
        targets[:, rest], whole.probabilities[:, rest], whole.decisions[:, rest], whole.units
    )
    for name in ("auc", "f1", "precision", "recall"):
        assert scores(found)[name] == scores(part)[name]


def test_nothing_to_judge_is_no_number() -> None:
    whole = judged(0)
    found = scores(
        Judged(np.ones_like(whole.targets), whole.probabilities, whole.decisions, whole.units)
    )
    assert np.isnan(found["auc"])
    assert not np.isnan(found["accuracy"])


def test_the_area_of_a_perfect_and_of_a_blind_answer() -> None:
    targets = np.array([[True, True], [False, False], [True, True]])
    probabilities = np.array([[0.9, 0.5], [0.1, 0.5], [0.2, 0.5]], np.float32)
    assert area_under_curve(targets, probabilities).tolist() == [1.0, 0.5]


@settings(max_examples=20)
@given(seed=st.integers(0, 10_000))
def test_no_threshold_has_a_higher_f1(seed: int) -> None:
    found = judged(seed, n_rows=20)
    thresholds = best_thresholds(found.targets, found.probabilities)
    for targets, probabilities, threshold in zip(
        found.targets.T, found.probabilities.T, thresholds, strict=True
    ):
        if not targets.any():
            assert threshold == 0.5
            continue
        reached = metrics.f1_score(targets, probabilities >= threshold)
        others = [metrics.f1_score(targets, probabilities >= other) for other in probabilities]
        assert reached == pytest.approx(max(others))
