"""The head of transfer learning: two fully connected layers over frozen embeddings."""

import copy
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

from vocal_explorer.datasets.examples import Examples, Predict, Probabilities, Targets

HIDDEN_UNITS = 64
MAX_EPOCHS = 200
PATIENCE = 10  # epochs without a lower validation loss
BATCH_SIZES = (8, 128)  # of a few and of many segments
STEPS = 16  # batches of an epoch, within these sizes
LEARNING_RATE = 1e-3
TINY = 1e-7


def fit_tag_head(
    training: Examples, validation: Examples, seed: int, max_epochs: int = MAX_EPOCHS
) -> Predict:
    """Train the head of vocal tagging (paper, section 4.4.1 and figure 5).

    Fully connected layers of 64 and n_tags units, ReLU between them, a sigmoid for each
    tag, binary cross-entropy. What the paper leaves open: Adam with batches of 128 (less
    for less than 2,048 segments) and a rate of 1e-3, stopped 10 epochs after the lowest
    validation loss and set back to it. Inputs are standardised by the training segments
    alone.

    Parameters
    ----------
    training, validation
        Embeddings (n, d) of segments with at least two tags.
    seed
        Of the first weights and of the order of segments.
    max_epochs
        Where training ends if the validation loss still falls.
    """
    return _fit(training, validation, seed, max_epochs, exclusive=False)


def fit_artist_head(
    training: Examples, validation: Examples, seed: int, max_epochs: int = MAX_EPOCHS
) -> Predict:
    """Train the head of artist classification (paper, section 4.5).

    As `fit_tag_head`, but with a softmax over the artists and cross-entropy.
    """
    return _fit(training, validation, seed, max_epochs, exclusive=True)


def cross_entropy(probabilities: Probabilities, targets: Targets, *, exclusive: bool) -> float:
    """Return the loss that stops the training, a mean over segments.

    Parameters
    ----------
    probabilities, targets
        Both (n, n_labels).
    exclusive
        Whether a softmax made them, so that only the true label's counts.
    """
    likely = np.clip(probabilities.astype(np.float64), TINY, 1 - TINY)
    wrong = 0.0 if exclusive else np.log(1 - likely)
    return float(-np.where(targets, np.log(likely), wrong).sum(axis=1).mean())


def _fit(
    training: Examples, validation: Examples, seed: int, max_epochs: int, *, exclusive: bool
) -> Predict:
    scaler = StandardScaler().fit(training.inputs)
    inputs, held_back = (scaler.transform(part.inputs) for part in (training, validation))
    targets: NDArray[Any] = training.targets.astype(np.int64)
    if exclusive:
        targets = targets.argmax(axis=1)
    classes = np.arange(training.targets.shape[1])
    network = MLPClassifier(
        (HIDDEN_UNITS,),
        alpha=0.0,
        batch_size=min(len(inputs), int(np.clip(len(inputs) // STEPS, *BATCH_SIZES))),
        learning_rate_init=LEARNING_RATE,
        random_state=seed,
    )
    best, lowest, best_epoch = network, np.inf, 0
    for epoch in range(max_epochs):
        network.partial_fit(inputs, targets, classes=classes)
        probabilities = network.predict_proba(held_back)
        loss = cross_entropy(probabilities, validation.targets, exclusive=exclusive)
        if loss < lowest:
            best, lowest, best_epoch = copy.deepcopy(network), loss, epoch
        elif epoch - best_epoch >= PATIENCE:
            break
    return lambda segments: np.asarray(
        best.predict_proba(scaler.transform(segments)), dtype=np.float32
    )
