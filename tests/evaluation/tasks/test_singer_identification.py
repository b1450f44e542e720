import numpy as np
import pytest
from invented_singers import embedded, naive_cosine, naive_space

from vocal_explorer.evaluation.embeddings import EmbeddedTracks
from vocal_explorer.evaluation.tasks.singer_identification import (
    SCENARIOS,
    Identification,
    identify,
)


def naive_ranks(known: EmbeddedTracks, queries: EmbeddedTracks, spaces: tuple) -> list[int]:
    models = {}
    for singer in sorted(set(known.singers)):
        songs = [v / np.linalg.norm(v) for v, s in
                 zip(naive_space(known, spaces[0]), known.singers, strict=True)
                 if s == singer]  # fmt: skip
        models[singer] = sum(songs) / len(songs)
    ranks = []
    for query, singer in zip(naive_space(queries, spaces[1]), queries.singers, strict=True):
        right = naive_cosine(query, models[singer])
        ranks.append(1 + sum(naive_cosine(query, model) > right for model in models.values()))
    return ranks


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_ranks_are_those_of_a_plain_loop(scenario: str) -> None:
    known, queries = embedded(12, 4, seed=1), embedded(12, 3, seed=2)
    result = identify(known, queries)
    expected = naive_ranks(known, queries, SCENARIOS[scenario])
    assert result.ranks[scenario].tolist() == expected
    assert result.accuracy(scenario, 1).mean == pytest.approx(np.mean([r == 1 for r in expected]))
    assert result.accuracy(scenario, 5).mean == pytest.approx(np.mean([r <= 5 for r in expected]))
    assert result.n_candidates == 12


def test_the_scenarios_are_those_of_figure_3() -> None:
    """Vocals that know the singer, mixes that do not: only V->V can be right."""
    known, queries = embedded(10, 3, seed=1, noise=0.1), embedded(10, 3, seed=2, noise=0.1)
    strange = embedded(10, 3, seed=3, noise=0.1, voices=9)
    known = EmbeddedTracks(known.vocals, strange.mix, known.singers)
    shuffled = strange.mix[np.random.default_rng(0).permutation(30)]
    result = identify(known, EmbeddedTracks(queries.vocals, shuffled, queries.singers))
    top_1 = {scenario: result.accuracy(scenario, 1).mean for scenario in SCENARIOS}
    assert top_1["V->V"] == 1.0
    assert max(top_1[s] for s in ("M->M", "M->V", "V->M")) < 0.5


def test_two_spellings_are_one_singer() -> None:
    vectors = np.eye(3, dtype=np.float32)
    known = EmbeddedTracks(vectors[[0, 1]], vectors[[0, 1]], ("Ann ", "Bob"))
    queries = EmbeddedTracks(vectors[[0]], vectors[[0]], ("ANN",))
    assert identify(known, queries).ranks["V->V"].tolist() == [1]


def test_queries_of_singers_without_a_model_are_left_out() -> None:
    vectors = np.eye(3, dtype=np.float32)
    known = EmbeddedTracks(vectors[[0, 1]], vectors[[0, 1]], ("a", "b"))
    result = identify(known, EmbeddedTracks(vectors[[0, 2, 1]], vectors[[0, 2, 1]], tuple("bca")))
    assert result.singers == ("b", "a")
    assert result.ranks["M->M"].tolist() == [2, 2]


def test_intervals_are_over_singers() -> None:
    ranks = np.repeat([1, 9], 50)
    result = Identification({"M->M": ranks}, ("a",) * 50 + ("b",) * 50, 10)
    estimate = result.accuracy("M->M", 5)
    assert (estimate.low, estimate.mean, estimate.high) == (0.0, 0.5, 1.0)
