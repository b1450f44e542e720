"""Task 4: artist classification with frozen encoders (paper, section 4.5)."""

from collections.abc import Sequence

import numpy as np

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.progress import Progress
from vocal_explorer.datasets.artist20 import album_folds
from vocal_explorer.datasets.labelled import LabelledTrack
from vocal_explorer.evaluation.statistics.label_scores import Judged
from vocal_explorer.evaluation.tasks.transfer import (
    FEWEST_FOLDS,
    Answers,
    Contender,
    Items,
    TransferReport,
    compare,
    one_hot,
)

SEGMENT, SONG = "segment", "song"
MEASURES = ("accuracy", "f1")
FEWEST_ARTISTS = 2


def evaluate_artist_classification(
    tracks: Sequence[LabelledTrack],
    contenders: Sequence[Contender],
    *,
    seed: int = 0,
    progress: Progress,
) -> TransferReport:
    """Learn the artists from most albums and name those of the others, fold after fold.

    Fold k tests the k-th album of each artist; the album after it stops the training
    early, and the others train (artist20: 4, 1 and 1 of six). A song's answer is the mean
    of the softmax over its segments. Measures are means over folds; F1 is the mean over
    artists. Intervals are over songs.

    Parameters
    ----------
    tracks
        The albums are their groups; see datasets.artist20.
    contenders
        What is measured.
    seed
        Of training and of intervals.
    progress
        Reported all along.

    Raises
    ------
    VocalExplorerError
        If there are fewer than two artists, or one has fewer than three albums.
    """
    return compare(contenders, _items(tracks), _judge, MEASURES, seed, progress)


def _judge(_validation: Answers, test: Answers) -> dict[str, Judged]:
    return {SEGMENT: _named(test), SONG: _named(test.by_item())}


def _named(answers: Answers) -> Judged:
    n_artists = answers.probabilities.shape[1]
    decisions = one_hot(answers.probabilities.argmax(axis=1), n_artists)
    found = answers.examples
    return Judged(found.targets, answers.probabilities, decisions, found.items)


def _items(tracks: Sequence[LabelledTrack]) -> Items:
    artists, numbers = np.unique([track.singer for track in tracks], return_inverse=True)
    divisions = album_folds(tracks)
    if len(artists) < FEWEST_ARTISTS or len(divisions) < FEWEST_FOLDS:
        raise VocalExplorerError(
            f"Artist classification needs {FEWEST_ARTISTS} artists with {FEWEST_FOLDS} albums"
            f" each; here are {len(artists)} with {len(divisions)}."
        )
    fold_of = {track.name: fold for fold, part in enumerate(divisions) for track in part.test}
    folds = np.array([fold_of.get(track.name, -1) for track in tracks], dtype=np.intp)
    return Items(tracks, one_hot(numbers, len(artists)), folds)
