"""Task 3: vocal tagging with frozen encoders (paper, section 4.4).

Precision, recall and F1 need a threshold for each tag: the one with the highest F1 on
the validation part. The paper does not name its own. Its F1 is higher than the
harmonic mean of its precision and recall in every row of table 2, which no mean over
tags with one threshold each can be (the harmonic mean is concave); so it probably
takes them at different thresholds, or F1 over all decisions at once. Its AUC is what
can be compared best.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.progress import Progress
from vocal_explorer.datasets.folds import folds_by_singer
from vocal_explorer.datasets.labelled import LabelledTrack, TaggedSegment
from vocal_explorer.datasets.signals import Signals, SignalSource, excerpt
from vocal_explorer.evaluation.statistics.label_scores import Judged, best_thresholds, judgeable
from vocal_explorer.evaluation.tasks.transfer import (
    FEWEST_FOLDS,
    Answers,
    Contender,
    Items,
    TransferReport,
    compare,
)

EXCERPT = "excerpt"
N_FOLDS = 5
FEWEST_TAGS = 2
MEASURES = ("auc", "f1", "precision", "recall")


def evaluate_vocal_tagging(
    segments: Sequence[TaggedSegment],
    vocabulary: Sequence[str],
    contenders: Sequence[Contender],
    *,
    n_folds: int = N_FOLDS,
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
    items = _items(segments, vocabulary, n_folds, seed)
    _, units = np.unique([track.singer for track in items.tracks], return_inverse=True)

    def judge(validation: Answers, test: Answers) -> dict[str, Judged]:
        chosen, tested = validation.by_item(), test.by_item()
        thresholds = best_thresholds(chosen.examples.targets, chosen.probabilities)
        found = tested.examples
        decisions = tested.probabilities >= thresholds
        judged = Judged(found.targets, tested.probabilities, decisions, units[found.items])
        return {EXCERPT: judged}

    return compare(contenders, items, judge, MEASURES, seed, progress)


class WholeFiles:
    """Loads excerpts; as long as they are of the same files, these are read only once.

    Parameters
    ----------
    source
        Loads whole tracks.
    """

    def __init__(self, source: SignalSource) -> None:
        self._source = source
        self._track: LabelledTrack | None = None
        self._signals: Signals | None = None

    @property
    def key(self) -> str:
        """Changes whenever the same files would give other signals."""
        return self._source.key

    def load(self, track: LabelledTrack, progress: Progress) -> Signals:
        """Return the signals of an excerpt; raises as TrackSignals.load."""
        whole = replace(track, name="", start=0.0, seconds=None)
        if self._signals is None or whole != self._track:
            self._signals = None  # two long files need not be in memory at once
            self._track, self._signals = whole, self._source.load(whole, progress)
        return excerpt(track, self._signals)


def _items(
    segments: Sequence[TaggedSegment], vocabulary: Sequence[str], n_folds: int, seed: int
) -> Items:
    singers = [segment.track.singer for segment in segments]
    if not FEWEST_FOLDS <= n_folds <= len(set(singers)):
        raise VocalExplorerError(
            f"There is audio of {len(set(singers))} singers; vocal tagging needs {FEWEST_FOLDS}"
            " or more, and no more folds than singers."
        )
    targets = np.array([[tag in segment.tags for tag in vocabulary] for segment in segments])
    if not judgeable(targets).any() or len(vocabulary) < FEWEST_TAGS:
        raise VocalExplorerError(
            "No tag tells the excerpts apart: vocal tagging needs more of them."
        )
    folds = folds_by_singer(singers, n_folds, seed)
    return Items([segment.excerpt for segment in segments], targets, folds)
