from functools import partial

import numpy as np
import pytest
from planted_tracks import N_DIMENSIONS, PlantedEmbedder, tagged

from vocal_explorer.base.errors import AudioFileError, VocalExplorerError
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.ranking import Space
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.datasets.examples import Examples, Predict
from vocal_explorer.datasets.labelled import LabelledTrack, TaggedSegment
from vocal_explorer.datasets.signals import Signals
from vocal_explorer.evaluation.tasks.transfer import Contender, TransferReport, heads
from vocal_explorer.evaluation.tasks.transfer_head import fit_tag_head
from vocal_explorer.evaluation.tasks.vocal_tagging import WholeFiles, evaluate_vocal_tagging

SPACES = (Space.V, Space.JOINT)
VOCABULARY = ("low", "high", "breathy", "bright")
fit_head = partial(fit_tag_head, max_epochs=40)  # planted tags are clear


def embedder(segments: list[TaggedSegment], *, blind: bool = False) -> PlantedEmbedder:
    """Hears each tag in a dimension of its own; a blind one hears what other tags say."""
    truth = {
        segment.excerpt.name: np.array([tag in segment.tags for tag in VOCABULARY])
        for segment in segments
    }
    if blind:
        names, rows = list(truth), list(truth.values())
        order = np.random.default_rng(1).permutation(len(rows))
        truth = {name: rows[place] for name, place in zip(names, order, strict=True)}

    def meaning(track: LabelledTrack) -> np.ndarray:
        return np.concatenate([2.0 * truth[track.name] - 1, np.zeros(N_DIMENSIONS - 4)])

    return PlantedEmbedder(meaning)


def evaluate(segments: list[TaggedSegment], contenders: list[Contender]) -> TransferReport:
    return evaluate_vocal_tagging(
        segments, VOCABULARY, contenders, n_folds=4, seed=0, progress=Progress()
    )


def test_tags_in_the_embedding_are_found() -> None:
    segments = tagged(20, 3, VOCABULARY)
    report = evaluate(segments, heads("pair", embedder(segments), SPACES, fit_head))
    assert [(row.model, row.space) for row in report.rows] == [("pair", "V"), ("pair", "[M,V]")]
    for row in report.rows:
        assert row.level == "excerpt"
        assert list(row.scores) == ["auc", "f1", "precision", "recall"]
        assert row.scores["auc"].mean > 0.97
        for estimate in row.scores.values():  # thresholds are from five other singers
            assert estimate.mean > 0.8
            assert estimate.low <= estimate.mean <= estimate.high


def test_tags_of_others_are_found_by_chance() -> None:
    segments = tagged(40, 2, VOCABULARY)
    blind = embedder(segments, blind=True)
    row = evaluate(segments, heads("pair", blind, [Space.M], fit_head)).rows[0]
    assert row.scores["auc"].mean == pytest.approx(0.5, abs=0.12)


def test_no_singer_is_learned_from_and_tested() -> None:
    segments = tagged(9, 3, VOCABULARY)
    singers = np.array([int(segment.track.singer.split()[1]) for segment in segments])
    rounds: list[tuple[set[int], set[int]]] = []
    tested: list[set[int]] = []

    def fit(training: Examples, validation: Examples, _seed: int) -> Predict:
        rounds.append((set(singers[training.items]), set(singers[validation.items])))

        def predict(inputs: np.ndarray) -> np.ndarray:
            tested.append({int(row[0]) for row in inputs})
            return np.full((len(inputs), len(VOCABULARY)), 0.5, np.float32)

        return predict

    whose = PlantedEmbedder(lambda _track: np.zeros(N_DIMENSIONS))
    of_singer = {segment.excerpt.name: n for segment, n in zip(segments, singers, strict=True)}
    numbers = iter(of_singer[segment.excerpt.name] for segment in segments)

    def inputs(planted: dict[Domain, np.ndarray]) -> np.ndarray:
        return np.full((len(planted[Domain.MIX]), 1), next(numbers), np.float32)

    evaluate(segments, [Contender("spy", "M", whose, inputs, fit)])
    for (training, validation), heard, judged in zip(
        rounds, tested[::2], tested[1::2], strict=True
    ):
        assert heard == validation
        assert not training & validation
        assert not training & judged
        assert not validation & judged
        assert training | validation | judged == set(range(9))
    assert set.union(*tested[1::2]) == set(range(9))


def test_tags_that_cannot_be_judged_are_counted() -> None:
    segments = [
        TaggedSegment(s.track, s.start, s.duration, (*s.tags[:2], "always"))
        for s in tagged(12, 3, VOCABULARY)
    ]
    vocabulary = (*VOCABULARY, "always", "never")
    contenders = heads("pair", embedder(segments), [Space.V], fit_head)
    report = evaluate_vocal_tagging(
        segments, vocabulary, contenders, n_folds=4, seed=0, progress=Progress()
    )
    assert report.rows[0].left_out >= 2 * 4
    assert np.isfinite([e.mean for e in report.rows[0].scores.values()]).all()


def test_excerpts_that_cannot_be_heard_are_left_out_and_named() -> None:
    segments = tagged(20, 3, VOCABULARY)
    planted = embedder(segments)
    lost = segments[5].excerpt.name
    planted.deaf = frozenset({lost})
    report = evaluate(segments, heads("pair", planted, [Space.M], fit_head))
    assert [failure.reason for failure in report.failures] == [f"{lost} is silent."]
    planted.deaf = frozenset(s.excerpt.name for s in segments)
    with pytest.raises(VocalExplorerError, match="silent"):
        evaluate(segments, heads("pair", planted, [Space.M], fit_head))


@pytest.mark.parametrize(
    ("n_singers", "vocabulary", "reason"),
    [(3, VOCABULARY, "audio of 3 singers"), (8, ("low",), "No tag"), (8, ("x", "y"), "No tag")],
)
def test_too_little_data_is_one_sentence(
    n_singers: int, vocabulary: tuple[str, ...], reason: str
) -> None:
    segments = tagged(n_singers, 2, VOCABULARY)
    contenders = heads("pair", embedder(segments), [Space.M], fit_head)
    with pytest.raises(VocalExplorerError, match=reason):
        evaluate_vocal_tagging(
            segments, vocabulary, contenders, n_folds=4, seed=0, progress=Progress()
        )


class CountingSource:
    """Ten seconds of sound that say where they are, at 44.1 kHz."""

    key = "counting"

    def __init__(self) -> None:
        self.loaded: list[str] = []

    def load(self, track: LabelledTrack, _progress: Progress) -> Signals:
        self.loaded.append(track.path.name)
        seconds = np.arange(441_000, dtype=np.float32)[None] / 44_100
        return Signals(seconds, seconds)


def test_excerpts_of_one_file_are_cut_from_one_reading() -> None:
    source = CountingSource()
    whole = WholeFiles(source)
    first, second = tagged(2, 1, VOCABULARY)
    for start in (0.0, 4.0):
        excerpt = TaggedSegment(first.track, start, 3.0, ()).excerpt
        mix = whole.load(excerpt, Progress()).mix
        assert mix.shape == (1, 3 * 44_100)
        assert mix[0, 0] == pytest.approx(start)
    whole.load(second.excerpt, Progress())
    assert source.loaded == [first.track.path.name, second.track.path.name]
    late = TaggedSegment(second.track, 11.0, 3.0, ()).excerpt
    with pytest.raises(AudioFileError, match="ends before 11 s"):
        whole.load(late, Progress())
    assert whole.key == "counting"
