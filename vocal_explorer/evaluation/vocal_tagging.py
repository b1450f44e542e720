"""Task 3: vocal tagging with frozen encoders (paper, section 4.4)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from vocal_explorer.datasets.folds import folds_by_singer
from vocal_explorer.datasets.labelled import LabelledTrack, TaggedSegment
from vocal_explorer.datasets.signals import Signals, excerpt
from vocal_explorer.errors import VocalExplorerError
from vocal_explorer.evaluation.embeddings import SignalSource
from vocal_explorer.evaluation.label_scores import Judged, best_thresholds, judgeable
from vocal_explorer.evaluation.rounds import estimate
from vocal_explorer.evaluation.transfer import (
    FEWEST_FOLDS,
    Answers,
    Contender,
    Items,
    cross_validate,
    examples,
)
from vocal_explorer.evaluation.transfer_report import TransferReport, TransferRow
from vocal_explorer.progress import Progress

LEVEL = "excerpt"
MEASURES = ("auc", "f1", "precision", "recall")


def evaluate_vocal_tagging(
    segments: Sequence[TaggedSegment],
    vocabulary: Sequence[str],
    contenders: Sequence[Contender],
    *,
    n_folds: int,
    seed: int,
    progress: Progress,
) -> TransferReport:
    """Train on most singers, tag the excerpts of the others, fold after fold.

    The paper does not say how it divides the dataset. Here no singer is in two folds;
    each fold is tested once, the one after it stops the training and chooses the
    thresholds, and the rest trains. An excerpt's probabilities are the means over its
    segments of 3 s in which somebody sings. Measures are means over tags, then over
    folds; a tag that all or none of a fold's excerpts have cannot be judged there, and
    is counted as left out. Intervals are over singers.

    Precision, recall and F1 need a threshold for each tag: the one with the highest F1 on
    the validation part. The paper does not name its own. Its F1 is higher than the
    harmonic mean of its precision and recall in every row of table 2, which no mean over
    tags with one threshold each can be (the harmonic mean is concave); so it probably
    takes them at different thresholds, or F1 over all decisions at once. Its AUC is what
    can be compared best.

    Parameters
    ----------
    segments
        The excerpts.
    vocabulary
        All tags, at least two.
    contenders
        What is measured.
    n_folds
        At least three.
    seed
        Of folds, of training and of intervals.
    progress
        Reported all along.

    Raises
    ------
    VocalExplorerError
        If there are fewer singers than folds, or no tag tells excerpts apart.
    """
    items, singers = tagged_items(segments, vocabulary, n_folds, seed)
    rows = []
    failures = {}
    for number, contender in enumerate(contenders):
        part = progress.part(number / len(contenders), (number + 1) / len(contenders))
        embedded = contender.embedder.embed(items.tracks, part.part(0.0, 0.7))
        failures |= {failure.path: failure for failure in embedded.failures}
        found = examples(embedded, items, contender.inputs)
        rounds = cross_validate(contender.fit, found, items.folds, seed, part.part(0.7, 1.0))
        judged = [judge(validation, test, singers) for validation, test in rounds]
        left_out = sum(int((~judgeable(fold.targets)).sum()) for fold in judged)
        measured = {name: estimate(judged, seed=seed)[name] for name in MEASURES}
        rows.append(TransferRow(contender.model, contender.space, LEVEL, measured, left_out))
    return TransferReport(tuple(rows))
