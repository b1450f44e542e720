"""Transfer learning with frozen encoders: train on folds, judge what was never heard."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.ranking import Space
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.base.records.tracks import Failure
from vocal_explorer.datasets.examples import Examples, Fit, Probabilities, Targets
from vocal_explorer.datasets.labelled import LabelledTrack
from vocal_explorer.evaluation.embeddings import DatasetEmbedder, EmbeddedDataset, Segments
from vocal_explorer.evaluation.statistics.bootstrap import Estimate
from vocal_explorer.evaluation.statistics.cross_validation import estimate
from vocal_explorer.evaluation.statistics.label_scores import Judged, judgeable
from vocal_explorer.ranking.similarity import space_vectors

FEWEST_FOLDS = 3  # to test, to stop the training early, to train


@dataclass(frozen=True)
class Contender:
    """What is measured: who hears, what is taken of it, and who learns from that.

    Parameters
    ----------
    model, space
        Names of the table's row.
    embedder
        Hears the tracks.
    inputs
        Takes a classifier's inputs, one row a segment, from a track's segments.
    fit
        Trains the classifier.
    """

    model: str
    space: str
    embedder: DatasetEmbedder
    inputs: Callable[[Segments], NDArray[np.floating[Any]]]
    fit: Fit


@dataclass(frozen=True)
class Items:
    """Excerpts or songs, with their truth.

    Parameters
    ----------
    tracks
        What is heard.
    targets
        Bool (n_items, n_labels).
    folds
        From 0, (n_items,); items of fold -1 always train.
    """

    tracks: Sequence[LabelledTrack]
    targets: Targets
    folds: NDArray[np.intp]


@dataclass(frozen=True)
class TransferRow:
    """What one contender reached.

    Parameters
    ----------
    model, space
        The contender.
    level
        What is judged: segment, excerpt or song.
    scores
        Means over folds with 95 % intervals, by measure.
    left_out
        How many labels could not be judged, summed over folds.
    """

    model: str
    space: str
    level: str
    scores: Mapping[str, Estimate]
    left_out: int


@dataclass(frozen=True)
class TransferReport:
    """All rows of a task, and the files that could not be heard."""

    rows: tuple[TransferRow, ...]
    failures: tuple[Failure, ...]


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


def compare(
    contenders: Sequence[Contender],
    items: Items,
    judge: Callable[[Answers, Answers], Mapping[str, Judged]],
    measures: Sequence[str],
    seed: int,
    progress: Progress,
) -> TransferReport:
    """Cross-validate each contender.

    Parameters
    ----------
    contenders
        What is measured.
    items
        What it is measured on.
    judge
        Judges the answers on the test part of a round, by level; the first answers are
        those on the validation part.
    measures
        Names of the label_scores that are reported.
    seed
        Of training and of intervals.
    progress
        Reported all along.

    Raises
    ------
    VocalExplorerError
        If nothing of a fold can be heard.
    """
    rows: list[TransferRow] = []
    failures: dict[Failure, None] = {}
    for number, contender in enumerate(contenders):
        part = progress.part(number / len(contenders), (number + 1) / len(contenders))
        embedded = contender.embedder.embed(items.tracks, part.part(0.0, 0.7))
        failures |= dict.fromkeys(embedded.failures)
        heard = examples(embedded, items, contender.inputs)
        rounds = cross_validate(contender.fit, heard, items.folds, seed, part.part(0.7, 1.0))
        judged = [judge(validation, test) for validation, test in rounds]
        rows += [
            _row(contender, level, [found[level] for found in judged], measures, seed)
            for level in judged[0]
        ]
    return TransferReport(tuple(rows), tuple(failures))


def _row(
    contender: Contender, level: str, judged: Sequence[Judged], measures: Sequence[str], seed: int
) -> TransferRow:
    found = estimate(judged, seed=seed)
    left_out = sum(int((~judgeable(fold.targets)).sum()) for fold in judged)
    chosen = {measure: found[measure] for measure in measures}
    return TransferRow(contender.model, contender.space, level, chosen, left_out)


def heads(
    model: str, embedder: DatasetEmbedder, spaces: Sequence[Space], fit: Fit
) -> list[Contender]:
    """Return a contender for each space of an encoder pair."""
    return [
        Contender(model, f"[{space}]" if len(space) > 1 else space, embedder, inputs, fit)
        for space in spaces
        for inputs in [partial(_space_inputs, space=space)]
    ]


def _space_inputs(segments: Segments, space: Space) -> NDArray[np.float32]:
    return space_vectors(segments[Domain.VOCALS], segments[Domain.MIX], space)


def examples(
    embedded: EmbeddedDataset,
    items: Items,
    inputs: Callable[[Segments], NDArray[np.floating[Any]]],
) -> Examples:
    """Return the segments of all items that could be heard, each with its item's labels.

    Raises
    ------
    VocalExplorerError
        If so much could not be heard that a fold is empty.
    """
    places = {track.name: place for place, track in enumerate(items.tracks)}
    heard = [places[track.name] for track in embedded.tracks]
    missing = set(items.folds.tolist()) - set(items.folds[heard].tolist())
    if missing:
        raise VocalExplorerError(f"No track of a fold can be used: {embedded.failures[0].sentence}")
    rows = [inputs(segments) for segments in embedded.segments]
    owners = np.repeat(np.array(heard, dtype=np.intp), [len(row) for row in rows])
    return Examples(np.concatenate(rows), items.targets[owners], owners)


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
