from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocal_explorer.base.progress import Progress
from vocal_explorer.datasets.examples import Examples, Predict
from vocal_explorer.datasets.folds import folds_by_singer
from vocal_explorer.evaluation.statistics.bootstrap import bootstrap_mean
from vocal_explorer.evaluation.statistics.label_scores import Judged
from vocal_explorer.evaluation.tasks.transfer import Answers, cross_validate, estimate, one_hot


@given(
    singers=st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=40),
    n_folds=st.integers(1, 5),
    seed=st.integers(0, 99),
)
def test_no_singer_is_in_two_folds_and_no_fold_is_empty(
    singers: list[str], n_folds: int, seed: int
) -> None:
    n_folds = min(n_folds, len(set(singers)))
    folds = folds_by_singer(singers, n_folds, seed)
    by_singer = {s: {int(f) for f, own in zip(folds, singers, strict=True) if own == s}
                 for s in singers}  # fmt: skip
    assert all(len(found) == 1 for found in by_singer.values())
    sizes = np.bincount([next(iter(found)) for found in by_singer.values()], minlength=n_folds)
    assert sizes.min() >= 1
    assert sizes.max() - sizes.min() <= 1


def test_which_fold_a_singer_is_in_does_not_depend_on_the_order_of_items() -> None:
    singers = list("aabbccddee")
    forward, backward = (folds_by_singer(order, 3, 0) for order in (singers, singers[::-1]))
    assert forward.tolist() == backward[::-1].tolist()


class Recorder:
    """Remembers which items it learned from, and answers 1 for every label."""

    def __init__(self) -> None:
        self.rounds: list[tuple[set[int], set[int], int]] = []

    def __call__(self, training: Examples, validation: Examples, seed: int) -> Predict:
        self.rounds.append((set(training.items), set(validation.items), seed))
        return lambda inputs: np.ones((len(inputs), 2), np.float32)


def segments(items: Iterable[int]) -> Examples:
    owners = np.array(list(items))
    inputs = np.arange(len(owners), dtype=np.float32)[:, None]
    return Examples(inputs, one_hot(owners % 2, 2), owners)


def test_the_parts_of_a_round_never_share_an_item() -> None:
    examples, folds = segments([0, 0, 1, 2, 2, 3, 4, 5]), np.array([0, 1, 2, 3, 0, 1])
    fit = Recorder()
    rounds = list(cross_validate(fit, examples, folds, 5, Progress()))
    tested = [set(test.examples.items) for _, test in rounds]
    assert tested == [{0, 4}, {1, 5}, {2}, {3}]
    for (training, validation, seed), test, number in zip(
        fit.rounds, tested, range(4), strict=True
    ):
        assert not training & validation
        assert not training & test
        assert not validation & test
        assert training | validation | test == set(range(6))
        assert seed == 5 + number


def test_an_item_gets_the_mean_of_its_segments() -> None:
    probabilities = np.array([[0.2, 0.8], [0.5, 0.5], [0.6, 0.2]], np.float32)
    answers = Answers(segments([7, 3, 7]), probabilities).by_item()
    assert answers.examples.items.tolist() == [3, 7]
    assert answers.examples.targets.tolist() == [[False, True], [False, True]]
    np.testing.assert_allclose(answers.probabilities, [[0.5, 0.5], [0.4, 0.5]], atol=1e-6)


def right(judged: Judged) -> dict[str, float]:
    return {"right": float((judged.targets == judged.decisions).all(axis=1).mean())}


def judged(correct: Iterable[bool], units: Iterable[int]) -> Judged:
    targets = np.ones((len(list(correct)), 1), dtype=bool)
    decisions = np.array(list(correct))[:, None]
    return Judged(targets, decisions.astype(np.float32), decisions, np.array(list(units)))


def test_one_round_of_single_rows_has_the_interval_of_a_mean(rng: np.random.Generator) -> None:
    correct = rng.uniform(size=80) < 0.7
    found = estimate([judged(correct, range(80))], right)["right"]
    expected = bootstrap_mean(correct.astype(float))
    assert found.mean == expected.mean
    assert found.low == pytest.approx(expected.low, abs=0.03)
    assert found.high == pytest.approx(expected.high, abs=0.03)


def test_what_belongs_together_is_drawn_together() -> None:
    correct = np.repeat([True, False], 40)
    apart = estimate([judged(correct, range(80))], right)["right"]
    together = estimate([judged(correct, np.repeat([0, 1], 40))], right)["right"]
    assert (together.low, together.mean, together.high) == (0.0, 0.5, 1.0)
    assert apart.high - apart.low < 0.3


def test_a_mean_is_over_rounds_not_over_rows() -> None:
    rounds = [judged([True] * 30, range(30)), judged([False], [0])]
    assert estimate(rounds, right)["right"].mean == 0.5


def test_a_round_that_cannot_be_measured_is_left_out() -> None:
    rounds = [judged([True, True], [0, 1]), judged([False, False], [0, 1])]
    found = estimate(rounds, lambda j: {"x": 1.0 if j.decisions.all() else float("nan")})["x"]
    assert (found.low, found.mean, found.high) == (1.0, 1.0, 1.0)
