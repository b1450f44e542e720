import numpy as np
import pytest
from sklearn import metrics
from sklearn.preprocessing import StandardScaler

from vocal_explorer.datasets.examples import Examples
from vocal_explorer.evaluation.statistics.label_scores import area_under_curve
from vocal_explorer.evaluation.tasks.transfer_head import (
    cross_entropy,
    fit_artist_head,
    fit_tag_head,
)

N_SEGMENTS = 400
N_DIMENSIONS = 16
N_TAGS = 3


def planted(rng: np.random.Generator, *, shuffled: bool = False) -> Examples:
    """Segments whose tags follow from the signs of three dimensions, or from nothing."""
    inputs = rng.normal(size=(N_SEGMENTS, N_DIMENSIONS)).astype(np.float32)
    targets = inputs[:, :N_TAGS] > 0
    if shuffled:
        targets = rng.permutation(targets)
    return Examples(inputs, targets, np.arange(N_SEGMENTS))


def artists(rng: np.random.Generator) -> Examples:
    numbers = rng.integers(4, size=N_SEGMENTS)
    inputs = rng.normal(size=(N_SEGMENTS, N_DIMENSIONS)) + 3 * np.eye(4, N_DIMENSIONS)[numbers]
    return Examples(
        inputs.astype(np.float32), np.eye(4, dtype=bool)[numbers], np.arange(N_SEGMENTS)
    )


def test_tags_that_are_in_the_embedding_are_found(rng: np.random.Generator) -> None:
    predict = fit_tag_head(planted(rng), planted(rng), 0)
    test = planted(rng)
    probabilities = predict(test.inputs)
    assert probabilities.shape == (N_SEGMENTS, N_TAGS)
    assert probabilities.dtype == np.float32
    assert area_under_curve(test.targets, probabilities).min() > 0.97
    assert probabilities.sum(axis=1).max() > 1.5  # tags do not exclude each other


def test_tags_that_are_not_in_the_embedding_are_not(rng: np.random.Generator) -> None:
    predict = fit_tag_head(planted(rng, shuffled=True), planted(rng, shuffled=True), 0)
    test = planted(rng)
    mean = area_under_curve(test.targets, predict(test.inputs)).mean()
    assert mean == pytest.approx(0.5, abs=0.1)


def test_artists_exclude_each_other(rng: np.random.Generator) -> None:
    predict = fit_artist_head(artists(rng), artists(rng), 0)
    test = artists(rng)
    probabilities = predict(test.inputs)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert (probabilities.argmax(axis=1) == test.targets.argmax(axis=1)).mean() > 0.9


def test_a_seed_gives_one_head(rng: np.random.Generator) -> None:
    training, validation = planted(rng), planted(rng)
    first, again, other = (
        fit_tag_head(training, validation, seed)(validation.inputs) for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_only_the_training_part_says_how_inputs_are_scaled(rng: np.random.Generator) -> None:
    training, validation = planted(rng), planted(rng)
    predict = fit_tag_head(training, validation, 0)
    scaler = StandardScaler().fit(training.inputs)
    scaled = Examples(scaler.transform(training.inputs), training.targets, training.items)
    held_back = Examples(scaler.transform(validation.inputs), validation.targets, validation.items)
    again = fit_tag_head(scaled, held_back, 0)
    np.testing.assert_allclose(predict(validation.inputs), again(held_back.inputs), atol=1e-3)


def test_training_stops_before_it_knows_noise_by_heart(rng: np.random.Generator) -> None:
    training, validation = planted(rng, shuffled=True), planted(rng, shuffled=True)
    predict = fit_tag_head(training, validation, 0)
    learned = area_under_curve(training.targets, predict(training.inputs)).mean()
    loss = cross_entropy(predict(validation.inputs), validation.targets, exclusive=False)
    assert learned < 0.9
    assert loss < N_TAGS * 0.8  # a blind guess has 3 ln 2 = 2.08


def test_the_losses_are_those_of_scikit_learn(rng: np.random.Generator) -> None:
    probabilities = rng.dirichlet(np.ones(4), 30).astype(np.float32)
    one_hot = np.eye(4, dtype=bool)[rng.integers(4, size=30)]
    categorical = metrics.log_loss(one_hot.argmax(axis=1), probabilities, labels=range(4))
    assert cross_entropy(probabilities, one_hot, exclusive=True) == pytest.approx(categorical)
    tags = rng.uniform(size=(30, 4)) < 0.5
    binary = sum(
        metrics.log_loss(t, p.astype(float), labels=[False, True])
        for t, p in zip(tags.T, probabilities.T, strict=True)
    )
    assert cross_entropy(probabilities, tags, exclusive=False) == pytest.approx(binary)
